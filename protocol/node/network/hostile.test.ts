import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createConnection, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { RawPeer } from '../../../e2e/network/raw-peer.ts';
import { INVALID_BODY, makeHeader } from '../../../e2e/network/small-chain.ts';
import { eventually, GENESIS_TIME, grow, startNode, stopNodes, type TestNode } from '../../../e2e/network/test-node.ts';
import { encodeField, type Field } from '../../codec/schema.ts';
import { encodeFrame, encodeFrameLength } from '../../wire/framing.ts';
import { headerAnnouncement } from '../../wire/messages.ts';
import { gossipTopic, PROTOCOLS, type ProtocolName } from '../../wire/protocols.ts';
import { PEER_RATES } from './cost.ts';
import { MAX_SOCKETS } from './limits.ts';
import { DEADLINES } from './serve.ts';

const NAMES = Object.keys(PROTOCOLS) as ProtocolName[];
const SOAK = process.env.VC_SOAK !== undefined;
const MUTANTS = SOAK ? 1_000 : 3;
const raw: RawPeer[] = [];

const startRaw = async (): Promise<RawPeer> => {
  const peer = await RawPeer.start();
  raw.push(peer);
  return peer;
};

const connect = async (node: TestNode): Promise<RawPeer> => {
  const peer = await startRaw();
  await peer.dial(node.network.addresses()[0] as string);
  await eventually(() => node.network.peers().some(({ id }) => id === peer.id));
  return peer;
};

const isConnected = (node: TestNode, peer: RawPeer): boolean => node.network.peers().some(({ id }) => id === peer.id);

const isRefused = async (node: TestNode, peer: RawPeer): Promise<boolean> => {
  await peer.dial(node.network.addresses()[0] as string).catch(() => undefined);
  await delay(100);
  return !isConnected(node, peer);
};

afterEach(async () => {
  await Promise.all(raw.splice(0).map((peer) => peer.stop()));
  await stopNodes();
});

describe('what cannot be valid', () => {
  test.each(NAMES)('NW8 WI2 attack P1: an oversize or lying length on %s bans within a second', async (name) => {
    const node = await startNode();
    for (const lie of [encodeFrameLength(PROTOCOLS[name].maxRequest + 1), Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x0f)]) {
      const peer = await connect(node);
      (await peer.open(name)).send(lie);
      await eventually(() => !isConnected(node, peer), 1_000);
      expect(await isRefused(node, peer)).toBe(true);
    }
    expect(node.network.figures().bans).toEqual({ 'frame-size': 2 });
    expect(node.errors).toEqual([]);
  });

  test.each(NAMES)('NW8 WI4 a malformed request on %s bans its sender and nobody else', async (name) => {
    const node = await startNode();
    const honest = await connect(node);
    const peer = await connect(node);
    (await peer.open(name)).send(encodeFrame(new Uint8Array(41).fill(0xee)));
    await eventually(() => !isConnected(node, peer), 1_000);
    expect(await isRefused(node, peer)).toBe(true);
    expect(await honest.ask('status', {})).toMatchObject({ kind: 'status', network: 'dev' });
    expect(Object.values(node.network.figures().bans)).toEqual([1]);
  });

  test('NW8 attack P2: mutated messages on every protocol crash nothing', async () => {
    const node = await startNode();
    let seed = 12_345;
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
      return seed % below;
    };
    for (const name of NAMES) {
      for (let i = 0; i < MUTANTS; i++) {
        const peer = await connect(node);
        const stream = await peer.open(name);
        const bytes = Uint8Array.from({ length: 1 + random(200) }, () => random(256));
        stream.send(random(2) === 0 ? bytes : encodeFrame(bytes));
        await delay(5);
        await peer.stop();
      }
    }
    expect(node.errors).toEqual([]);
    expect(await (await connect(node)).ask('status', {})).toMatchObject({ kind: 'status' });
  });

  test('NW16 a node of another genesis is disconnected, and asked again only later', async () => {
    const node = await startNode();
    const other = await startNode(node.network.addresses(), {}, GENESIS_TIME + 1);
    await eventually(
      () => (other.network.figures().refusals['other-network'] ?? 0) > 0 || (node.network.figures().refusals['other-network'] ?? 0) > 0,
    );
    await eventually(() => node.network.peers().length === 0 && other.network.peers().length === 0);
    expect(node.network.figures().bans).toEqual({});
  });
});

