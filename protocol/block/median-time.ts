import { invariant } from '../invariant.ts';

export const MEDIAN_SPAN = 11;

/** @shape times: of up to 11 headers in any order @unit unix seconds; the upper middle where their number is even @source SPEC HD13 */
export const computeMedianTime = (times: readonly number[]): number => {
  invariant(times.length > 0 && times.length <= MEDIAN_SPAN, 'a median is over 1 to 11 headers');
  const sorted = times.slice().sort((a, b) => a - b);
  return sorted[sorted.length >> 1] as number;
};
