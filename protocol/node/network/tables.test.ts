import type { Connection, MultiaddrConnection, PeerId } from '@libp2p/interface';
import { multiaddr } from '@multiformats/multiaddr';
import { describe, expect, test } from 'vitest';
import { BLAMELESS_BITCOIN_FAULTS } from '../../bitcoin/chain.ts';
import { ZERO_HASH } from '../../codec/hash32.ts';
import { fault, isFault } from '../../fault.ts';
import { BLAMELESS_HEADER_FAULTS } from '../../stake/check-header.ts';
import { decodeTransaction, encodeTransaction } from '../../tx/transaction-codec.ts';
import { AddressBook } from './address-book.ts';
import { addressGroup } from './address-group.ts';
import { Budget, PEER_RATES, ratesFor } from './cost.ts';
import { ExpiringSet } from './expiring-set.ts';
import { BAN_SECONDS, isLie, isTransactionLie } from './judgement.ts';
import { MAX_ADDRESSES, MAX_BANS, MAX_GROUP_ADDRESSES, MAX_INBOUND_PEERS } from './limits.ts';
import { PeerTable } from './peer-table.ts';

const PEER = '12D3KooWDZaSbMQmS5xBqxZiaSLX6Kp2KeE4swwTttfRQ3SwNrUG';
const peerNamed = (n: number): string =>
  PEER.slice(0, 44) + [...String(n).padStart(8, '0')].map((digit) => 'abcdefghij'[Number(digit)]).join('');

const connectionFrom = (address: string, direction: 'inbound' | 'outbound' = 'inbound'): Connection =>
  ({ remoteAddr: multiaddr(address), direction, status: 'open', streams: [] }) as unknown as Connection;
const incoming = (address: string): MultiaddrConnection => ({ remoteAddr: multiaddr(address) }) as unknown as MultiaddrConnection;
const named = (id: string): PeerId => ({ toString: () => id }) as unknown as PeerId;

describe('buckets', () => {
  test('NW5 lets a burst through, then the rate, and says how long a debt lasts', () => {
    const budget = new Budget(PEER_RATES);
    expect(budget.tryCharge({ headers: 2_048 }, 0)).toBe(true);
    expect(budget.tryCharge({ headers: 512 }, 0)).toBe(true);
    expect(budget.wait({ headers: 1 }, 0)).toBe(2);
    expect(budget.tryCharge({ headers: 1 }, 1.9)).toBe(false);
    expect(budget.tryCharge({ headers: 1 }, 2)).toBe(true);
    expect(budget.wait({ blocks: 1 }, 2)).toBe(0);
  });

  test('NW5 never saves more than the burst, and a clock set back gives nothing', () => {
    const budget = new Budget(PEER_RATES);
    budget.charge({ blocks: 18 }, 1_000_000);
    expect(budget.wait({ blocks: 0 }, 1_000_000)).toBe(1);
    expect(budget.wait({ blocks: 0 }, 0)).toBe(1);
  });

  test('NW5 counts what is counted in blocks by their frequency', () => {
    expect(ratesFor(64)).toEqual(PEER_RATES);
    expect(ratesFor(4).blocks.perSecond).toBe(32);
    expect(ratesFor(4).bytes).toEqual(PEER_RATES.bytes);
  });

  test('NW6 the peers of one address group share half of what all may cost', () => {
    const table = new PeerTable('dev', PEER_RATES, () => 0);
    const peers = Array.from({ length: 40 }, (_, i) => table.add(peerNamed(i), connectionFrom(`/ip4/20.30.${i}.1/tcp/1`), () => []));
    const other = table.add(peerNamed(99), connectionFrom('/ip4/20.31.0.1/tcp/1'), () => []);
    const local = table.add(peerNamed(98), connectionFrom('/ip4/127.0.0.1/tcp/1'), () => []);
    for (const peer of peers.slice(0, 37)) peer.charge({ blocks: 16 }, 0);
    expect(peers[39]!.wait({ blocks: 1 }, 0)).toBeGreaterThan(0);
    expect(other.wait({ blocks: 1 }, 0)).toBe(0);
    expect(local.wait({ blocks: 1 }, 0)).toBe(0);
  });

  test('NW6 a group is a /16, an IPv6 /32 or a name; loopback and relayed peers have none', () => {
    expect(addressGroup('/ip4/20.30.40.50/tcp/1')).toBe('20.30');
    expect(addressGroup('/ip6/2001:db8:1::1/tcp/1')).toBe('2001:db8');
    expect(addressGroup('/ip6/::ffff:20.30.40.50/tcp/1')).toBe('20.30');
    expect(addressGroup('/dns4/Node.example/tcp/1')).toBe('node.example');
    for (const none of ['/ip4/127.9.9.9/tcp/1', '/ip6/::1/tcp/1', `/ip4/20.30.40.50/tcp/1/p2p/${PEER}/p2p-circuit`])
      expect(addressGroup(none)).toBeUndefined();
  });
});

