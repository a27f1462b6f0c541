import type { EconomyPoint } from '#workers/rpc/chain-view';

/** The number that is the same in every header for ever, or undefined where headers differ or there are none. @source 02 economy */
export const conserved = (points: readonly EconomyPoint[]): bigint | undefined => {
  const [first, ...rest] = points.map(({ value, debt, fees }) => value - debt + fees);
  return first !== undefined && rest.every((sum) => sum === first) ? first : undefined;
};
