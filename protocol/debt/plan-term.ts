import { type Fault, fault } from '../fault.ts';
import type { Coin } from '../ledger/coin.ts';
import type { Parameters } from '../params/parameters.ts';
import { buildDebtScript, type DebtTerm, isDebtTerm } from '../script/forms/debt.ts';
import { computeDue, isDue } from './due.ts';

/** After which block a transaction would stand. @unit medianTime: unix seconds */
export interface DebtPlace {
  readonly height: number;
  readonly medianTime: number;
}

export type TermFault = Fault<'debt-term' | 'debt-overdue'>;

/**
 * The script of a debt that is not overdue as soon as it is in a block.
 *
 * @shape tag: 20 bytes; outpoint: any
 * @fault `debt-term`: out of range; `debt-overdue`: it would be due in the block that makes it
 * @source SPEC BD5; spec 04, overdue
 */
export const planDebtScript = (
  tag: Uint8Array,
  term: DebtTerm,
  { height, medianTime }: DebtPlace,
  context: { readonly outpoint: Coin['outpoint']; readonly parameters: Parameters },
): Uint8Array | TermFault => {
  if (!isDebtTerm(term)) return fault('debt-term');
  const script = buildDebtScript({ tag, term });
  const made: Coin = {
    outpoint: context.outpoint,
    element: 'debt',
    amount: context.parameters.minDebt,
    script,
    layer: 0,
    type: 0,
    height: height + 1,
    medianTime,
  };
  return isDue(computeDue(made, context.parameters), height + 1, medianTime) ? fault('debt-overdue') : script;
};
