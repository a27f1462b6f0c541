import { performance } from 'node:perf_hooks';
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

const ROUNDS = SOAK ? 200 : 12;
const WHOLE = prefixRange(ZERO_HASH, 0);
const raw: RawPeer[] = [];

afterEach(async () => {
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

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] as number;

/** What an honest peer waits for one proof, and the node for one block of its own. @unit milliseconds */
const measure = async (node: RealNode, honest: RawPeer): Promise<{ readonly proof: number; readonly block: number }> => {
  const proofs: number[] = [];
  const blocks: number[] = [];
  for (let i = 0; i < ROUNDS; i++) {
    const asked = performance.now();
    const answer = await honest.ask('proof', { block: node.chain.tip().hash, trie: 'stakes', ranges: [WHOLE] });
    expect(answer).toMatchObject({ kind: 'proof' });
    proofs.push(performance.now() - asked);
    const made = performance.now();
    await node.grow(1);
    blocks.push(performance.now() - made);
  }
  return { proof: median(proofs), block: median(blocks) };
};

describe('a flood of questions for proofs', () => {
  test('NW5 ND46 attack P3: is refused, slows no other peer and no block', async () => {
    const node = await startRealNode(
      () => true,
      [],
      { rates: PEER_RATES, deadlines: { ...DEADLINES, patience: 200 } },
      (folder) => startProofThread({ folder, report: () => undefined }),
    );
    await node.grow(3);
    const honest = await connect(node);
    await measure(node, honest);
    const before = await measure(node, honest);
    const flooder = await connect(node);
    const streams = await Promise.all([flooder.open('proof'), flooder.open('proof')]);
    const question = encodeFrame(
      encodeField(PROTOCOLS.proof.request as unknown as Field<unknown>, { block: node.chain.tip().hash, trie: 'coins', ranges: [WHOLE] }),
    );
    const flood = setInterval(() => {
      for (const stream of streams) if (stream.status === 'open' && stream.writeBufferLength < 65_536) stream.send(question);
    }, 1);
    const during = await measure(node, honest);
    await expect.poll(() => node.network.figures().refusals.busy ?? 0, { timeout: 30_000 }).toBeGreaterThan(0);
    clearInterval(flood);
    expect(node.network.peers().some(({ id }) => id === honest.id)).toBe(true);
    expect(node.errors).toEqual([]);
    reportFigure('P3', 'another peer’s proof during a flood, against before', during.proof / before.proof, 1.2, 'times');
    reportFigure('P3', 'a block during a flood, against before', during.block / before.block, 1.2, 'times');
  });
});
