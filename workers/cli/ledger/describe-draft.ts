import { encodeReversedHex } from '#protocol/codec/hash32';
import { encodeHex } from '#protocol/codec/hex';
import type { UnderstoodDraft } from '#protocol/draft/check-draft';
import { findMissing } from '#protocol/draft/sign-draft';
import type { Parameters } from '#protocol/params/parameters';
import { encodeAddress } from '#protocol/script/address';
import { type DebtTerm, matchDebtScript } from '#protocol/script/forms/debt';
import { isFreeOutput } from '#protocol/script/forms/free-output';
import { matchMultisig } from '#protocol/script/forms/multisig';
import { buildPayToKeyHash } from '#protocol/script/forms/pay-to-key';
import { matchRecordCommitment } from '#protocol/script/forms/record-commitment';
import { formatAmount } from '#protocol/tx/amount-text';
import { computeTxid } from '#protocol/tx/identity';
import { describeRecord } from './describe-record.ts';
import { orFail } from './node-view.ts';

const LAYERS = ['circulation', 'debt', 'management'] as const;
const TYPES = ['transfer', 'credit authorisation', 'punishment', 'record', 'coinbase'] as const;
const LOCK_TIME_THRESHOLD = 500_000_000;

const showTerm = (term: DebtTerm): string => {
  if (term.kind === 'blocks') return `${term.blocks} blocks`;
  if (term.kind === 'time') return `${term.intervals * 512} seconds`;
  return term.lockTime < LOCK_TIME_THRESHOLD ? `height ${term.lockTime}` : new Date(term.lockTime * 1_000).toISOString();
};

interface Placed {
  readonly element: string;
  readonly layer: 0 | 1 | 2;
  readonly amount: bigint;
  readonly script: Uint8Array;
}

/** Whose an output is, in words that a signer can check. */
const showOwner = ({ element, layer, amount, script }: Placed, { addressPrefix }: Parameters): string => {
  const debt = element === 'debt' ? matchDebtScript(script) : undefined;
  if (debt !== undefined)
    return `answered for by ${encodeAddress(buildPayToKeyHash(debt.tag), addressPrefix)}, due after ${showTerm(debt.term)}`;
  const source = matchMultisig(script);
  if (source !== undefined) return `by ${source.threshold} of ${source.keys.map(encodeHex).join(' ')}`;
  if (matchRecordCommitment(script) !== undefined) return 'commitment to a record';
  if (isFreeOutput({ element: element as 'value', layer, script })) return "for the block's maker";
  return `${amount === 0n && layer === 2 ? 'seat of ' : ''}${encodeAddress(script, addressPrefix) ?? encodeHex(script)}`;
};

export interface DraftDescription {
  readonly txid: string;
  readonly layer: string;
  readonly type: string;
  readonly fee: string;
  readonly record?: object;
  readonly inputs: readonly { readonly use: string; readonly element: string; readonly amount: string; readonly owner: string }[];
  readonly outputs: readonly { readonly element: string; readonly amount: string; readonly owner: string }[];
  readonly signatures: number;
  readonly missing: readonly { readonly input: number; readonly count: number; readonly keys: readonly string[] }[];
}

/** Everything that a signer is shown. @source SPEC BD15 */
export const describeDraft = ({ draft, inputs, fee }: UnderstoodDraft, parameters: Parameters): DraftDescription => {
  const { transaction, claim, signatures } = draft;
  const address = (keyHash: Uint8Array): string => encodeAddress(buildPayToKeyHash(keyHash), parameters.addressPrefix) ?? '';
  return {
    txid: encodeReversedHex(computeTxid(transaction)),
    layer: LAYERS[transaction.layer],
    type: TYPES[transaction.type],
    fee: formatAmount(fee),
    ...(claim === undefined ? {} : { record: describeRecord(claim, parameters) }),
    inputs: inputs.map(({ coin, use }) => ({
      use,
      element: coin.element,
      amount: formatAmount(coin.amount),
      owner: showOwner(coin, parameters),
    })),
    outputs: transaction.outputs.map((output) => ({
      element: output.element,
      amount: formatAmount(output.amount),
      owner: showOwner({ ...output, layer: transaction.layer }, parameters),
    })),
    signatures: signatures.length,
    missing: orFail(findMissing(draft)).map(({ input, count, keys, keyHash }) => ({
      input,
      count,
      keys: keyHash === undefined ? keys.map(encodeHex) : [address(keyHash)],
    })),
  };
};

/** One line for each part. */
export const draftLines = (shown: DraftDescription): readonly string[] => [
  `${shown.type}, ${shown.layer} layer, fee ${shown.fee} VC`,
  ...(shown.record === undefined ? [] : [`  writes  ${JSON.stringify(shown.record)}`]),
  ...shown.inputs.map(
    ({ use, amount, element, owner }) => `  ${use === 'spend' ? 'spends ' : 'refers '} ${amount} VC ${element}  ${owner}`,
  ),
  ...shown.outputs.map(({ amount, element, owner }) => `  makes   ${amount} VC ${element}  ${owner}`),
  ...shown.missing.map(({ input, count, keys }) => `  missing ${count} of ${keys.join(' ')} (input ${input})`),
];
