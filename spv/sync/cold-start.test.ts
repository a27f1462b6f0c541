import { schnorr } from '@noble/curves/secp256k1.js';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Header } from '#protocol/block/header';
import { computeHeaderHash, decodeHeader, encodeHeader } from '#protocol/block/header-codec';
import { encodeHex } from '#protocol/codec/hex';
import { DEV_PARAMETERS } from '#protocol/params/networks';
import { TestChain, testGenesis, testKey } from '#protocol/state/test-chain';
import type { AnswerOf, RequestOf } from '#protocol/wire/protocols';
import { extendBitcoin } from '../headers/bitcoin-window.ts';
import { findHeader, headerKey } from '../headers/light-chain.ts';
import { judgePeer } from '../policy/judge-peer.ts';
import { runTest, startTestChain, TestPeer, trustOf } from '../test-network.ts';
import { coldStart } from './cold-start.ts';
import { jumpAhead } from './jump-ahead.ts';

type Network = ReturnType<typeof startTestChain>;
let network: Network;
let peer: TestPeer;
let now: number;

beforeAll(() => {
  network = startTestChain();
  network.chain.grow(95);
  peer = new TestPeer(network.chain, network.bitcoin);
  now = network.chain.state.tip.time;
});

const start = (given: TestPeer, at = now) => runTest(coldStart(trustOf(network.chain), 'p', given.height, at), { p: given });

/** Every header is signed anew by its stake's own key, so that only the rule in question is broken. */
const resign = (header: Header): Header => {
  for (let i = 0; i < 64; i++) {
    const { xOnly, secret } = testKey(i);
    if (header.right.kind === 'stake' && encodeHex(header.right.key) === encodeHex(xOnly))
      return { ...header, signature: schnorr.sign(computeHeaderHash(header), secret, new Uint8Array(32)) };
  }
  return header;
};

class HeaderLiar extends TestPeer {
  change: (header: Header, place: number, last: boolean) => Header = (header) => header;

  override headers(request: RequestOf<'headers'>): AnswerOf<'headers'> {
    const answer = super.headers(request);
    if (answer.kind !== 'headers') return answer;
    const headers = answer.headers.map((bytes, place) => {
      const header = decodeHeader(bytes) as Header;
      return encodeHeader(this.change(header, place, place === answer.headers.length - 1));
    });
    return { ...answer, headers };
  }

  override history(request: RequestOf<'history'>): AnswerOf<'history'> {
    const known = this.heightOf(request.tip) !== undefined;
    return super.history(known ? request : { ...request, tip: this.hash(this.height) });
  }
}

const lying = (change: HeaderLiar['change']): TestPeer => {
  const liar = new HeaderLiar(network.chain, network.bitcoin);
  liar.change = change;
  return liar;
};

