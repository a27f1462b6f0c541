import { equalBytes } from '../codec/bytes.ts';
import type { Draft } from '../draft/draft.ts';
import { type Funding, type FundingFault, fundDraft } from '../draft/fund-draft.ts';
import { type Fault, fault, isFault } from '../fault.ts';
import type { Coin } from '../ledger/coin.ts';
import { type DebtTerm, matchDebtScript } from '../script/forms/debt.ts';
import { computeScriptTag } from '../script/owner-tag.ts';
import { CIRCULATION } from '../tx/layer.ts';
import type { TransactionOutput } from '../tx/transaction.ts';
import { computeDue, isDue } from './due.ts';
import { type DebtPlace, planDebtScript, type TermFault } from './plan-term.ts';
import { selectCredit } from './select-credit.ts';

/** @shape debt: a standard debt; creditScript: where credit that is left goes */
export interface RollOrder {
  readonly debt: Coin;
  readonly credit: readonly Coin[];
  readonly term: DebtTerm;
  readonly creditScript: Uint8Array;
  readonly place: DebtPlace;
}

export type RollFault = TermFault | Fault<'credit-insufficient' | 'credit-frozen' | 'debt-absent'>;

/**
 * Plans that a debt goes on under a new term: as much new credit is used up, and the debtor's value pays the fee.
 *
 * @fault `debt-absent`: no standard debt of the circulation layer; `credit-insufficient`; `credit-frozen`: the debt is
 * overdue and credit of the debtor's own would be left, which may not leave him; `debt-term`, `debt-overdue`; those of
 * `fundDraft`
 * @source SPEC BD7, DE5; spec 04, credit 4
 */
export const planRoll = (order: RollOrder, funding: Funding): Draft | RollFault | FundingFault => {
  const { debt, term, place, creditScript } = order;
  const form = debt.element === 'debt' && debt.layer === CIRCULATION ? matchDebtScript(debt.script) : undefined;
  if (form === undefined) return fault('debt-absent');
  const credit = selectCredit(order.credit, debt.amount);
  if (isFault(credit)) return credit;
  const overdue = isDue(computeDue(debt, funding.parameters), place.height, place.medianTime);
  const own = credit.coins.some((coin) => equalBytes(computeScriptTag(coin.script), form.tag));
  if (overdue && own && credit.left > 0n) return fault('credit-frozen', { left: credit.left });
  const script = planDebtScript(form.tag, term, place, { outpoint: debt.outpoint, parameters: funding.parameters });
  if (isFault(script)) return script;
  const outputs: TransactionOutput[] = [
    { element: 'debt', amount: debt.amount, script },
    ...(credit.left > 0n ? [{ element: 'credit', amount: credit.left, script: creditScript } as const] : []),
  ];
  return fundDraft({ coins: [debt, ...credit.coins], outputs }, funding);
};
