import type { Draft } from '../draft/draft.ts';
import { type Funding, type FundingFault, fundDraft } from '../draft/fund-draft.ts';
import { type Fault, fault } from '../fault.ts';
import type { Coin } from '../ledger/coin.ts';
import { CIRCULATION, DEBT_LAYER } from '../tx/layer.ts';

/**
 * Plans the repayment of debts by whoever has the money; the debtor's key is not asked for.
 *
 * @shape debts: of any account, in the circulation or the debt layer
 * @fault `debt-absent`: none, or a coin that is no debt; those of `fundDraft`
 * @source SPEC BD6; spec 01, repayment needs no key; spec 04, credit 3
 */
export const planRepayment = (debts: readonly Coin[], funding: Funding): Draft | FundingFault | Fault<'debt-absent'> => {
  if (debts.length === 0 || debts.some(({ element }) => element !== 'debt')) return fault('debt-absent');
  const layer = debts.some((coin) => coin.layer === DEBT_LAYER) ? DEBT_LAYER : CIRCULATION;
  return fundDraft({ layer, coins: debts, outputs: [] }, funding);
};
