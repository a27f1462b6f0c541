import type { Draft } from '../draft/draft.ts';
import { computeDraftFee } from '../draft/draft-size.ts';
import { makeDraft } from '../draft/fund-draft.ts';
import { type Fault, fault, isFault } from '../fault.ts';
import type { Coin } from '../ledger/coin.ts';
import type { Parameters } from '../params/parameters.ts';
import type { DebtTerm } from '../script/forms/debt.ts';
import type { TransactionOutput } from '../tx/transaction.ts';
import { type DebtPlace, planDebtScript, type TermFault } from './plan-term.ts';
import { selectCredit } from './select-credit.ts';

/**
 * A debt to be drawn, one term for each instalment.
 *
 * @shape credit: coins of one owner; consent: a value coin of the debtor where the credit is somebody else's; tag: of the
 * debtor, 20 bytes; valueScript: where the money goes; creditScript: where credit that is left goes
 * @unit amount: base units that will be owed; feeRate: base units per 1,000 virtual bytes
 */
export interface DrawOrder {
  readonly credit: readonly Coin[];
  readonly consent: Coin | undefined;
  readonly tag: Uint8Array;
  readonly amount: bigint;
  readonly terms: readonly DebtTerm[];
  readonly valueScript: Uint8Array;
  readonly creditScript: Uint8Array;
  readonly place: DebtPlace;
  readonly feeRate: bigint;
  readonly parameters: Parameters;
}

export type DrawFault = TermFault | Fault<'credit-insufficient' | 'debt-minimum' | 'draw-small'>;

const instalmentsOf = (amount: bigint, count: number): readonly bigint[] => {
  const each = amount / BigInt(count);
  return Array.from({ length: count }, (_, i) => (i === count - 1 ? amount - each * BigInt(count - 1) : each));
};

const planDebts = (order: DrawOrder): readonly TransactionOutput[] | DrawFault => {
  const { amount, terms, tag, place, parameters, credit } = order;
  const outpoint = credit[0]?.outpoint;
  if (outpoint === undefined || terms.length === 0) return fault('credit-insufficient', { amount, available: 0n });
  const debts: TransactionOutput[] = [];
  for (const [i, owed] of instalmentsOf(amount, terms.length).entries()) {
    if (owed < parameters.minDebt) return fault('debt-minimum', { amount: owed, minimum: parameters.minDebt });
    const script = planDebtScript(tag, terms[i] as DebtTerm, place, { outpoint, parameters });
    if (isFault(script)) return script;
    debts.push({ element: 'debt', amount: owed, script });
  }
  return debts;
};

/**
 * Plans a draw: credit is used up, the debtor owes as much in as many debts as there are terms, and has it as money, less
 * the fee.
 *
 * @fault `credit-insufficient`; `debt-minimum`: an instalment below `minDebt`; `draw-small`: the fee leaves no money;
 * `debt-term`, `debt-overdue`
 * @source SPEC BD5; spec 04, credit 2
 */
export const planDraw = (order: DrawOrder): Draft | DrawFault => {
  const { amount, consent, valueScript, creditScript, feeRate, parameters } = order;
  const credit = selectCredit(order.credit, amount);
  if (isFault(credit)) return credit;
  const debts = planDebts(order);
  if (isFault(debts)) return debts;
  const coins = consent === undefined ? credit.coins : [...credit.coins, consent];
  const brought = amount + (consent?.amount ?? 0n);
  const draftOf = (value: bigint): Draft =>
    makeDraft({
      coins,
      outputs: [
        ...debts,
        { element: 'value', amount: value, script: valueScript },
        ...(credit.left > 0n ? [{ element: 'credit', amount: credit.left, script: creditScript } as const] : []),
      ],
    });
  const value = brought - computeDraftFee(draftOf(brought), feeRate);
  return value < parameters.minOutput ? fault('draw-small', { amount, value }) : draftOf(value);
};
