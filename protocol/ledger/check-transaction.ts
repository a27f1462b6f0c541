import type { Brand } from '../brand.ts';
import { checkPunishment } from '../debt/check-punishment.ts';
import { type Fault, isFault } from '../fault.ts';
import type { RecordChange } from '../records/check-record.ts';
import type { Transaction } from '../tx/transaction.ts';
import { PUNISHMENT } from '../tx/transaction-type.ts';
import { checkLocks } from './check-locks.ts';
import { accountTransaction, judgeTransaction, type LedgerContext } from './judge-transaction.ts';
import type { ResolvedTransaction } from './resolve.ts';
import type { ScriptRun } from './run-scripts.ts';

export type { LedgerContext };

/**
 * A transaction that keeps every rule of the ledger at its place.
 *
 * @unit fee: base units; checks: signature checks
 * @shape run: undefined of a punishment, whose scripts are those of the declined transaction
 */
export type CheckedTransaction = Brand<
  ResolvedTransaction & {
    readonly fee: bigint;
    readonly checks: number;
    readonly run: ScriptRun | undefined;
    readonly record: RecordChange | undefined;
  },
  'CheckedTransaction'
>;

const checkSeizure = (transaction: Transaction, context: LedgerContext): CheckedTransaction | Fault => {
  const accounted = accountTransaction(transaction, context);
  if (isFault(accounted)) return accounted;
  const { resolved, fee } = accounted;
  const checks = checkPunishment(resolved, context);
  if (isFault(checks)) return checks;
  const locked = checkLocks(resolved, context.place, context.parameters);
  return locked ?? ({ ...resolved, fee, checks, run: undefined, record: undefined } as CheckedTransaction);
};

/**
 * Judges a transaction at its place, first broken rule first: form, layer and type, inputs, elements and amounts, sums,
 * source, lift, records, consent, freeze, locks, scripts in input order.
 *
 * @fault the rule's own code, with the input or output it concerns
 * @source SPEC LE16; spec 01, order of rules
 */
export const checkTransaction = (transaction: Transaction, context: LedgerContext): CheckedTransaction | Fault => {
  if (transaction.type === PUNISHMENT) return checkSeizure(transaction, context);
  const judged = judgeTransaction(transaction, context);
  if (isFault(judged)) return judged;
  const { resolved, fee, run, record, frozen, late } = judged;
  return frozen ?? late ?? ({ ...resolved, fee, checks: run.checks, run, record } as CheckedTransaction);
};
