import { type Fault, fault } from '../fault.ts';
import { PSBT_GLOBAL, PSBT_INPUT } from './fields.ts';
import { findNumber, type PsbtMap } from './psbt.ts';

/** Lock times from here on are unix seconds. */
const TIME_THRESHOLD = 500_000_000;

type LockTimeFault = Fault<'psbt-lock-time'>;

const isInRange = (input: PsbtMap): boolean => {
  const [time, height] = [findNumber(input, PSBT_INPUT.requiredTime), findNumber(input, PSBT_INPUT.requiredHeight)];
  return (time === undefined || time >= TIME_THRESHOLD) && (height === undefined || (height > 0 && height < TIME_THRESHOLD));
};

const highest = (inputs: readonly PsbtMap[], type: number): number => Math.max(...inputs.map((input) => findNumber(input, type) ?? 0));

/**
 * The lock time that all inputs of a version 2 PSBT can live with: heights where all that ask for something take a height.
 *
 * @fault `psbt-lock-time`: some input takes only a height and another only a time, or a number is of the other kind
 * @source SPEC PS3; BIP370
 */
export const computePsbtLockTime = (global: PsbtMap, inputs: readonly PsbtMap[]): number | LockTimeFault => {
  const asking = inputs.filter((input) =>
    [PSBT_INPUT.requiredTime, PSBT_INPUT.requiredHeight].some((type) => findNumber(input, type) !== undefined),
  );
  if (!asking.every(isInRange)) return fault('psbt-lock-time');
  if (asking.length === 0) return findNumber(global, PSBT_GLOBAL.fallbackLockTime) ?? 0;
  for (const type of [PSBT_INPUT.requiredHeight, PSBT_INPUT.requiredTime])
    if (asking.every((input) => findNumber(input, type) !== undefined)) return highest(asking, type);
  return fault('psbt-lock-time');
};
