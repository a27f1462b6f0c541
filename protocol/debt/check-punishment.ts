import { type Fault, fault, isFault } from '../fault.ts';
import { type Judged, judgeTransaction, type LedgerContext } from '../ledger/judge-transaction.ts';
import type { Holder } from '../ledger/ledger-view.ts';
import type { ResolvedInput, ResolvedTransaction } from '../ledger/resolve.ts';
import type { RunInput } from '../ledger/run-scripts.ts';
import { type DebtForm, type DebtTerm, encodeTermOperand, matchDebtScript } from '../script/forms/debt.ts';
import { SIGHASH_ALL } from '../script/sighash.ts';
import { isLockTimeMet, isSequenceMet } from '../script/transaction-checker.ts';
import { CIRCULATION } from '../tx/layer.ts';
import { outpointKey } from '../tx/outpoint.ts';
import type { Transaction } from '../tx/transaction.ts';
import { decodeTransaction } from '../tx/transaction-codec.ts';
import { PUNISHMENT } from '../tx/transaction-type.ts';
import { findFrozenAccount } from './check-freeze.ts';
import { computeDue, isDue } from './due.ts';

const RELATIVE_LOCK_VERSION = 2;

interface Parts {
  readonly seized: readonly ResolvedInput[];
  readonly liability: ResolvedInput;
  readonly declined: Transaction;
}

const readDeclined = ({ transaction }: ResolvedTransaction, first: ResolvedInput): Transaction | Fault => {
  const item = transaction.inputs[first.index]?.witness[0] as Uint8Array;
  const declined = decodeTransaction(item);
  if (isFault(declined)) return fault('declined-form', { code: declined.fault });
  return declined.type === PUNISHMENT ? fault('declined-form', { type: PUNISHMENT }) : declined;
};

/** @fault `punishment-form`; `punishment-witness`; `declined-form` @source SPEC DE6 */
const readParts = (resolved: ResolvedTransaction): Parts | Fault => {
  const { transaction, inputs } = resolved;
  const [liability, ...more] = inputs.filter(({ coin }) => coin.element === 'debt');
  const seized = inputs.filter(({ coin }) => coin.element !== 'debt');
  const [first] = seized;
  const whole = liability !== undefined && more.length === 0 && first !== undefined && transaction.outputs.length === 0;
  if (!whole) return fault('punishment-form', { seized: seized.length, outputs: transaction.outputs.length });
  const wrong = transaction.inputs.findIndex(({ witness }, i) => witness.length !== (i === first.index ? 1 : 0));
  if (wrong !== -1) return fault('punishment-witness', { input: wrong });
  const declined = readDeclined(resolved, first);
  return isFault(declined) ? declined : { seized, liability, declined };
};

/**
 * A lawful payment is never seizable: what was declined breaks the freeze rule, and no other.
 *
 * @fault `declined-invalid`: another rule, with its code; `declined-lawful`
 * @source SPEC DE7
 */
export const judgeDeclined = (declined: Transaction, context: LedgerContext): Judged | Fault<'declined-invalid' | 'declined-lawful'> => {
  const judged = judgeTransaction(declined, context);
  if (isFault(judged)) return fault('declined-invalid', { code: judged.fault });
  if (judged.late !== undefined) return fault('declined-invalid', { code: judged.late.fault });
  return judged.frozen === undefined ? fault('declined-lawful') : judged;
};

/** Whether all signatures that an input accepts are SIGHASH_ALL, so that nobody can have put it into another transaction. @source SPEC DE8 */
export const isWhollySigned = ({ satisfied }: RunInput): boolean =>
  satisfied.accepted.every(({ sighashType }) => sighashType === SIGHASH_ALL);

/**
 * The one account whose coins are seized.
 *
 * @fault `seized-not-declined`: no input of what was declined; `seized-element`: not circulation value; `seized-not-frozen`:
 * free, or of another account; `seized-sighash`: signed otherwise than ALL
 * @source SPEC DE8
 */
const checkSeized = ({ seized }: Parts, { run }: Judged, context: LedgerContext): Holder | Fault => {
  const accounts = new Set<Holder>();
  for (const { index, coin } of seized) {
    const input = run.inputs.find((each) => outpointKey(each.coin.outpoint) === outpointKey(coin.outpoint));
    if (input === undefined) return fault('seized-not-declined', { input: index });
    if (coin.element !== 'value' || coin.layer !== CIRCULATION) return fault('seized-element', { input: index });
    const account = findFrozenAccount(input, context);
    if (account === undefined || accounts.add(account).size > 1) return fault('seized-not-frozen', { input: index });
    if (!isWhollySigned(input)) return fault('seized-sighash', { input: index });
  }
  return [...accounts][0] as Holder;
};

const isTermMet = (term: DebtTerm, { index }: ResolvedInput, { inputs, lockTime }: Transaction): boolean => {
  const sequence = inputs[index]?.sequence as number;
  return term.kind === 'expiry'
    ? isLockTimeMet(term.lockTime, lockTime, sequence)
    : isSequenceMet(encodeTermOperand(term), sequence, RELATIVE_LOCK_VERSION);
};

const isOverdue = ({ coin }: ResolvedInput, { place, parameters }: LedgerContext): boolean =>
  isDue(computeDue(coin, parameters), place.height - 1, place.medianTime);

/** @fault `liability-account`: no standard debt of the account; `liability-due`: not overdue; `liability-term` @source SPEC DE9 */
const checkLiability = (
  { liability }: Parts,
  account: Holder,
  transaction: Transaction,
  context: LedgerContext,
): undefined | Fault<'liability-account' | 'liability-due' | 'liability-term'> => {
  const form: DebtForm | undefined = matchDebtScript(liability.coin.script);
  const at = { input: liability.index };
  if (form === undefined || !isOverdue(liability, context)) return fault(form === undefined ? 'liability-account' : 'liability-due', at);
  if (context.findFrozen(form.tag) !== account) return fault('liability-account', at);
  return isTermMet(form.term, liability, transaction) ? undefined : fault('liability-term', at);
};

/**
 * A punishment burns as its fee what a frozen account tried to move.
 *
 * @unit result: signature checks, those of the declined transaction
 * @fault the form's; `declined-form`, `declined-invalid`, `declined-lawful`; `seized-…`; `liability-…`
 * @source SPEC DE6, DE7, DE8, DE9; spec 04, punishment
 */
export const checkPunishment = (resolved: ResolvedTransaction, context: LedgerContext): number | Fault => {
  const parts = readParts(resolved);
  if (isFault(parts)) return parts;
  const judged = judgeDeclined(parts.declined, context);
  if (isFault(judged)) return judged;
  const account = checkSeized(parts, judged, context);
  if (isFault(account)) return account;
  return checkLiability(parts, account, resolved.transaction, context) ?? judged.run.checks;
};
