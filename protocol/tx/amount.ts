import type { Brand } from '../brand.ts';
import { invariant } from '../invariant.ts';
import type { Element } from './element.ts';

/** @unit base units, 1 VC = 10^8; 0 to 2^53 − 1; value, credit and debt cannot be mixed */
export type Amount<E extends Element = Element> = Brand<bigint, `amount-${E}`>;

export const MAX_AMOUNT = 2n ** 53n - 1n;
export const UNITS_PER_VC = 100_000_000n;

export const isAmountRange = (units: bigint): boolean => units >= 0n && units <= MAX_AMOUNT;

export const asAmount = <E extends Element>(units: bigint): Amount<E> => {
  invariant(isAmountRange(units), 'an amount is in range');
  return units as Amount<E>;
};