describe('slow peers', () => {
  test('NW1 attack P4: a request sent byte by byte is not waited for, a stream at rest is closed, and neither is banned', async () => {
    const node = await startNode([], { deadlines: { ...DEADLINES, request: 400, idle: 900 } });
    const slow = await connect(node);
    const stream = await slow.open('proof');
    const request = encodeFrame(new Uint8Array(10_000));
    let sent = 0;
    for (let i = 0; isConnected(node, slow) && stream.status === 'open' && i < 100; i++) {
      sent = i;
      if (stream.status === 'open') stream.send(request.subarray(i, i + 1));
      await delay(50);
    }
    expect(sent).toBeLessThan(99);
    const idle = await connect(node);
    const resting = await idle.open('status');
    await eventually(() => resting.status !== 'open', 3_000);
    expect(isConnected(node, idle)).toBe(true);
    expect(node.network.figures().bans).toEqual({});
  });

  test('NW2 a peer that asks and does not read is dropped, with little queued', async () => {
    const node = await startNode([], { deadlines: { ...DEADLINES, request: 600 } });
    await node.chain.extend(new Uint8Array(900_000).fill(7), GENESIS_TIME + 4);
    const { hash } = node.chain.tip;
    const slow = await connect(node);
    const stream = await slow.open('blocks');
    stream.pause();
    const question = encodeFrame(encodeField(PROTOCOLS.blocks.request as unknown as Field<unknown>, { hashes: [hash] }));
    for (let i = 0; i < 50; i++) stream.send(question);
    await eventually(() => (node.network.figures().refusals['slow-reader'] ?? 0) > 0, 10_000);
    await eventually(() => !isConnected(node, slow));
    expect(node.network.figures().bytesOut).toBeLessThan(4_000_000);
    expect(node.network.figures().bans).toEqual({});
  });
});

describe('floods', () => {
  test('NW5 a flood of questions is refused, and another peer is answered as before', async () => {
    const node = await startNode([], { rates: PEER_RATES, deadlines: { ...DEADLINES, patience: 200 } });
    await grow(node, 30);
    const flooder = await connect(node);
    const honest = await connect(node);
    const stream = await flooder.open('headers');
    const question = encodeFrame(
      encodeField(PROTOCOLS.headers.request as unknown as Field<unknown>, { kind: 'range', from: 1, count: 512, filters: 'with' }),
    );
    for (let i = 0; i < 400; i++) stream.send(question);
    const times: number[] = [];
    for (let i = 0; i < 20; i++) {
      const start = performance.now();
      expect(await honest.ask('headers', { kind: 'range', from: 1, count: 10, filters: 'without' })).toMatchObject({ kind: 'headers' });
      times.push(performance.now() - start);
    }
    await eventually(() => (node.network.figures().refusals.busy ?? 0) > 0, 10_000);
    expect(times.sort((a, b) => a - b)[10]).toBeLessThan(500);
  });

  test('NW4 attack P11: of many streams sixteen stay, and the node goes on answering', async () => {
    const node = await startNode();
    const peer = await connect(node);
    const opened = await Promise.allSettled(Array.from({ length: 100 }, () => peer.open('status')));
    const open = opened.filter((result) => result.status === 'fulfilled' && result.value.status === 'open').length;
    expect(open).toBeLessThanOrEqual(16);
    expect(await (await connect(node)).ask('status', {})).toMatchObject({ kind: 'status' });
  });

  test('NW4 attack P5: sixty-four come in, and those of the node’s own choice stay', async () => {
    const chosen = await startNode();
    const node = await startNode(chosen.network.addresses().slice(0, 1));
    await eventually(() => node.network.figures().outbound === 1);
    const peers = await Promise.all(Array.from({ length: 72 }, () => startRaw()));
    for (const peer of peers) await peer.dial(node.network.addresses()[0] as string).catch(() => undefined);
    await delay(300);
    const { inbound, outbound } = node.network.figures();
    expect(inbound).toBe(64);
    expect(outbound).toBe(1);
    expect(node.errors).toEqual([]);
  }, 60_000);
});

