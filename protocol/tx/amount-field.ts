import type { ByteReader } from '../codec/reader.ts';
import { isAmountRange } from './amount.ts';
import { ELEMENTS, type Element } from './element.ts';

const ELEMENT_SHIFT = 62n;
const AMOUNT_MASK = (1n << ELEMENT_SHIFT) - 1n;
const ELEMENT_BITS: Readonly<Record<Element, bigint>> = { value: 0n, credit: 1n << ELEMENT_SHIFT, debt: 2n << ELEMENT_SHIFT };

/** @shape u64: bits 62 and 63 are the element, the rest the amount @source SPEC TX2 */
export const encodeAmountField = (element: Element, amount: bigint): bigint => ELEMENT_BITS[element] | amount;

/**
 * Reads element and amount from one u64.
 *
 * @fault (by the reader) `element`: both bits are set; `amount-range`: above MAX_AMOUNT
 * @source SPEC TX2
 */
export const readAmountField = (reader: ByteReader): { readonly element: Element; readonly amount: bigint } => {
  const field = reader.u64();
  const element = field <= AMOUNT_MASK ? 'value' : (ELEMENTS[Number(field >> ELEMENT_SHIFT)] ?? reader.refuse('element'));
  const amount = field & AMOUNT_MASK;
  return isAmountRange(amount) ? { element, amount } : reader.refuse('amount-range', { amount });
};
