import type { Parameters } from '../params/parameters.ts';

/** @source SPEC ST11; spec 03, burn blocks */
export const isBurnHeight = (height: number, { burnEvery }: Parameters): boolean => height > 0 && height % burnEvery === 0;

/** Height of the ancestor in whose stakes trie the stake of a header is proved. @source SPEC ST6; spec 03, stake proof */
export const computeEpochHeight = (height: number, { stakeMaturity, stakeEpoch }: Parameters): number =>
  Math.max(0, Math.floor((height - stakeMaturity) / stakeEpoch) * stakeEpoch);
