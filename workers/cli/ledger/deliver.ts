import { readFile } from 'node:fs/promises';
import { encodeReversedHex } from '#protocol/codec/hash32';
import { encodeHex } from '#protocol/codec/hex';
import { checkDraft } from '#protocol/draft/check-draft';
import type { Draft } from '#protocol/draft/draft';
import { type DraftFile, decodeDraftFile, encodeDraftFile } from '#protocol/draft/draft-text';
import { addSignature, computeDraftDigest, findMissing, finishDraft } from '#protocol/draft/sign-draft';
import { Failure } from '#protocol/failure';
import { isFault } from '#protocol/fault';
import { writeFileWhole } from '#protocol/node/cli/node-folder';
import { formatAmount, parseAmount } from '#protocol/tx/amount-text';
import { computeTxid } from '#protocol/tx/identity';
import type { Transaction } from '#protocol/tx/transaction';
import { decodeTransaction, encodeTransaction } from '#protocol/tx/transaction-codec';
import { signDigest } from '../../vault/sign-digest.ts';
import { say, toJson } from '../finish.ts';
import { describeDraft, draftLines } from './describe-draft.ts';
import type { SigningKey } from './keys.ts';
import { type NodeView, orFail } from './node-view.ts';

export const INCOMPLETE = 3;

/** @unit seconds */
const COMMITMENT_PATIENCE = 3_600;
const READABLE = 0o644;

/** Signs whatever asks for one of these keys. @shape used: how many signatures were added */
export const signDraft = (draft: Draft, keys: readonly SigningKey[]): { readonly draft: Draft; readonly used: number } => {
  let [signed, used] = [draft, 0];
  for (const { publicKey, secret } of keys)
    for (const input of draft.transaction.inputs.keys()) {
      const digest = computeDraftDigest(signed, input, publicKey);
      if (isFault(digest)) continue;
      signed = orFail(addSignature(signed, { input, publicKey, signature: signDigest(digest, secret) }));
      used += 1;
    }
  return { draft: signed, used };
};

export const readDraft = async (file: string): Promise<DraftFile> => {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new Failure('file-unreadable', cause);
  });
  return orFail(decodeDraftFile(text));
};

export const writeDraft = (path: string, file: DraftFile): Promise<void> => writeFileWhole(path, encodeDraftFile(file), READABLE);

const transactionsBefore = ({ before }: DraftFile): readonly Transaction[] => before.map((bytes) => orFail(decodeTransaction(bytes)));

/**
 * Compares the coins of a draft with what the node has, so that no fee is hidden in an amount that another signs.
 *
 * Failure `draft-coins`: one is not there, or is another.
 *
 * @source SPEC BD15
 */
export const checkCoins = async (node: NodeView, file: DraftFile): Promise<void> => {
  const made = new Map(transactionsBefore(file).map((transaction) => [encodeHex(computeTxid(transaction)), transaction]));
  for (const [input, coin] of file.draft.coins.entries()) {
    const { txid, index } = coin.outpoint;
    const before = made.get(encodeHex(txid));
    const output = before?.outputs[index];
    const known =
      before === undefined
        ? await node.output(coin.outpoint)
        : output && { ...output, layer: before.layer, value: formatAmount(output.amount), script: encodeHex(output.script) };
    const same =
      known !== undefined &&
      known.element === coin.element &&
      known.layer === coin.layer &&
      orFail(parseAmount(known.value)) === coin.amount &&
      known.script === encodeHex(coin.script);
    if (!same) throw new Failure('draft-coins', { input });
  }
};

export const print = (json: boolean, value: object, lines: readonly string[]): void =>
  void process.stdout.write(json ? `${toJson(value)}\n` : lines.map((line) => `${line}\n`).join(''));

/** Shows a draft on stderr, so that stdout stays the result. @source SPEC BD15 */
export const sayDraft = (file: DraftFile, node: NodeView): void => {
  for (const line of draftLines(describeDraft(orFail(checkDraft(file.draft, node.parameters)), node.parameters))) say(line);
};

const sendBefore = async (node: NodeView, file: DraftFile): Promise<void> => {
  const before = transactionsBefore(file);
  for (const transaction of before) if ((await node.confirmations(transaction)) === undefined) await node.send(transaction);
  const last = before.at(-1);
  if (last !== undefined) await node.waitFor(last, node.parameters.recordDelay, COMMITMENT_PATIENCE);
};

/** Sends what comes before a complete draft, then the draft. @source SPEC BD9, BD15 */
export const sendDraft = async (node: NodeView, file: DraftFile, { wait, json }: { readonly wait: number; readonly json: boolean }) => {
  const transaction = orFail(finishDraft(file.draft));
  await sendBefore(node, file);
  const txid = await node.send(transaction);
  if (wait > 0) await node.waitFor(transaction, 1, wait);
  print(json, { txid, confirmed: wait > 0 }, [txid]);
  return 0;
};

export interface Delivery {
  readonly out?: string;
  readonly wait: number;
  readonly json: boolean;
}

/**
 * Shows a new draft, signs it with one's own keys, and sends it, or writes it for others.
 *
 * Failure `draft-incomplete`: signatures are missing and no file was named for others to sign.
 *
 * @source SPEC BD15
 */
export const deliver = async (node: NodeView, file: DraftFile, keys: readonly SigningKey[], to: Delivery): Promise<number> => {
  const signed: DraftFile = { ...file, draft: signDraft(file.draft, keys).draft };
  sayDraft(signed, node);
  const missing = orFail(findMissing(signed.draft)).reduce((sum, { count }) => sum + count, 0);
  if (to.out === undefined) {
    if (missing > 0) throw new Failure('draft-incomplete', { signatures: missing });
    return sendDraft(node, signed, to);
  }
  await writeDraft(to.out, signed);
  const txid = encodeReversedHex(computeTxid(signed.draft.transaction));
  print(to.json, { draft: to.out, txid, missing }, [to.out]);
  return missing > 0 ? INCOMPLETE : 0;
};

/** Serialised, with signatures of one's own keys only. */
export const encodeSigned = (draft: Draft, keys: readonly SigningKey[]): Uint8Array =>
  encodeTransaction(orFail(finishDraft(signDraft(draft, keys).draft)));
