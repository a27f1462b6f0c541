import { once } from 'node:events';
import { performance } from 'node:perf_hooks';
import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, test } from 'vitest';
import { RawPeer } from '../../../e2e/network/raw-peer.ts';
import { type RealNode, startRealNode, stopRealNodes } from '../../../e2e/network/real-node.ts';
import { reportFigure, SOAK } from '../../../setup/soak-figure.ts';
import { ZERO_HASH } from '../../codec/hash32.ts';
import { encodeField, type Field } from '../../codec/schema.ts';
import { prefixRange } from '../../trie/ranges.ts';
import { encodeFrame } from '../../wire/framing.ts';
import { PROTOCOLS } from '../../wire/protocols.ts';
import { startProofThread } from '../proofs/start-proof-thread.ts';
import { PEER_RATES } from './cost.ts';
import { DEADLINES } from './serve.ts';

const TURNS = SOAK ? 8 : 2;
const ROUNDS = SOAK ? 40 : 6;
const WHOLE = prefixRange(ZERO_HASH, 0);
const raw: RawPeer[] = [];
const flooders: Worker[] = [];

afterEach(async () => {
  await Promise.all(flooders.splice(0).map((flooder) => flooder.terminate()));
  await Promise.all(raw.splice(0).map((peer) => peer.stop()));
  await stopRealNodes();
});

const connect = async (node: RealNode): Promise<RawPeer> => {
  const peer = await RawPeer.start();
  raw.push(peer);
  await peer.dial(node.network.addresses()[0] as string);
  await expect.poll(() => node.network.peers().some(({ id }) => id === peer.id), { timeout: 10_000 }).toBe(true);
  return peer;
};

interface Flooder {
  readonly begin: () => void;
  readonly pause: () => void;
}

/** Questions for all coins at the tip, without end, from a thread of its own: what sending them costs is not the node's. */
const startFlooder = async (node: RealNode): Promise<Flooder> => {
  const thread = new Worker(new URL('../../../e2e/network/flooder.ts', import.meta.url), {
    workerData: node.network.addresses()[0] as string,
    execArgv: ['--conditions=source'],
  });
  flooders.push(thread);
  await once(thread, 'message');
  const state = { on: false };
  const tell = (): void => {
    const question = { block: node.chain.tip().hash, trie: 'coins', ranges: [WHOLE] };
    thread.postMessage(
      state.on ? encodeFrame(encodeField(PROTOCOLS.proof.request as unknown as Field<unknown>, question)) : new Uint8Array(),
    );
  };
  const set = (on: boolean) => (): void => {
    state.on = on;
    tell();
  };
  node.chain.onTip(tell);
  return { begin: set(true), pause: set(false) };
};

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] as number;

interface Waits {
  readonly proofs: number[];
  readonly blocks: number[];
}

/** Adds what an honest peer waits for proofs, and the node for blocks of its own. @unit milliseconds */
const measure = async (node: RealNode, honest: RawPeer, { proofs, blocks }: Waits): Promise<void> => {
  for (let i = 0; i < ROUNDS; i++) {
    const asked = performance.now();
    const answer = await honest.ask('proof', { block: node.chain.tip().hash, trie: 'stakes', ranges: [WHOLE] });
    expect(answer).toMatchObject({ kind: 'proof' });
    proofs.push(performance.now() - asked);
    const made = performance.now();
    await node.grow(1);
    blocks.push(performance.now() - made);
  }
};

const noWaits = (): Waits => ({ proofs: [], blocks: [] });

describe('a flood of questions for proofs', () => {
  test('NW5 ND46 attack P3: is refused, slows no other peer and no block', async () => {
    const node = await startRealNode(
      () => true,
      [],
      { rates: PEER_RATES, deadlines: { ...DEADLINES, patience: 200 } },
      (folder) => startProofThread({ folder, report: () => undefined }),
    );
    await node.grow(3);
    const flooder = await startFlooder(node);
    await measure(node, await connect(node), noWaits());
    const [quiet, flooded] = [noWaits(), noWaits()];
    const honest: RawPeer[] = [];
    const began = performance.now();
    for (let turn = 0; turn < TURNS; turn++) {
      const peer = await connect(node);
      honest.push(peer);
      await measure(node, peer, quiet);
      flooder.begin();
      await measure(node, peer, flooded);
      if (turn < TURNS - 1) flooder.pause();
    }
    await expect.poll(() => node.network.figures().refusals.busy ?? 0, { timeout: 30_000 }).toBeGreaterThan(0);
    const pauses = (performance.now() - began) / DEADLINES.refusal;
    expect(node.network.figures().refusals.busy).toBeLessThanOrEqual(2 * (pauses + 1));
    expect(node.network.peers().map(({ id }) => id)).toEqual(expect.arrayContaining(honest.map(({ id }) => id)));
    expect(node.errors).toEqual([]);
    reportFigure('P3', 'another peer’s proof during a flood, against none', median(flooded.proofs) / median(quiet.proofs), 1.2, 'times');
    reportFigure('P3', 'a block during a flood, against none', median(flooded.blocks) / median(quiet.blocks), 1.2, 'times');
  });
});
