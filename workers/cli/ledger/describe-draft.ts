import { encodeReversedHex } from '#protocol/codec/hash32';
import { encodeHex } from '#protocol/codec/hex';
import type { UnderstoodDraft } from '#protocol/draft/check-draft';
import { describeOwner, type OutputOwner } from '#protocol/draft/describe-output';
import { findMissing } from '#protocol/draft/sign-draft';
import type { Parameters } from '#protocol/params/parameters';
import { encodeAddress } from '#protocol/script/address';
import type { DebtTerm } from '#protocol/script/forms/debt';
import { buildPayToKeyHash } from '#protocol/script/forms/pay-to-key';
import { formatAmount } from '#protocol/tx/amount-text';
import { computeTxid } from '#protocol/tx/identity';
import type { DraftRecord } from '../../rpc/draft-view.ts';
import { describeRecord } from '../../vault/describe-record.ts';
import { orFail } from './node-view.ts';

const LAYERS = ['circulation', 'debt', 'management'] as const;
const TYPES = ['transfer', 'credit authorisation', 'punishment', 'record', 'coinbase'] as const;
const LOCK_TIME_THRESHOLD = 500_000_000;

const showTerm = (term: DebtTerm): string => {
  if (term.kind === 'blocks') return `${term.blocks} blocks`;
  if (term.kind === 'time') return `${term.intervals * 512} seconds`;
  return term.lockTime < LOCK_TIME_THRESHOLD ? `height ${term.lockTime}` : new Date(term.lockTime * 1_000).toISOString();
};

/** Whose an output is, in words that a signer can check. */
const showOwner = (owner: OutputOwner): string => {
  switch (owner.kind) {
    case 'debtor':
      return `answered for by ${owner.address}, due after ${showTerm(owner.term)}`;
    case 'members':
      return `by ${owner.threshold} of ${owner.keys.join(' ')}`;
    case 'commitment':
      return 'commitment to a record';
    case 'maker':
      return "for the block's maker";
    case 'data':
      return 'data';
    case 'seat':
      return `seat of ${owner.address}`;
    case 'address':
      return owner.address;
    case 'script':
      return owner.script;
  }
};

/** A record's parts in one object. */
export const flattenRecord = ({ table, key, facts }: DraftRecord): object => ({ table, key, ...facts });

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
    ...(claim === undefined ? {} : { record: flattenRecord(describeRecord(claim, parameters)) }),
    inputs: inputs.map(({ coin, use }) => ({
      use,
      element: coin.element,
      amount: formatAmount(coin.amount),
      owner: showOwner(describeOwner(coin, parameters.addressPrefix)),
    })),
    outputs: transaction.outputs.map((output) => ({
      element: output.element,
      amount: formatAmount(output.amount),
      owner: showOwner(describeOwner({ ...output, layer: transaction.layer }, parameters.addressPrefix)),
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