describe('before and after a connection', () => {
  const openMany = (port: number, hosts: number, count: number): Promise<Socket[]> =>
    Promise.all(
      Array.from({ length: count }, (_, i) => {
        const socket = createConnection({ port, host: '127.0.0.1', localAddress: `127.0.${i % hosts}.1` });
        socket.on('error', () => undefined);
        return new Promise<Socket>((resolve) => socket.once('connect', () => resolve(socket)).once('close', () => resolve(socket)));
      }),
    );
  const portOf = (node: TestNode, kind: 'tcp' | 'ws'): number =>
    Number(
      node.network
        .addresses()
        .find((address) => address.includes('/ws') === (kind === 'ws'))
        ?.split('/')[4],
    );

  test.each([
    ['tcp', 1],
    ['tcp', 256],
    ['ws', 1],
    ['ws', 256],
  ] as const)('NW18 attack P5: of %s sockets from %i addresses that say nothing, no more than the bound are held', async (kind, hosts) => {
    const chosen = await startNode();
    const node = await startNode(chosen.network.addresses().slice(0, 1));
    await eventually(() => node.network.figures().outbound === 1);
    const sockets = await openMany(portOf(node, kind), hosts, MAX_SOCKETS + (SOAK ? 4_840 : 90));
    const held = (): number => sockets.filter(({ destroyed, closed }) => !destroyed && !closed).length;
    await eventually(() => held() <= MAX_SOCKETS);
    expect(node.network.figures()).toMatchObject({ outbound: 1, inbound: 0 });
    for (const socket of sockets) socket.destroy();
    const peer = await startRaw();
    const address = node.network.addresses()[0] as string;
    await expect
      .poll(
        () =>
          peer.dial(address).then(
            () => 'in',
            () => 'full',
          ),
        { timeout: 10_000 },
      )
      .toBe('in');
    expect(await peer.ask('status', {})).toMatchObject({ kind: 'status' });
    expect(node.errors).toEqual([]);
  });

  test('NW17 attack P7: who was banned is kept out by the next start too, and who was reached is known', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'vc-peers-'));
    const peersFile = join(folder, 'peers');
    const seed = randomBytes(32);
    const first = await startNode([], { peersFile, seed });
    const liar = await connect(first);
    (await liar.open('status')).send(encodeFrame(new Uint8Array(41).fill(0xee)));
    await eventually(() => !isConnected(first, liar), 2_000);
    await first.network.close();
    const second = await startNode([], { peersFile, seed });
    expect(second.network.figures().banned).toBe(1);
    expect(await isRefused(second, liar)).toBe(true);
    expect(await (await connect(second)).ask('status', {})).toMatchObject({ kind: 'status' });
    await rm(folder, { recursive: true });
  });
});

