import { schnorr } from '@noble/curves/secp256k1.js';
import { describe, expect, test } from 'vitest';
import { sha256 } from '#protocol/crypto/hash';
import { executeJob } from '#spv/proof/execute-job';
import type { Job } from '#spv/task';
import { ComputePool } from './pool.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const makePool = (size: number) => {
  const state = { made: 0, running: 0, most: 0, jobs: 0 };
  const pool = new ComputePool(size, () => {
    state.made++;
    return {
      run: async (job: Job) => {
        state.jobs++;
        state.running++;
        state.most = Math.max(state.most, state.running);
        await turn();
        state.running--;
        return executeJob(job);
      },
      end: () => undefined,
    };
  });
  return { pool, state };
};

const secret = sha256(Uint8Array.of(1));
const items = (count: number, wrong: number) =>
  Array.from({ length: count }, (_, i) => {
    const message = sha256(Uint8Array.of(i, i >> 8));
    const signature = schnorr.sign(message, secret, new Uint8Array(32));
    return { signature: i === wrong ? new Uint8Array(64).fill(1) : signature, message, key: schnorr.getPublicKey(secret) };
  });

describe('compute pool', () => {
  test('CW9 signatures are shared out, and the verdicts come in the order of the questions', async () => {
    const { pool, state } = makePool(3);
    const done: number[] = [];
    const reply = await pool.run({ kind: 'verify-signatures', job: { items: items(100, 70) } }, { progress: (share) => done.push(share) });
    expect(reply).toMatchObject({ kind: 'verdicts' });
    expect(reply.kind === 'verdicts' && reply.valid.map((valid, i) => (valid ? -1 : i)).filter((i) => i >= 0)).toEqual([70]);
    expect(state).toMatchObject({ made: 3, most: 3, jobs: 4 });
    expect(done).toEqual([0.25, 0.5, 0.75, 1]);
  });

  test('CW9 an aborted job takes no more of the threads’ time', async () => {
    const { pool, state } = makePool(1);
    const abort = new AbortController();
    const running = pool
      .run({ kind: 'verify-signatures', job: { items: items(100, -1) } }, { signal: abort.signal })
      .catch((error) => error);
    await turn();
    abort.abort();
    expect(await running).toMatchObject({ code: 'aborted' });
    await turn();
    await turn();
    expect(state.jobs).toBeLessThan(4);
    expect(await pool.run({ kind: 'verify-signatures', job: { items: items(1, -1) } })).toEqual({ kind: 'verdicts', valid: [true] });
  });

  test('CW9 a proof that is refused comes back as its fault', async () => {
    const { pool } = makePool(1);
    const root = sha256(Uint8Array.of(2));
    const job = { stateRoot: root, trie: 'coins' as const, otherRoots: [root, root] as const, ranges: [], proof: new Uint8Array(3) };
    expect(await pool.run({ kind: 'verify-ranges', job })).toMatchObject({ kind: 'leaves', leaves: { fault: 'range-order' } });
  });
});
