import { compareBytes } from '#protocol/codec/bytes';
import type { KeyRange } from '#protocol/trie/node';

const LEAST_BITS = 8;
const MOST_BITS = 16;
/** coins that share one bucket on average, so that an asker is one of about forty owners */
const COINS_PER_BUCKET = 64n;

/** The middle of what the peers say: one liar among three moves nothing. */
export const computeMedianCount = (counts: readonly bigint[]): bigint => {
  const sorted = [...counts].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0n;
};

/** @source SPEC LC14: floor(log2(coins / 64)) from 8 to 16 */
export const computeBucketBits = (coins: bigint): number => {
  const bits = coins < COINS_PER_BUCKET ? 0 : (coins / COINS_PER_BUCKET).toString(2).length - 1;
  return Math.min(MOST_BITS, Math.max(LEAST_BITS, bits));
};

/** Bits change only when the state has doubled or halved since they were chosen: a small change would tell two prefixes of one owner. */
export const planBucketBits = (chosen: { readonly bits: number; readonly coins: bigint } | undefined, coins: bigint) =>
  chosen !== undefined && coins < chosen.coins * 2n && coins * 2n > chosen.coins ? chosen : { bits: computeBucketBits(coins), coins };

/** Sorted by `lo`, with what touches or overlaps made one: the form a multiproof wants. */
export const mergeRanges = (ranges: readonly KeyRange[]): readonly KeyRange[] => {
  const sorted = [...ranges].sort((a, b) => compareBytes(a.lo, b.lo));
  const merged: KeyRange[] = [];
  for (const range of sorted) {
    const last = merged.at(-1);
    if (last === undefined || compareBytes(range.lo, last.hi) > 0) merged.push(range);
    else if (compareBytes(range.hi, last.hi) > 0) merged[merged.length - 1] = { lo: last.lo, hi: range.hi };
  }
  return merged;
};
