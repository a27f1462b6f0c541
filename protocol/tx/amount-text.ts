import { type Fault, fault } from '../fault.ts';
import { MAX_AMOUNT, UNITS_PER_VC } from './amount.ts';

const DECIMALS = 8;

export type AmountTextFault = Fault<'amount-form' | 'amount-decimals' | 'amount-too-large'>;

/**
 * Reads an amount in VC, written with digits and at most one point.
 *
 * @unit result: base units
 * @fault `amount-form`: not a number; `amount-decimals`: more than 8; `amount-too-large`: above MAX_AMOUNT
 * @source SPEC AD5
 */
export const parseAmount = (text: string): bigint | AmountTextFault => {
  const match = /^(\d{0,18})(?:\.(\d*))?$/.exec(text);
  const [, whole = '', part = ''] = match ?? [];
  if (match === null) return /^\d+(\.\d*)?$/.test(text) ? fault('amount-too-large', { digits: text.length }) : fault('amount-form');
  if (whole === '' && part === '') return fault('amount-form');
  if (part.length > DECIMALS) return fault('amount-decimals', { decimals: part.length });
  const units = BigInt(whole === '' ? '0' : whole) * UNITS_PER_VC + BigInt(part.padEnd(DECIMALS, '0'));
  return units > MAX_AMOUNT ? fault('amount-too-large', { units }) : units;
};

/** Writes base units in VC: no grouping, no zeros that say nothing. @source SPEC AD5 */
export const formatAmount = (units: bigint): string => {
  const whole = units / UNITS_PER_VC;
  const part = (units % UNITS_PER_VC).toString().padStart(DECIMALS, '0').replace(/0+$/, '');
  return part === '' ? whole.toString() : `${whole}.${part}`;
};
