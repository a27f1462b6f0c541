import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeHex } from '#protocol/codec/hex';
import { sha256 } from '#protocol/crypto/hash';
import { fault } from '#protocol/fault';
import { checkRanges } from '#protocol/trie/ranges';
import { makeWatchSet } from '../coins/watch-set.ts';
import { computeBucketBits, computeMedianCount, planBucketBits } from './bucket.ts';
import { judgePeer } from './judge-peer.ts';
import { planProof } from './plan-proof.ts';

const owners = (count: number) =>
  makeWatchSet(
    Array.from({ length: count }, (_, i) => {
      const tag = sha256(Uint8Array.of(i, i >> 8)).slice(0, 20);
      return { tag, script: Uint8Array.of(0, 20, ...tag) };
    }),
  );
const secret = sha256(Uint8Array.of(9));

describe('privacy', () => {
  test('LC14 a bucket has floor(log2(coins / 64)) bits, 8 to 16', () => {
    expect([0n, 63n, 64n, 16_384n, 32_767n, 32_768n, 4_194_304n, 1_000_000_000n].map(computeBucketBits)).toEqual([
      8, 8, 8, 8, 8, 9, 16, 16,
    ]);
  });

  test('LC14 bits stay until the state has doubled or halved, and one peer’s count moves nothing', () => {
    const chosen = planBucketBits(undefined, 40_000n);
    expect(chosen.bits).toBe(9);
    expect(planBucketBits(chosen, 79_999n)).toBe(chosen);
    expect(planBucketBits(chosen, 80_000n).bits).toBe(10);
    expect(planBucketBits(chosen, 20_000n).bits).toBe(8);
    expect(computeMedianCount([40_000n, 41_000n, 10n ** 18n])).toBe(41_000n);
    expect(computeMedianCount([0n, 41_000n])).toBe(0n);
    expect(computeMedianCount([])).toBe(0n);
  });

  test('LC14 each owner is asked for once, a bucket always at the same peer, at most a third at one of three', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 80 }), fc.constantFrom(undefined, 8, 12), (count, bits) => {
        const set = owners(count);
        const peers = ['a', 'b', 'c', 'd'];
        const plan = planProof(set, peers, { bits, secret });
        expect(plan.flatMap((share) => [...share.watched.keys()]).sort()).toEqual([...set.keys()].sort());
        for (const share of plan) expect(checkRanges(share.ranges)).toBe(true);
        expect(planProof(set, peers, { bits, secret })).toEqual(plan);
        const most = Math.max(...plan.map((share) => share.ranges.length));
        const total = plan.reduce((sum, share) => sum + share.ranges.length, 0);
        expect(most).toBeLessThanOrEqual(Math.ceil(total / 3) + 1);
      }),
      { numRuns: 30 },
    );
  });

  test('LC14 a bucket hides its owner: the question does not contain the owner’s own prefix', () => {
    const [share] = planProof(owners(1), ['a'], { bits: 8, secret });
    const [range] = share?.ranges ?? [];
    expect(encodeHex(range?.lo ?? new Uint8Array()).slice(2)).toBe('0'.repeat(62));
    expect(encodeHex(range?.hi ?? new Uint8Array()).slice(2)).toBe('f'.repeat(62));
  });

  test('LC14 with no peer nothing is asked', () => {
    expect(planProof(owners(3), [], { bits: 8, secret })).toEqual([]);
  });
});

describe('judging peers', () => {
  test('LC11 what cannot be true is a lie; what an honest peer may send is none', () => {
    for (const code of ['signature', 'kernel', 'root', 'filter-hash', 'tx-root', 'leaf-key', 'short', 'merkle-root', 'stake-missing'])
      expect(judgePeer(fault(code))).toBe('lied');
    for (const code of ['early', 'unknown-parent', 'unknown-bitcoin', 'bitcoin-not-slot', 'too-deep', 'wrong-network'])
      expect(judgePeer(fault(code))).toBe('nothing');
  });
});
