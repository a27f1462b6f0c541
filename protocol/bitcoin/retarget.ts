import { encodeBits, targetOfBits } from '../params/target.ts';

export const RETARGET_PERIOD = 2_016;
const TIMESPAN = 14 * 24 * 60 * 60;
const MAX_STEP = 4;

/**
 * The bits of the period that follows one whose last header carried `bits`.
 *
 * @unit seconds: from the first header of the period to its last, as Bitcoin counts it (one spacing short)
 * @source SPEC BT3; Bitcoin Core, CalculateNextWorkRequired
 */
export const computeNextPeriodBits = (bits: number, seconds: number, limitBits: number): number => {
  const span = Math.min(Math.max(seconds, TIMESPAN / MAX_STEP), TIMESPAN * MAX_STEP);
  const target = (targetOfBits(bits) * BigInt(span)) / BigInt(TIMESPAN);
  const limit = targetOfBits(limitBits);
  return encodeBits(target > limit ? limit : target);
};
