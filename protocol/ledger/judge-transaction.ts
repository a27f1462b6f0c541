import { checkSourceOutputs, checkSourceUse, findMembers } from '../admission/check-sources.ts';
import type { GroupMembers } from '../admission/group.ts';
import { checkConsent } from '../debt/check-consent.ts';
import { checkFreeze } from '../debt/check-freeze.ts';
import { type Fault, isFault } from '../fault.ts';
import type { Parameters } from '../params/parameters.ts';
import { checkRecord, type RecordChange } from '../records/check-record.ts';
import { checkTransactionForm } from '../tx/form.ts';
import { MANAGEMENT } from '../tx/layer.ts';
import type { Transaction } from '../tx/transaction.ts';
import { CREDIT_AUTHORISATION } from '../tx/transaction-type.ts';
import { checkRecognisedType, checkTypeLayer, isSource } from './check-layer-type.ts';
import { checkLocks, type LedgerPlace } from './check-locks.ts';
import { checkOutputs } from './check-outputs.ts';
import { checkReferences, checkSource } from './check-references.ts';
import { checkSupported } from './check-supported.ts';
import type { LedgerView } from './ledger-view.ts';
import { type ResolvedTransaction, resolveInputs, spendsOf } from './resolve.ts';
import { runScripts, type ScriptRun } from './run-scripts.ts';
import { checkLift, checkSums } from './sums.ts';

/** What the rules need to know of the place where a transaction would stand. */
export interface LedgerContext extends LedgerView {
  readonly place: LedgerPlace;
  readonly parameters: Parameters;
  /** What the scripts of a transaction accepted that were run before, on the same coins; undefined: they are run. */
  readonly findRun?: (transaction: Transaction) => ScriptRun | undefined;
}

/** What a transaction moves, once its amounts are in order. @unit fee: base units */
export interface Accounted {
  readonly resolved: ResolvedTransaction;
  readonly fee: bigint;
  readonly record: RecordChange | undefined;
}

/** The members, for a transaction whose rules ask for them: for any other they are none. @source SPEC AG4, AG5, AG6 */
const findMembersFor = ({ transaction, inputs }: ResolvedTransaction, context: LedgerContext): GroupMembers => {
  const { layer, type } = transaction;
  const asked = layer === MANAGEMENT || type === CREDIT_AUTHORISATION || inputs.some(({ coin }) => isSource(coin));
  return asked ? findMembers(context, context.parameters) : [];
};

/**
 * Every rule but those on debtors, locks and scripts: form, layer and type, inputs, elements and amounts, sums, source,
 * lift, records.
 *
 * @fault the first broken rule
 * @source SPEC LE4, LE5, LE6, LE7, LE8, LE9, LE10, LE16
 */
export const accountTransaction = (transaction: Transaction, context: LedgerContext): Accounted | Fault => {
  const { parameters, place } = context;
  const form = checkTransactionForm(transaction) ?? checkTypeLayer(transaction) ?? checkSupported(transaction, parameters);
  if (form !== undefined) return form;
  const resolved = resolveInputs(transaction, context.findCoin);
  if ('fault' in resolved) return resolved;
  const early = checkRecognisedType(resolved) ?? checkReferences(resolved, context) ?? checkOutputs(resolved, parameters);
  if (early !== undefined) return early;
  const fee = checkSums(resolved);
  if (isFault(fee)) return fee;
  const members = findMembersFor(resolved, context);
  const broken =
    checkSource(resolved) ??
    checkSourceUse(resolved, members, parameters) ??
    checkLift(resolved) ??
    checkSourceOutputs(transaction, members);
  if (broken !== undefined) return broken;
  const record = checkRecord(resolved, { ...context, height: place.height });
  return isFault(record) ? record : { resolved, fee, record };
};

/** The scripts of a source depend on who is a member now; all others on the coins alone. */
const findKnownRun = (resolved: ResolvedTransaction, { findRun }: LedgerContext): ScriptRun | undefined =>
  spendsOf(resolved).some(({ coin }) => isSource(coin)) ? undefined : findRun?.(resolved.transaction);

/** A transaction that keeps every rule but, it may be, the freeze rule. */
export interface Judged extends Accounted {
  readonly run: ScriptRun;
  readonly frozen: Fault<'frozen'> | undefined;
  /** of locks or scripts: judged after the freeze rule */
  readonly late: Fault | undefined;
}

/** Judges a transaction's scripts, consent and freeze. @source SPEC LE11, LE16, DE2, DE5 */
export const judgeTransaction = (transaction: Transaction, context: LedgerContext): Judged | Fault => {
  const accounted = accountTransaction(transaction, context);
  if (isFault(accounted)) return accounted;
  const { parameters, place } = context;
  const { resolved } = accounted;
  const run = findKnownRun(resolved, context) ?? runScripts(resolved, { parameters, members: findMembersFor(resolved, context) });
  if ('fault' in run) return run;
  const consent = checkConsent(resolved, run.inputs, parameters);
  if (consent !== undefined) return consent;
  const frozen = checkFreeze({ ...accounted, inputs: run.inputs }, context);
  return { ...accounted, run, frozen, late: checkLocks(resolved, place, parameters) ?? run.broken };
};