describe('cold start', () => {
  test('LC5 verifies the last headers of a chain and proves genesis their ancestor, at a cost that its length does not change', () => {
    const chain = start(peer);
    expect(chain).toMatchObject({ base: 95 - DEV_PARAMETERS.suffix + 1 });
    if (!('tip' in chain)) throw new Error('started');
    expect(headerKey(chain.tip.hash)).toBe(headerKey(peer.hash(95)));
    expect(peer.asked).toEqual(['headers', 'history', 'bitcoinHeaders']);
  });

  test('LC5 verifies a chain that is shorter than the suffix', () => {
    const early = new TestPeer(network.chain, network.bitcoin);
    early.behind = 90;
    expect(start(early)).toMatchObject({ base: 1, tip: { header: { height: 5 } } });
  });

  test('LC5 refuses a chain whose history does not begin with our genesis', () => {
    class OtherGenesis extends TestPeer {
      override history(request: RequestOf<'history'>): AnswerOf<'history'> {
        const answer = super.history(request);
        if (answer.kind !== 'inclusion' || request.kind !== 'inclusion') return answer;
        const headers = answer.headers.map((bytes, i) => (request.heights[i] === 0 ? encodeHeader({ ...this.header(0), time: 5 }) : bytes));
        return { ...answer, headers };
      }
    }
    expect(start(new OtherGenesis(network.chain, network.bitcoin))).toMatchObject({ fault: 'merkle-root' });
  });

  test('LC5 refuses a chain that begins elsewhere, though its own history proves it', () => {
    const other = new TestChain(testGenesis(DEV_PARAMETERS, 3));
    other.bitcoinOf = network.chain.bitcoinOf;
    other.grow(50);
    const stranger = new TestPeer(other, network.bitcoin);
    expect(start(stranger, other.state.tip.time)).toMatchObject({ fault: 'checkpoint', detail: { height: 0 } });
  });

  test('LC5 refuses heights that were not asked for, one too many, and another ancestor than the one asked for', () => {
    expect(start(lying((header, place) => (place === 2 ? { ...header, height: header.height + 1 } : header)))).toMatchObject({
      fault: 'headers-heights',
    });
    class Generous extends TestPeer {
      override headers(request: RequestOf<'headers'>): AnswerOf<'headers'> {
        return super.headers(request.kind === 'range' ? { ...request, count: request.count + 10 } : request);
      }
    }
    const generous = new Generous(network.chain, network.bitcoin);
    generous.behind = 20;
    expect(runTest(coldStart(trustOf(network.chain), 'p', 40, now), { p: generous })).toMatchObject({
      fault: 'headers-heights',
      detail: { headers: DEV_PARAMETERS.suffix + 8 + 10, wanted: DEV_PARAMETERS.suffix + 8 },
    });
    class Elsewhere extends TestPeer {
      override history(request: RequestOf<'history'>): AnswerOf<'history'> {
        return super.history(request.kind === 'inclusion' ? { ...request, heights: request.heights.map((height) => height + 1) } : request);
      }
    }
    expect(start(new Elsewhere(network.chain, network.bitcoin))).toMatchObject({ fault: 'history-height', detail: { wanted: 0 } });
  });

  test('LC2 refuses Bitcoin headers that follow nothing it knows', () => {
    const chain = start(peer);
    if (!('tip' in chain)) throw new Error('started');
    const stray = chain.bitcoin.bytes.at(-1)!.slice();
    stray[10] = (stray[10] as number) ^ 1;
    expect(extendBitcoin(chain.bitcoin, [stray], chain.bitcoinRules)).toMatchObject({ fault: 'bitcoin-run' });
    expect(extendBitcoin(chain.bitcoin, [], chain.bitcoinRules)).toBe(chain.bitcoin);
  });

  test('LC1 S15 refuses a header without stake, however well it is signed', () => {
    const liar = lying((header, place) => {
      if (place !== 3 || header.right.kind !== 'stake') return header;
      const { xOnly } = testKey(9_999);
      const changed = { ...header, right: { ...header.right, outpoint: { ...header.right.outpoint, index: 40_000 }, key: xOnly } };
      return { ...changed, signature: schnorr.sign(computeHeaderHash(changed), testKey(9_999).secret, new Uint8Array(32)) };
    });
    const refused = start(liar);
    expect(refused).toHaveProperty('fault');
    expect(['stake-missing', 'root', 'short', 'trailing', 'kind', 'padding', 'bit']).toContain((refused as { fault: string }).fault);
  });

  test('LC1 refuses a stake that is said to be larger than it is', () => {
    const liar = lying((header, _, last) =>
      last && header.right.kind === 'stake' ? resign({ ...header, right: { ...header.right, amount: header.right.amount * 2n } }) : header,
    );
    expect(start(liar)).toMatchObject({ fault: 'stake-mismatch' });
  });

  test('LC1 refuses a header that its stake did not sign', () => {
    expect(start(lying((header, _, last) => (last ? { ...header, signature: new Uint8Array(64).fill(1) } : header)))).toMatchObject({
      fault: 'signature',
    });
  });

  test('LC1 refuses a broken link, a wrong target, a wrong weight', () => {
    expect(start(lying((header, _, last) => (last ? resign({ ...header, previous: header.bitcoin }) : header)))).toMatchObject({
      fault: 'unknown-parent',
    });
    expect(start(lying((header, _, last) => (last ? resign({ ...header, bits: header.bits - 1 }) : header)))).toMatchObject({
      fault: 'bits',
    });
    expect(start(lying((header, _, last) => (last ? resign({ ...header, weight: header.weight + 1n }) : header)))).toMatchObject({
      fault: 'weight',
    });
  });

  test('LC1 refuses money out of nothing in the economy of a header', () => {
    const richer = lying((header, _, last) =>
      last ? resign({ ...header, economy: { ...header.economy, value: header.economy.value + 1n } }) : header,
    );
    expect(start(richer)).toMatchObject({ fault: 'economy' });
  });

  test('LC3 refuses a header made under a configuration that is not known', () => {
    const other = lying((header, _, last) => (last ? resign({ ...header, config: header.txRoot }) : header));
    expect(start(other)).toMatchObject({ fault: 'config-unknown' });
  });

  test('LC1 refuses a slot in the future without blaming anybody', () => {
    const refused = start(peer, now - 60);
    expect(refused).toMatchObject({ fault: 'early' });
    expect(judgePeer(refused as { fault: string; detail: object } as never)).toBe('nothing');
  });

  test('LC2 refuses a Bitcoin header without work, and a run that is not linked', () => {
    class NoWork extends TestPeer {
      place = 20;
      byte = 76;
      override bitcoinHeaders(request: RequestOf<'bitcoinHeaders'>): AnswerOf<'bitcoinHeaders'> {
        const answer = super.bitcoinHeaders(request);
        if (answer.kind !== 'headers') return answer;
        const headers = answer.headers.map((bytes, i) => {
          const copy = bytes.slice();
          if (i === this.place) copy[this.byte] = (copy[this.byte] as number) ^ 0xff;
          return copy;
        });
        return { ...answer, headers };
      }
    }
    const bad = new NoWork(network.chain, network.bitcoin);
    expect(['bitcoin-work', 'bitcoin-link']).toContain((start(bad) as { fault: string }).fault);
    bad.byte = 10;
    expect(start(bad)).toMatchObject({ fault: 'bitcoin-link' });
  });

  test('LC2 refuses Bitcoin headers with less than a quarter of the checkpoint’s work', () => {
    const trust = trustOf(network.chain);
    const bitcoin = { ...trust.parameters.bitcoin, checkpoint: { height: 0, hash: trust.genesis.hash }, limitBits: 0x1d00ffff };
    const stricter = { ...trust, parameters: { ...trust.parameters, bitcoin } };
    expect(runTest(coldStart(stricter, 'p', peer.height, now), { p: peer })).toMatchObject({ fault: 'bitcoin-target' });
  });

  test('LC1 refuses a header whose slot has another Bitcoin header', () => {
    const other = new TestChain();
    other.bitcoinOf = (time) => {
      const entry = network.bitcoin.slotHeader(time - DEV_PARAMETERS.bitcoinLag - 10);
      if (entry === undefined) throw new Error('early');
      return entry.hash;
    };
    other.grow(30);
    const grinder = new TestPeer(other, network.bitcoin);
    const refused = runTest(coldStart(trustOf(other), 'p', 30, other.state.tip.time), { p: grinder });
    expect(refused).toMatchObject({ fault: 'bitcoin-not-slot' });
  });

  test('LC11 an answer of another question or another form is a lie, a missing answer is none', () => {
    class Garbage extends TestPeer {
      override answerBytes(): Uint8Array {
        return Uint8Array.of(0, 1, 2, 3);
      }
    }
    const refused = start(new Garbage(network.chain, network.bitcoin));
    expect(refused).toHaveProperty('fault');
    expect(judgePeer(refused as never)).toBe('lied');
    expect(runTest(coldStart(trustOf(network.chain), 'gone', 95, now), { p: peer })).toEqual({ unanswered: 'timeout' });
  });
});