describe('lying about headers', () => {
  const announce = (node: TestNode, i: number, parent = node.chain.best[i % node.chain.best.length]) => {
    const fake = makeHeader(parent, randomBytes(8), GENESIS_TIME + 90_000 + i);
    return encodeField(headerAnnouncement, { header: fake.bytes, stakeProof: new Uint8Array(10), filter: Uint8Array.of(0) });
  };
  const topic = gossipTopic('dev', 'header');

  test('NW10 NW8 attack S1: unproven headers on forks are kept nowhere, and cost the sender its connection at once', async () => {
    const node = await startNode();
    await grow(node, 60);
    const before = node.chain.headers.size;
    const liar = await connect(node);
    liar.subscribe(topic);
    await delay(1_200);
    let sent = 0;
    for (; sent < 4_000 && isConnected(node, liar); sent++) {
      await liar.publish(topic, announce(node, sent)).catch(() => undefined);
      if (sent % 10 === 0) await delay(1);
    }
    expect(sent).toBeLessThan(400);
    expect(node.chain.headers.size).toBe(before);
    expect(node.network.figures().bans).toEqual({ 'stake-missing': 1 });
  });

  test('NW13 attack S1: headers without known parents are kept aside within their bound, and their sender is dropped', async () => {
    const node = await startNode();
    await grow(node, 10);
    const liar = await connect(node);
    await liar.serve('headers', () => ({ kind: 'headers', headers: [], stakeProofs: [], filters: [] }));
    liar.subscribe(topic);
    await delay(1_200);
    let sent = 0;
    for (; sent < 4_000 && isConnected(node, liar); sent++) {
      const orphan = makeHeader(makeHeader(undefined, randomBytes(8), sent), randomBytes(8), GENESIS_TIME + sent);
      await liar
        .publish(topic, encodeField(headerAnnouncement, { header: orphan.bytes, stakeProof: new Uint8Array(10), filter: Uint8Array.of(0) }))
        .catch(() => undefined);
      await delay(2);
    }
    expect(sent).toBeLessThan(4_000);
    expect(node.chain.headers.size).toBe(11);
    expect(Object.keys(node.network.figures().bans)).toEqual(['orphan-headers']);
  }, 60_000);

  test('NW11 attack S1: a server of unproven headers is dropped after its first answer', async () => {
    const node = await startNode();
    const liar = await startRaw();
    const fakes = [makeHeader(node.chain.tip, randomBytes(8), GENESIS_TIME + 4)];
    for (let i = 1; i < 512; i++) fakes.push(makeHeader(fakes[i - 1], randomBytes(8), GENESIS_TIME + 4 + 4 * i));
    const genesis = node.chain.contract.genesis;
    await liar.serve('status', () => ({
      kind: 'status',
      network: 'dev',
      genesis,
      config: genesis,
      tip: fakes.at(-1)!.bytes,
      services: 1,
      coins: 0n,
      proofsFrom: 0,
      epochsFrom: 0,
    }));
    let asked = 0;
    await liar.serve('headers', () => {
      asked++;
      return { kind: 'headers', headers: fakes.map(({ bytes }) => bytes), stakeProofs: [], filters: [] };
    });
    await liar.dial(node.network.addresses()[0] as string);
    await eventually(() => (node.network.figures().bans['stake-missing'] ?? 0) === 1);
    await eventually(() => !isConnected(node, liar));
    expect(asked).toBe(1);
    expect(node.chain.headers.size).toBe(1);
  });

  test('NW9 NW10 attack P12: spam on both topics is graylisted, and the next honest block comes through', async () => {
    const node = await startNode();
    const honest = await startNode(node.network.addresses().slice(0, 1));
    await eventually(() => honest.network.peers().length === 1);
    const spammer = await connect(node);
    for (const name of ['tx', 'header'] as const) spammer.subscribe(gossipTopic('dev', name));
    await delay(1_200);
    for (let i = 0; i < 50; i++) {
      await spammer.publish(gossipTopic('dev', 'tx'), randomBytes(40)).catch(() => undefined);
      await spammer.publish(gossipTopic('dev', 'header'), randomBytes(600)).catch(() => undefined);
    }
    await eventually(() => !isConnected(node, spammer), 10_000);
    const made = await honest.chain.extend(Uint8Array.of(5, 5), Math.floor(Date.now() / 1000));
    await eventually(() => node.chain.tip.header.height === 1, 2_000);
    expect(node.chain.tip.hash).toEqual(made.hash);
    expect(honest.network.figures().bans).toEqual({});
  });
});

