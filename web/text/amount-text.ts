import { MAX_AMOUNT, UNITS_PER_VC } from '#workers/rpc/amount';
import { type Fault, fault } from '#workers/rpc/fault';
import { LANGUAGES, type Language } from './language.ts';

export const DECIMALS = 8;
const PLAIN = /^\d+(?:\.\d*)?$|^\.\d+$/;
const GROUPED = /^\d{1,3}(?:,\d{3})+(?:\.\d*)?$/;

export interface AmountParts {
  readonly sign: '' | '+' | '−';
  readonly whole: string;
  /** two to eight digits, never rounded */
  readonly decimals: string;
}

/** Splits base units into what is shown: exact, grouped by locale, at least two decimals. @source SPEC WB4 */
export const splitAmount = (units: bigint, language: Language): AmountParts => {
  const size = units < 0n ? -units : units;
  const whole = new Intl.NumberFormat(LANGUAGES[language]).format(size / UNITS_PER_VC);
  const exact = (size % UNITS_PER_VC).toString().padStart(DECIMALS, '0');
  return { sign: units < 0n ? '−' : '', whole, decimals: exact.slice(0, 2) + exact.slice(2).replace(/0+$/, '') };
};

export const amountText = (units: bigint, language: Language): string => {
  const { sign, whole, decimals } = splitAmount(units, language);
  return `${sign}${whole}.${decimals}`;
};

/** The decimals in groups that the eye can count: two, then threes. */
export const groupDecimals = (decimals: string): readonly string[] => [decimals.slice(0, 2), ...(decimals.slice(2).match(/.{1,3}/g) ?? [])];

/** The plain form that a field holds and a file carries: no groups, no sign, no rounding. */
export const plainAmount = (units: bigint): string => {
  const decimals = (units % UNITS_PER_VC).toString().padStart(DECIMALS, '0').replace(/0+$/, '');
  return `${units / UNITS_PER_VC}${decimals === '' ? '' : `.${decimals}`}`;
};

export type AmountFault = Fault<'amount-empty' | 'amount-form' | 'amount-decimals' | 'amount-too-large' | 'amount-zero'>;

/**
 * Reads what a person typed: digits with at most eight decimals, whole groups of three allowed, full-width digits too.
 *
 * @unit result: base units
 * @fault `amount-empty`; `amount-form`; `amount-decimals`; `amount-too-large`: over 2^53 − 1 units; `amount-zero`
 * @source SPEC WB3
 */
export const parseAmount = (typed: string): bigint | AmountFault => {
  const text = typed
    .normalize('NFKC')
    .replaceAll('。', '.')
    .replace(/[\s\u00a0]/g, '');
  if (text === '') return fault('amount-empty');
  if (!PLAIN.test(text) && !GROUPED.test(text)) return fault('amount-form');
  const [whole = '', decimals = ''] = text.replaceAll(',', '').split('.');
  if (decimals.length > DECIMALS) return fault('amount-decimals', { decimals: decimals.length, most: DECIMALS });
  if (whole.length > DECIMALS + 4) return fault('amount-too-large');
  const units = BigInt(whole || '0') * UNITS_PER_VC + BigInt(decimals.padEnd(DECIMALS, '0'));
  if (units > MAX_AMOUNT) return fault('amount-too-large');
  return units === 0n ? fault('amount-zero') : units;
};
