import { compareBytes, equalBytes } from '../codec/bytes.ts';
import { type Fault, fault } from '../fault.ts';
import { clearFrom, fillFrom } from './bits.ts';
import type { KeyRange } from './node.ts';

export const MAX_RANGES = 256;

/** All keys that begin with the first `bits` bits of `key`. @source SPEC TR4 */
export const prefixRange = (key: Uint8Array, bits: number): KeyRange => {
  const lo = new Uint8Array(32);
  lo.set(key.subarray(0, 32));
  clearFrom(lo, bits);
  const hi = lo.slice();
  fillFrom(hi, bits);
  return { lo, hi };
};

/** The range of one key. @shape key: 32 bytes */
export const keyRange = (key: Uint8Array): KeyRange => ({ lo: key, hi: key });

/** @fault `range-order`: none, more than 256, not ascending, overlapping, or not of 32 bytes @source SPEC TR4 */
export const checkRanges = (ranges: readonly KeyRange[]): true | Fault<'range-order'> => {
  const ordered = ranges.every(
    ({ lo, hi }, i) =>
      lo.length === 32 &&
      hi.length === 32 &&
      compareBytes(lo, hi) <= 0 &&
      (i === 0 || compareBytes((ranges[i - 1] as KeyRange).hi, lo) < 0),
  );
  return ordered && ranges.length >= 1 && ranges.length <= MAX_RANGES ? true : fault('range-order', { ranges: ranges.length });
};

/** The part of the ranges that "complete up to K" speaks of. @source SPEC TR7 */
export const cutRanges = (ranges: readonly KeyRange[], upTo: Uint8Array): KeyRange[] =>
  ranges.filter(({ lo }) => compareBytes(lo, upTo) <= 0).map(({ lo, hi }) => ({ lo, hi: compareBytes(hi, upTo) <= 0 ? hi : upTo }));

const successor = (key: Uint8Array): Uint8Array | undefined => {
  const next = key.slice();
  for (let i = 31; i >= 0; i--) {
    next[i] = ((next[i] as number) + 1) & 0xff;
    if (next[i] !== 0) return next;
  }
  return undefined;
};

/** What is still to be asked after "complete up to K": empty when nothing is. @source SPEC TR7 */
export const rangesAfter = (ranges: readonly KeyRange[], upTo: Uint8Array): KeyRange[] => {
  const start = successor(upTo);
  if (start === undefined) return [];
  return ranges.filter(({ hi }) => compareBytes(hi, upTo) > 0).map(({ lo, hi }) => ({ lo: compareBytes(lo, start) < 0 ? start : lo, hi }));
};

/**
 * An answer ends where its ranges end, or behind the last leaf it gives: it cannot claim to be complete further, nor stop
 * without having given anything.
 *
 * @shape last: key of the last proven leaf, undefined when there is none
 * @fault `up-to`
 * @source SPEC TR10
 */
export const checkUpTo = (ranges: readonly KeyRange[], upTo: Uint8Array, last: Uint8Array | undefined): true | Fault<'up-to'> => {
  const end = ranges[ranges.length - 1]?.hi;
  const isWhole = end !== undefined && equalBytes(upTo, end);
  return isWhole || (last !== undefined && equalBytes(upTo, last)) ? true : fault('up-to', { ranges: ranges.length });
};