describe('a chain that parts deep', () => {
  test('LC13 S11 a private chain from genesis, valid in itself, is called parted and not compared by weight', () => {
    const own = runTest(coldStart(trustOf(network.chain), 'p', 95, now), { p: peer });
    if (!('tip' in own)) throw new Error('started');
    const other = new TestPeer(branchFrom(60), network.bitcoin);
    expect(runTest(jumpAhead(own, 'q', other.height, now + 3_600), { q: other })).toEqual({ kind: 'parted' });
  });

  test('LC13 N4 a peer far ahead on our own chain is joined by its history alone', () => {
    const early = new TestPeer(network.chain, network.bitcoin);
    early.behind = 90;
    const own = start(early);
    if (!('tip' in own)) throw new Error('started');
    const joined = runTest(jumpAhead(own, 'p', 95, now), { p: peer });
    expect(joined).toMatchObject({ kind: 'joined', chain: { tip: { header: { height: 95 } } } });
    if (!('chain' in joined)) throw new Error('joined');
    expect(findHeader(joined.chain, own.tip.hash)).toBeUndefined();
  });
});

/** A chain that shares the first blocks with the network's and then goes its own way. */
const branchFrom = (height: number): TestChain => {
  const branch = new TestChain();
  branch.bitcoinOf = network.chain.bitcoinOf;
  for (let at = 1; at <= height; at++) {
    const block = network.chain.state.blockOf(at);
    if (block !== undefined) branch.connect(block);
  }
  branch.skip = 1;
  branch.grow(60);
  return branch;
};
