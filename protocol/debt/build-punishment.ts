import { isFault } from '../fault.ts';
import { invariant } from '../invariant.ts';
import type { Coin } from '../ledger/coin.ts';
import type { LedgerContext } from '../ledger/judge-transaction.ts';
import type { Holder } from '../ledger/ledger-view.ts';
import { encodeTermOperand, matchDebtScript } from '../script/forms/debt.ts';
import { CIRCULATION } from '../tx/layer.ts';
import type { Outpoint } from '../tx/outpoint.ts';
import type { Transaction } from '../tx/transaction.ts';
import { encodeTransaction } from '../tx/transaction-codec.ts';
import { PUNISHMENT } from '../tx/transaction-type.ts';
import { findFrozenAccount } from './check-freeze.ts';
import { isWhollySigned, judgeDeclined } from './check-punishment.ts';

const FINAL_SEQUENCE = 0xffff_ffff;

/** What a punishment of a declined transaction may take: coins of one frozen account. @unit amount: base units */
export interface Seizure {
  readonly declined: Transaction;
  readonly account: Holder;
  readonly seized: readonly Outpoint[];
  readonly amount: bigint;
}

/**
 * Everything that may be seized of what a frozen account tried to move; of several accounts the one that gives most. undefined:
 * nothing may, because it is lawful, breaks another rule, or no input is one account's own and signed as a whole.
 *
 * @source SPEC PU1, PU2; spec 04, punishment
 */
export const planSeizure = (declined: Transaction, context: LedgerContext): Seizure | undefined => {
  if (declined.type === PUNISHMENT) return undefined;
  const judged = judgeDeclined(declined, context);
  if (isFault(judged)) return undefined;
  const plans = new Map<Holder, { readonly seized: readonly Outpoint[]; readonly amount: bigint }>();
  for (const input of judged.run.inputs) {
    const { coin } = input;
    const account = coin.element === 'value' && coin.layer === CIRCULATION ? findFrozenAccount(input, context) : undefined;
    if (account === undefined || !isWhollySigned(input)) continue;
    const { seized, amount } = plans.get(account) ?? { seized: [], amount: 0n };
    plans.set(account, { seized: [...seized, coin.outpoint], amount: amount + coin.amount });
  }
  const [best] = [...plans].sort(([, a], [, b]) => (b.amount > a.amount ? 1 : b.amount < a.amount ? -1 : 0));
  return best && { declined, account: best[0], ...best[1] };
};

/**
 * The punishment that takes a seizure for an overdue debt: all of it is its fee.
 *
 * @shape liability: a standard debt
 * @source SPEC PU3; spec 04, punishment
 */
export const buildPunishment = ({ declined, seized }: Seizure, liability: Coin): Transaction => {
  const term = matchDebtScript(liability.script)?.term;
  invariant(term !== undefined, 'a liability is a standard debt');
  const taken = seized.map((outpoint, index) => ({
    outpoint,
    sequence: FINAL_SEQUENCE,
    witness: index === 0 ? [encodeTransaction(declined)] : [],
  }));
  const sequence = term.kind === 'expiry' ? FINAL_SEQUENCE - 1 : encodeTermOperand(term);
  return {
    layer: CIRCULATION,
    type: PUNISHMENT,
    inputs: [...taken, { outpoint: liability.outpoint, sequence, witness: [] }],
    outputs: [],
    lockTime: term.kind === 'expiry' ? term.lockTime : 0,
  };
};
