import type { Parameters } from '../../params/parameters.ts';

/** Height of the ancestor in whose stakes trie a header's stake is proved. @source spec 03, stake proof */
export const epochHeightOf = (height: number, { stakeMaturity, stakeEpoch }: Parameters): number =>
  Math.max(0, Math.floor((height - stakeMaturity) / stakeEpoch) * stakeEpoch);
