import { type Fault, fault, isFault } from '../fault.ts';
import { checkRecognisedType, checkTypeLayer } from '../ledger/check-layer-type.ts';
import { checkOutputs } from '../ledger/check-outputs.ts';
import { checkSupported } from '../ledger/check-supported.ts';
import { type ResolvedInput, resolveInputs } from '../ledger/resolve.ts';
import { checkSums } from '../ledger/sums.ts';
import type { Parameters } from '../params/parameters.ts';
import { nameTable } from '../records/tables.ts';
import { isDataOutput } from '../script/forms/data-output.ts';
import { matchDebtScript } from '../script/forms/debt.ts';
import { isFreeOutput } from '../script/forms/free-output.ts';
import { matchMultisig } from '../script/forms/multisig.ts';
import { matchPayToKey } from '../script/forms/pay-to-key.ts';
import { matchPayToScript } from '../script/forms/pay-to-script.ts';
import { matchRecordCommitment } from '../script/forms/record-commitment.ts';
import { checkTransactionForm } from '../tx/form.ts';
import { type Layer, MANAGEMENT } from '../tx/layer.ts';
import { outpointKey } from '../tx/outpoint.ts';
import type { TransactionOutput } from '../tx/transaction.ts';
import { PUNISHMENT } from '../tx/transaction-type.ts';
import { askOf, type Draft } from './draft.ts';

/** What a draft does, as far as its coins are what it says. @unit fee: base units */
export interface UnderstoodDraft {
  readonly draft: Draft;
  readonly inputs: readonly ResolvedInput[];
  readonly fee: bigint;
}

const isKnownOutput = (output: TransactionOutput, layer: Layer): boolean => {
  const { element, script } = output;
  if (element === 'debt') return matchDebtScript(script) !== undefined;
  if (element === 'credit' && layer === MANAGEMENT) return matchMultisig(script) !== undefined;
  const paid = matchPayToKey(script) !== undefined || matchPayToScript(script) !== undefined;
  const committed = layer === MANAGEMENT && matchRecordCommitment(script) !== undefined;
  return paid || committed || isFreeOutput({ ...output, layer }) || isDataOutput(output);
};

const checkShape = ({ transaction, coins }: Draft): undefined | Fault<'draft-coins' | 'draft-type' | 'draft-output'> => {
  const { inputs, outputs, layer, type } = transaction;
  const stray = inputs.findIndex(({ outpoint }, i) => coins[i] === undefined || outpointKey(coins[i].outpoint) !== outpointKey(outpoint));
  if (stray !== -1 || coins.length !== inputs.length) return fault('draft-coins', { input: stray });
  if (type === PUNISHMENT) return fault('draft-type', { type });
  const unknown = outputs.findIndex((output) => !isKnownOutput(output, layer));
  return unknown === -1 ? undefined : fault('draft-output', { output: unknown });
};

/**
 * Reads what a draft would do, and refuses what a signer could not be told.
 *
 * @fault `draft-coins`: not the coins of its inputs; `draft-type`: a punishment; `draft-output`: a script that nothing here
 * knows; `draft-claim`: a record of no known table; those of `askOf` and of the ledger's rules on form, type, outputs and sums
 * @source SPEC BD11
 */
export const checkDraft = (draft: Draft, parameters: Parameters): UnderstoodDraft | Fault => {
  const { transaction, coins, claim } = draft;
  const form =
    checkShape(draft) ?? checkTransactionForm(transaction) ?? checkTypeLayer(transaction) ?? checkSupported(transaction, parameters);
  if (form !== undefined) return form;
  if (claim !== undefined && nameTable(claim.table) === undefined) return fault('draft-claim');
  for (const input of coins.keys()) {
    const ask = askOf(draft, input);
    if (isFault(ask)) return ask;
  }
  const byOutpoint = new Map(coins.map((coin) => [outpointKey(coin.outpoint), coin]));
  const resolved = resolveInputs(transaction, (outpoint) => byOutpoint.get(outpointKey(outpoint)));
  if (isFault(resolved)) return resolved;
  const fee = checkRecognisedType(resolved) ?? checkOutputs(resolved, parameters) ?? checkSums(resolved);
  return isFault(fee) ? fee : { draft, inputs: resolved.inputs, fee };
};
