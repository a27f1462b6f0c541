import { type Fault, fault } from '../fault.ts';
import { UNITS_PER_VC } from '../tx/amount.ts';
import type { Element } from '../tx/element.ts';
import { MANAGEMENT } from '../tx/layer.ts';
import { type ResolvedTransaction, spendsOf } from './resolve.ts';

const total = (items: readonly { readonly element: Element; readonly amount: bigint }[], element: Element): bigint =>
  items.reduce((sum, item) => (item.element === element ? sum + item.amount : sum), 0n);

/** What a transaction brings and makes. @unit base units; value: debt already taken off @source SPEC LE7, LE8 */
export interface Sums {
  readonly valueIn: bigint;
  readonly valueOut: bigint;
  readonly creditIn: bigint;
  readonly creditOut: bigint;
  readonly debtOut: bigint;
}

export const computeSums = (resolved: ResolvedTransaction): Sums => {
  const spent = spendsOf(resolved).map(({ coin }) => coin);
  const { outputs } = resolved.transaction;
  const debtOut = total(outputs, 'debt');
  return {
    valueIn: total(spent, 'value') - total(spent, 'debt'),
    valueOut: total(outputs, 'value') - debtOut,
    creditIn: total(
      resolved.inputs.map(({ coin }) => coin),
      'credit',
    ),
    creditOut: total(outputs, 'credit'),
    debtOut,
  };
};

/**
 * The value rule and the credit rules.
 *
 * @unit result: the fee, base units
 * @fault `value-created`; `credit-created`; `debt-without-credit`: more debt than credit used up
 * @source SPEC LE7, LE8
 */
export const checkSums = (resolved: ResolvedTransaction): bigint | Fault<'value-created' | 'credit-created' | 'debt-without-credit'> => {
  const { valueIn, valueOut, creditIn, creditOut, debtOut } = computeSums(resolved);
  if (valueOut > valueIn) return fault('value-created', { valueIn, valueOut });
  if (creditOut > creditIn) return fault('credit-created', { creditIn, creditOut });
  const netCredit = creditIn - creditOut;
  return debtOut > netCredit ? fault('debt-without-credit', { debt: debtOut, credit: netCredit }) : valueIn - valueOut;
};

/**
 * Credit never rises a layer, and sources are neither burnt nor shredded.
 *
 * @fault `credit-lifted`: a management transaction whose credit outputs are not exactly the management credit it spends;
 * `source-minimum`: one below 1 VC
 * @source SPEC LE10
 */
export const checkLift = (resolved: ResolvedTransaction): undefined | Fault<'credit-lifted' | 'source-minimum'> => {
  const { layer, outputs } = resolved.transaction;
  if (layer !== MANAGEMENT) return undefined;
  const sources = spendsOf(resolved)
    .map(({ coin }) => coin)
    .filter((coin) => coin.layer === MANAGEMENT);
  const [before, after] = [total(sources, 'credit'), total(outputs, 'credit')];
  if (before !== after) return fault('credit-lifted', { before, after });
  const small = outputs.findIndex(({ element, amount }) => element === 'credit' && amount < UNITS_PER_VC);
  return small === -1 ? undefined : fault('source-minimum', { output: small });
};