describe('bans', () => {
  test('NW8 a ban ends, and the table of bans keeps its bound after many more names', () => {
    const bans = new ExpiringSet(MAX_BANS);
    for (let i = 0; i < 100_000; i++) bans.add(`peer-${i}`, 100 + i);
    expect(bans.size).toBe(MAX_BANS);
    expect(bans.has('peer-99999', 100)).toBe(true);
    expect(bans.has('peer-99999', 2_000_000)).toBe(false);
    expect(bans.has('peer-0', 0)).toBe(false);
    expect(BAN_SECONDS).toBeLessThanOrEqual(24 * 3_600);
  });

  test('NW8 attack P7: those behind the same address as a liar are let in while there is room', () => {
    const table = new PeerTable('dev', PEER_RATES, () => 0);
    const address = '/ip4/20.30.40.50/tcp/1';
    table.ban(table.add(PEER, connectionFrom(address), () => []));
    table.remove(PEER);
    expect(table.gater.denyInboundEncryptedConnection?.(named(PEER), incoming(address))).toBe(true);
    expect(table.gater.denyInboundConnection?.(incoming(address))).toBe(false);
    for (let i = 0; i < MAX_INBOUND_PEERS / 2; i++) table.add(peerNamed(i), connectionFrom('/ip4/9.9.9.9/tcp/1'), () => []);
    expect(table.gater.denyInboundConnection?.(incoming(address))).toBe(true);
    expect(table.gater.denyInboundConnection?.(incoming('/ip4/20.30.40.51/tcp/1'))).toBe(false);
  });

  test('NW4 attack P5: no more than the bound come in, whatever their address', () => {
    const table = new PeerTable('dev', PEER_RATES, () => 0);
    for (let i = 0; i < MAX_INBOUND_PEERS; i++) {
      expect(table.gater.denyInboundConnection?.(incoming(`/ip4/20.${i}.40.50/tcp/1`))).toBe(false);
      table.add(peerNamed(i), connectionFrom(`/ip4/20.${i}.40.50/tcp/1`), () => []);
    }
    expect(table.gater.denyInboundConnection?.(incoming('/ip4/127.0.0.1/tcp/1'))).toBe(true);
    expect(table.gater.denyInboundUpgradedConnection?.(named('new'), incoming('/ip4/127.0.0.1/tcp/1'))).toBe(true);
    expect(table.gater.denyInboundUpgradedConnection?.(named(peerNamed(0)), incoming('/ip4/127.0.0.1/tcp/1'))).toBe(false);
  });

  test('NW8 attack B13: what an honest peer can cause is no lie', () => {
    for (const code of [...BLAMELESS_HEADER_FAULTS, ...BLAMELESS_BITCOIN_FAULTS]) expect(isLie(fault(code))).toBe(false);
    for (const code of ['invalid-block', 'invalid-parent']) expect(isLie(fault(code))).toBe(false);
    for (const code of ['signature', 'stake-missing', 'kernel', 'tx-root', 'varint', 'frame-size']) expect(isLie(fault(code))).toBe(true);
  });
});

