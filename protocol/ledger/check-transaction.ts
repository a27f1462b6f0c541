import type { Brand } from '../brand.ts';
import { type Fault, isFault } from '../fault.ts';
import type { Parameters } from '../params/parameters.ts';
import { checkTransactionForm } from '../tx/form.ts';
import type { Transaction } from '../tx/transaction.ts';
import { checkRecognisedType, checkTypeLayer } from './check-layer-type.ts';
import { checkLocks, type LedgerPlace } from './check-locks.ts';
import { checkOutputs } from './check-outputs.ts';
import { checkReferences, checkSource } from './check-references.ts';
import { checkScripts } from './check-scripts.ts';
import { checkSupported } from './check-supported.ts';
import { type FindCoin, type ResolvedTransaction, resolveInputs } from './resolve.ts';
import { checkLift, checkSums } from './sums.ts';

/** A transaction that keeps every rule of the ledger at its place. @unit fee: base units; checks: signature checks */
export type CheckedTransaction = Brand<ResolvedTransaction & { readonly fee: bigint; readonly checks: number }, 'CheckedTransaction'>;

export interface LedgerContext {
  readonly place: LedgerPlace;
  readonly parameters: Parameters;
  readonly findCoin: FindCoin;
  /** Signature checks of a transaction whose scripts were run before, on the same coins; undefined: they are run. */
  readonly findChecks?: (transaction: Transaction) => number | undefined;
}

/**
 * The rules on what a transaction moves, from its resolved inputs alone.
 *
 * @unit result: the fee, base units
 * @fault the first broken rule: recognised type, references, outputs, sums, source, lift
 * @source SPEC LE4, LE5, LE6, LE7, LE8, LE9, LE10
 */
export const checkAmounts = (resolved: ResolvedTransaction, parameters: Parameters): bigint | Fault => {
  const early = checkRecognisedType(resolved) ?? checkReferences(resolved) ?? checkOutputs(resolved, parameters);
  if (early !== undefined) return early;
  const fee = checkSums(resolved);
  if (isFault(fee)) return fee;
  return checkSource(resolved) ?? checkLift(resolved) ?? fee;
};

/**
 * Judges a transaction at its place, first broken rule first: form, layer and type, inputs, elements and amounts, sums,
 * source, lift, locks, scripts in input order.
 *
 * @fault the rule's own code, with the input or output it concerns
 * @source SPEC LE16; spec 01, order of rules
 */
export const checkTransaction = (transaction: Transaction, context: LedgerContext): CheckedTransaction | Fault => {
  const { place, parameters, findCoin } = context;
  const early = checkTransactionForm(transaction) ?? checkTypeLayer(transaction) ?? checkSupported(transaction, parameters);
  if (early !== undefined) return early;
  const resolved = resolveInputs(transaction, findCoin);
  if ('fault' in resolved) return resolved;
  const fee = checkAmounts(resolved, parameters);
  if (isFault(fee)) return fee;
  const locked = checkLocks(resolved, place, parameters);
  if (locked !== undefined) return locked;
  const checks = context.findChecks?.(transaction) ?? checkScripts(resolved, parameters);
  return isFault(checks) ? checks : ({ ...resolved, fee, checks } as CheckedTransaction);
};
