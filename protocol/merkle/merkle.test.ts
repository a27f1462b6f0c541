import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sha256 } from '#protocol/crypto/hash';
import type { Hash32 } from '../codec/hash32.ts';
import { encodeHex } from '../codec/hex.ts';
import { proveConsistency, verifyConsistency } from './consistency.ts';
import { proveInclusion, verifyInclusion } from './inclusion.ts';
import { appendPeak, computeRootFromPeaks } from './peaks.ts';
import { computeMerkleRoot, computeRootOfHashes, hashLeaf, hashNode, readLeaves } from './tree.ts';

const leavesOf = (count: number): Hash32[] => Array.from({ length: count }, (_, i) => hashLeaf(Uint8Array.of(i & 255, i >> 8)));

describe('tree', () => {
  test('MK1 hashes leaves and nodes apart, as RFC 6962 does', () => {
    const [a, b, c] = leavesOf(3) as [Hash32, Hash32, Hash32];
    expect(hashLeaf(Uint8Array.of(9))).toEqual(sha256(Uint8Array.of(0, 9)));
    expect(computeRootOfHashes([a, b, c])).toEqual(hashNode(hashNode(a, b), c));
    expect(encodeHex(computeMerkleRoot([new Uint8Array(0)]))).toBe('6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d');
  });

  test('MK2 no leaves have the zero root, and a duplicated last leaf another root', () => {
    const [a, b, c] = leavesOf(3) as [Hash32, Hash32, Hash32];
    expect(computeMerkleRoot([])).toEqual(new Uint8Array(32));
    expect(computeRootOfHashes([a, b, c])).not.toEqual(computeRootOfHashes([a, b, c, c]));
  });

  test('MK5 peaks give the root of every size', () => {
    let peaks: readonly Hash32[] = [];
    const leaves = leavesOf(300);
    leaves.forEach((leaf, size) => {
      peaks = appendPeak(peaks, size, leaf).peaks;
      expect(computeRootFromPeaks(peaks)).toEqual(computeRootOfHashes(leaves.slice(0, size + 1)));
    });
    expect(computeRootFromPeaks([])).toEqual(new Uint8Array(32));
  });

  test('MK5 names each subtree that an append finishes', () => {
    let peaks: readonly Hash32[] = [];
    const leaves = leavesOf(64);
    const reader = readLeaves(leaves);
    leaves.forEach((leaf, size) => {
      const appended = appendPeak(peaks, size, leaf);
      peaks = appended.peaks;
      for (const { level, index, hash } of appended.finished) expect(hash).toEqual(reader.subtree(level, index));
    });
  });
});

describe('inclusion', () => {
  test('MK3 proves every leaf of every size to 70 and nothing else', () => {
    for (let size = 1; size <= 70; size++) {
      const leaves = leavesOf(size);
      const root = computeRootOfHashes(leaves);
      for (let index = 0; index < size; index++) {
        const branch = proveInclusion(readLeaves(leaves), index, size);
        const leaf = leaves[index] as Hash32;
        expect(verifyInclusion(leaf, { index, size }, branch, root)).toBe(true);
        expect(verifyInclusion(leaf, { index, size }, [...branch, leaf], root)).toMatchObject({ fault: 'branch-length' });
        if (size > 1) expect(verifyInclusion(leaf, { index: (index + 1) % size, size }, branch, root)).toHaveProperty('fault');
      }
    }
  });

  test('MK3 attack row B2: refuses every index at or above the count, for 1 to 300 leaves', () => {
    for (let size = 1; size <= 300; size++) {
      const leaves = leavesOf(size);
      const branch = proveInclusion(readLeaves(leaves), size - 1, size);
      for (const index of [size, size + 1, 2 * size, -1, 0.5])
        expect(verifyInclusion(leaves[size - 1] as Hash32, { index, size }, branch, computeRootOfHashes(leaves))).toMatchObject({
          fault: 'index-out-of-range',
        });
    }
  });

  test('MK3 a flipped bit never verifies', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 200 }), fc.nat(), fc.nat(), (size, pick, bit) => {
        const leaves = leavesOf(size);
        const index = pick % size;
        const branch = proveInclusion(readLeaves(leaves), index, size).map((hash) => hash.slice() as Hash32);
        const flat = bit % (branch.length * 256);
        (branch[flat >> 8] as Uint8Array)[(flat & 255) >> 3]! ^= 1 << (flat & 7);
        expect(verifyInclusion(leaves[index] as Hash32, { index, size }, branch, computeRootOfHashes(leaves))).toMatchObject({
          fault: 'merkle-root',
        });
      }),
    );
  });
});

describe('consistency', () => {
  test('MK4 a changed, missing or added hash never verifies', () => {
    for (let size = 2; size <= 33; size++) {
      const leaves = leavesOf(size);
      const now = { size, root: computeRootOfHashes(leaves) };
      for (let oldSize = 1; oldSize < size; oldSize++) {
        const old = { size: oldSize, root: computeRootOfHashes(leaves.slice(0, oldSize)) };
        const branch = proveConsistency(readLeaves(leaves), oldSize, size);
        branch.forEach((hash, i) => {
          expect(verifyConsistency(old, now, branch.with(i, sha256(hash)))).toMatchObject({ fault: 'merkle-root' });
          expect(verifyConsistency(old, now, branch.toSpliced(i, 1))).toMatchObject({ fault: 'branch-length' });
        });
        expect(verifyConsistency({ ...old, size: oldSize + 1 }, now, branch)).toHaveProperty('fault');
        expect(verifyConsistency(old, old, branch)).toHaveProperty('fault');
        expect(verifyConsistency(now, old, branch)).toMatchObject({ fault: 'index-out-of-range' });
      }
    }
  });

  test('MK4 proves every earlier size of every size to 40, and no other history', () => {
    for (let size = 1; size <= 40; size++) {
      const leaves = leavesOf(size);
      const now = { size, root: computeRootOfHashes(leaves) };
      for (let oldSize = 0; oldSize <= size; oldSize++) {
        const old = { size: oldSize, root: computeRootOfHashes(leaves.slice(0, oldSize)) };
        const branch = proveConsistency(readLeaves(leaves), oldSize, size);
        expect(verifyConsistency(old, now, branch)).toBe(true);
        if (oldSize > 0) {
          const other = { size: oldSize, root: computeRootOfHashes([...leaves.slice(0, oldSize - 1), hashLeaf(Uint8Array.of(7, 7, 7))]) };
          expect(verifyConsistency(other, now, branch)).toHaveProperty('fault');
          expect(verifyConsistency(old, now, [...branch, now.root])).toMatchObject({ fault: 'branch-length' });
        }
      }
    }
  });
});
