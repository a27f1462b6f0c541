import { describe, expect, test } from 'vitest';
import { concatBytes } from '../codec/bytes.ts';
import type { Hash32 } from '../codec/hash32.ts';
import { sha256 } from '../crypto/hash.ts';
import { proveInclusion } from '../merkle/inclusion.ts';
import { computeRootFromPeaks } from '../merkle/peaks.ts';
import { computeRootOfHashes, readLeaves } from '../merkle/tree.ts';
import { appendHistory, type HistoryEntry, hashHistoryLeaf, verifyAncestor, verifyAncestorRun } from './history.ts';

const entryAt = (height: number): HistoryEntry => ({
  headerHash: sha256(Uint8Array.of(0, height & 255, height >> 8)),
  filterHash: sha256(Uint8Array.of(1, height & 255, height >> 8)),
});

const entriesTo = (size: number): HistoryEntry[] => Array.from({ length: size }, (_, height) => entryAt(height));
const historyOf = (size: number) => {
  const leaves = entriesTo(size).map(hashHistoryLeaf);
  return { size, root: computeRootOfHashes(leaves), leaves, branch: (height: number) => proveInclusion(readLeaves(leaves), height, size) };
};

describe('history', () => {
  test('HI1 holds header hash and filter hash in one leaf, and grows a header at a time', () => {
    const { headerHash, filterHash } = entryAt(3);
    expect(hashHistoryLeaf(entryAt(3))).toEqual(sha256(concatBytes(Uint8Array.of(0), headerHash, filterHash)));
    let peaks: readonly Hash32[] = [];
    for (let height = 0; height < 100; height++) {
      expect(computeRootFromPeaks(peaks)).toEqual(computeRootOfHashes(entriesTo(height).map(hashHistoryLeaf)));
      peaks = appendHistory(peaks, height, entryAt(height)).peaks;
    }
  });

  test('HI2 proves an ancestor at its height and size only', () => {
    const history = historyOf(77);
    for (const height of [0, 1, 38, 63, 64, 76]) {
      const branch = history.branch(height);
      expect(verifyAncestor(history, height, entryAt(height), branch)).toBe(true);
      expect(verifyAncestor(history, height, entryAt(height + 1), branch)).toMatchObject({ fault: 'merkle-root' });
      expect(verifyAncestor(history, height, { ...entryAt(height), filterHash: entryAt(0).headerHash }, branch)).toHaveProperty('fault');
      expect(verifyAncestor(history, height, entryAt(height), branch.slice(1))).toMatchObject({ fault: 'branch-length' });
      expect(verifyAncestor({ ...history, size: 150 }, height, entryAt(height), branch)).toMatchObject({ fault: 'branch-length' });
      expect(verifyAncestor(history, 77, entryAt(height), branch)).toMatchObject({ fault: 'index-out-of-range' });
    }
  });

  test('HI2 a million headers take 20 hashes to reach back', () => {
    const size = 1_000_000;
    const reader = {
      subtree: (level: number, index: number) => sha256(Uint8Array.of(level, index & 255, (index >> 8) & 255, index >> 16)),
    };
    expect(Math.max(...[0, 1, 524_287, 524_288].map((index) => proveInclusion(reader, index, size).length))).toBe(20);
  });

  test('HI3 proves every run of every history to 24 headers', () => {
    for (let size = 1; size <= 24; size++) {
      const history = historyOf(size);
      for (let from = 0; from < size; from++)
        for (let to = from; to < size; to++) {
          const entries = entriesTo(size).slice(from, to + 1);
          expect(verifyAncestorRun(history, { from, entries }, history.branch(from), history.branch(to))).toBe(true);
        }
    }
  });

  test('HI3 refuses a run with one leaf changed, left out, moved or too many', () => {
    const history = historyOf(50);
    const entries = entriesTo(50).slice(10, 30);
    const [first, last] = [history.branch(10), history.branch(29)];
    const verify = (from: number, changed: readonly HistoryEntry[]) => verifyAncestorRun(history, { from, entries: changed }, first, last);
    expect(verify(10, entries)).toBe(true);
    for (let i = 0; i < entries.length; i++) {
      expect(verify(10, entries.with(i, entryAt(99)))).toMatchObject({ fault: 'merkle-root' });
      expect(verify(10, entries.toSpliced(i, 1))).toHaveProperty('fault');
    }
    expect(verify(11, entries)).toHaveProperty('fault');
    expect(verify(10, [])).toMatchObject({ fault: 'index-out-of-range' });
    expect(verify(45, entries)).toHaveProperty('fault');
    for (const short of [first.slice(1), [...first, first[0]!], []])
      expect(verifyAncestorRun(history, { from: 10, entries }, short, last)).toMatchObject({ fault: 'branch-length' });
    for (const short of [last.slice(1), [...last, last[0]!], []])
      expect(verifyAncestorRun(history, { from: 10, entries }, first, short)).toMatchObject({ fault: 'branch-length' });
    const broken = last.with(last.length - 1, entryAt(0).headerHash);
    expect(verifyAncestorRun(history, { from: 10, entries }, first, broken)).toHaveProperty('fault');
  });
});