describe('transactions', () => {
  test('NW8 what no node could decode is a lie, what a pool does not take is none', () => {
    const plain = encodeTransaction({
      layer: 0,
      type: 0,
      inputs: [{ outpoint: { txid: ZERO_HASH, index: 0 }, sequence: 0, witness: [] }],
      outputs: [],
      lockTime: 0,
    });
    for (const at of [0, 1, 2, 3, 4, 41]) {
      const broken = decodeTransaction(plain.map((byte, i) => (i === at ? 9 : byte)));
      expect(isFault(broken) && isTransactionLie(broken)).toBe(true);
    }
    for (const code of ['fee-rate', 'missing-input', 'not-yet-supported', 'lock-time', 'already-confirmed'])
      expect(isTransactionLie(fault(code))).toBe(false);
  });
});

describe('addresses', () => {
  test('NW7 attack P6: the book and each group in it have their bounds', () => {
    const book = new AddressBook(['/ip4/10.1.0.1/tcp/8490']);
    for (let i = 0; i < 5_000; i++) book.learn(`/ip4/20.30.${i >> 8}.${i & 255}/tcp/8490/p2p/${PEER}`);
    expect(book.size).toBe(1 + MAX_GROUP_ADDRESSES);
    for (let i = 0; i < 50_000; i++) book.learn(`/ip4/${1 + (i % 200)}.${(i >> 3) & 255}.0.1/tcp/${8_000 + (i % 100)}/p2p/${PEER}`);
    expect(book.size).toBe(MAX_ADDRESSES);
  });

  test('NW7 attack P6: addresses of one group are one choice, so four groups never take all eight places', () => {
    const book = new AddressBook([]);
    for (let i = 0; i < 4 * 64; i++) book.learn(`/ip4/20.${i % 4}.${i >> 2}.1/tcp/8490/p2p/${PEER}`);
    book.learn(`/ip4/99.9.9.9/tcp/8490/p2p/${PEER}`);
    const used = new Set<string>();
    for (let i = 0; i < 8; i++) {
      const [next] = book.candidates(0, used);
      if (next !== undefined) used.add(addressGroup(next) as string);
    }
    expect(used).toContain('99.9');
  });

  test('NW7 what has not the form of an address is not kept, and what was never reached is not told', () => {
    const book = new AddressBook(['http://example.com', '/ip4/10.1.0.1/tcp/8490']);
    expect(book.size).toBe(1);
    for (const odd of [
      '',
      '/ip4/1.2.3.4/tcp/99',
      `/ip4/1.2.3.4/udp/9/p2p/${PEER}`,
      `/ip4/1.2.3.4/tcp/8490/p2p/<b>`,
      `/dns4/${'a'.repeat(300)}/tcp/1/p2p/${PEER}`,
    ])
      expect(book.learn(odd)).toBe(false);
    const good = `/dns4/node.example/tcp/443/wss/p2p/${PEER}`;
    expect(book.learn(good)).toBe(true);
    expect(book.reached(32)).toEqual([]);
    book.succeeded(good);
    expect(book.reached(32)).toEqual([good]);
  });

  test('NW7 an address that fails is tried ever later and at last forgotten, the operator’s own never', () => {
    const fixed = '/ip4/10.1.0.1/tcp/8490';
    const learned = `/ip4/20.1.0.1/tcp/8490/p2p/${PEER}`;
    const book = new AddressBook([fixed]);
    book.learn(learned);
    expect(book.candidates(0, new Set())[0]).toBe(fixed);
    for (let i = 0; i < 8; i++) for (const address of [fixed, learned]) book.failed(address, 0);
    expect(book.size).toBe(1);
    expect(book.candidates(59, new Set())).toEqual([]);
    expect(book.candidates(60, new Set())).toEqual([fixed]);
  });
});