describe('bodies', () => {
  const liarWith = async (
    node: TestNode,
    source: TestNode,
    blocks: Parameters<typeof RawPeer.prototype.serve<'blocks'>>[1],
  ): Promise<RawPeer> => {
    const liar = await startRaw();
    await liar.serve('status', () => ({
      kind: 'status',
      network: 'dev',
      genesis: source.chain.contract.genesis,
      config: source.chain.contract.configHash,
      tip: source.chain.tip.bytes,
      services: 1,
      coins: 0n,
      proofsFrom: 0,
      epochsFrom: 0,
    }));
    await liar.serve('headers', () => ({ kind: 'refused', code: 'busy' }));
    await liar.serve('blocks', blocks);
    await liar.dial(node.network.addresses()[0] as string);
    await eventually(() => node.network.peers().some(({ id, status }) => id === liar.id && status() !== undefined));
    return liar;
  };

  test('NW12 attack P9: a mutated body costs its sender the connection, and the good one is taken from the next', async () => {
    const source = await startNode();
    await grow(source, 40);
    const node = await startNode();
    const liar = await liarWith(node, source, ({ hashes }) => ({ kind: 'bodies', bodies: hashes.map(() => Uint8Array.of(1, 2, 3, 4)) }));
    await node.network.dial(source.network.addresses()[0] as string);
    await eventually(() => node.chain.tip.header.height === 40, 10_000);
    expect(isConnected(node, liar)).toBe(false);
    expect(node.network.figures().bans).toEqual({ 'tx-root': 1 });
  });

  test('NW12 NW8 attack P7: who serves a body that fits its header and breaks a rule is not banned for its maker', async () => {
    const source = await startNode();
    await grow(source, 3);
    const bad = makeHeader(source.chain.tip, Uint8Array.of(INVALID_BODY), GENESIS_TIME + 100);
    const node = await startNode();
    await node.network.dial(source.network.addresses()[0] as string);
    await eventually(() => node.chain.tip.header.height === 3);
    for (const { chain } of [source, node]) await chain.contract.acceptHeader(bad.bytes, Uint8Array.of(0, 0, 0, 0, 7));
    source.chain.bodies.set(Buffer.from(bad.hash).toString('hex'), Uint8Array.of(INVALID_BODY));
    for (const peer of node.network.peers()) await node.network.refresh(peer);
    await eventually(() => !node.chain.headers.has(Buffer.from(bad.hash).toString('hex')));
    expect(node.network.peers()).toHaveLength(1);
    expect(node.network.figures().bans).toEqual({});
  });

  test('NW12 NW8 attacks P4, B13: a peer that stalls keeps no block from coming, and is not banned for it', async () => {
    const source = await startNode();
    await grow(source, 40);
    const node = await startNode();
    const silent = await liarWith(node, source, () => undefined);
    await liarWith(node, source, (_request, stream) => {
      stream.send(encodeFrameLength(100_000));
      return Uint8Array.of(1);
    });
    const started = Date.now();
    await node.network.dial(source.network.addresses()[0] as string);
    await eventually(() => node.chain.tip.header.height === 40, 10_000);
    expect(Date.now() - started).toBeLessThan(10_000);
    expect(isConnected(node, silent)).toBe(true);
    expect(node.network.figures().bans).toEqual({});
  });

  test('NW8 attack B13: with every second answer lost, the chain arrives and nobody is banned', async () => {
    const source = await startNode();
    await grow(source, 200);
    const node = await startNode();
    let asked = 0;
    const bodies = source.chain.bodies;
    await liarWith(node, source, ({ hashes }) => {
      asked++;
      if (asked % 2 === 0) return undefined;
      return { kind: 'bodies', bodies: hashes.map((hash) => bodies.get(Buffer.from(hash).toString('hex'))!) };
    });
    await node.network.dial(source.network.addresses()[0] as string);
    await eventually(() => node.chain.tip.header.height === 200, 20_000);
    expect(node.network.figures().bans).toEqual({});
  });
});
