/** @unit base units, 1 VC = 10^8 */
export const MAX_AMOUNT = 2n ** 53n - 1n;
/** Base units in one VC. */
export const UNITS_PER_VC = 100_000_000n;

export const isAmountRange = (units: bigint): boolean => units >= 0n && units <= MAX_AMOUNT;
