import { equalBytes } from '#protocol/codec/bytes';
import { encodeReversedHex } from '#protocol/codec/hash32';
import { encodeHex } from '#protocol/codec/hex';
import { checkDraft, type UnderstoodDraft } from '#protocol/draft/check-draft';
import { describeOwner } from '#protocol/draft/describe-output';
import type { Draft, DraftSignature } from '#protocol/draft/draft';
import { type DraftFile, decodeDraftFile, encodeDraftFile } from '#protocol/draft/draft-text';
import { addSignature, computeDraftDigest, findMissing, type MissingSignature } from '#protocol/draft/sign-draft';
import { type Fault, fault, isFault } from '#protocol/fault';
import type { Coin } from '#protocol/ledger/coin';
import type { Parameters } from '#protocol/params/parameters';
import { encodeAddress } from '#protocol/script/address';
import { matchDebtScript } from '#protocol/script/forms/debt';
import { buildPayToKey, buildPayToKeyHash } from '#protocol/script/forms/pay-to-key';
import { computeTxid } from '#protocol/tx/identity';
import type { TransactionOutput } from '#protocol/tx/transaction';
import { decodeTransaction } from '#protocol/tx/transaction-codec';
import { CREDIT_AUTHORISATION, RECORD } from '#protocol/tx/transaction-type';
import type { DraftInput, DraftKind, DraftOwner, DraftPart, DraftView } from '../rpc/draft-view.ts';
import type { ChainForVault, DerivedPlace } from '../rpc/vault-chain-port.ts';
import { describeRecord } from './describe-record.ts';
import { checkFrozen, dueOf } from './review-debt.ts';
import type { Secrets } from './secrets.ts';
import { signDigest } from './sign-digest.ts';

export interface DraftContext {
  readonly secrets: Secrets;
  readonly chain: ChainForVault;
  readonly parameters: Parameters;
}

/** A key of ours that an input asks for. */
interface OwnKey {
  readonly input: number;
  readonly place: DerivedPlace;
}

/** A draft as read from its bytes, and where our keys are asked for. */
export interface ReviewedDraft {
  readonly view: Omit<DraftView, 'id'>;
  readonly file: DraftFile;
  readonly keys: readonly OwnKey[];
}

type Output = Pick<TransactionOutput, 'element' | 'amount' | 'script'>;

/** What is known of an input's coin besides what the draft says of it. */
interface Known {
  readonly provedAt: number | undefined;
  readonly frozen: boolean;
}

const nameOf = ({ outpoint }: Coin): string => `${encodeReversedHex(outpoint.txid)}:${outpoint.index}`;

/** The script of the address whose an output is, a debt's that of who answers for it. */
const holderOf = ({ element, script }: Output): Uint8Array => {
  const debtor = element === 'debt' ? matchDebtScript(script)?.tag : undefined;
  return debtor === undefined ? script : buildPayToKeyHash(debtor);
};

const isSameCoin = (a: Coin, b: Output & { readonly layer: number; readonly type: number }): boolean =>
  a.element === b.element && a.amount === b.amount && a.layer === b.layer && a.type === b.type && equalBytes(a.script, b.script);

/** Places of scripts that the vault derived again itself. */
const findOwn = async (
  scripts: readonly Uint8Array[],
  { chain, secrets }: DraftContext,
): Promise<readonly (DerivedPlace | undefined)[]> => {
  const hints = await chain.placesOf(scripts);
  return hints.map((place, i) =>
    place !== undefined && equalBytes(secrets.scriptAt(place), scripts[i] as Uint8Array) ? place : undefined,
  );
};

/** Outputs of the transactions that come before a draft, by outpoint. */
const readBefore = ({ before }: DraftFile): ReadonlyMap<string, Output & { readonly layer: 0 | 1 | 2; readonly type: number }> | Fault => {
  const outputs = new Map<string, Output & { readonly layer: 0 | 1 | 2; readonly type: number }>();
  for (const bytes of before) {
    const transaction = decodeTransaction(bytes);
    if (isFault(transaction)) return fault('draft-form', { part: 'before' });
    const { layer, type } = transaction;
    const txid = encodeReversedHex(computeTxid(transaction));
    for (const [index, output] of transaction.outputs.entries()) outputs.set(`${txid}:${index}`, { ...output, layer, type });
  }
  return outputs;
};

/**
 * Compares what the draft says of its coins with what is proved, so that no fee hides in an amount that another signs.
 *
 * @fault `draft-coins`: one is not there, or is another; `coin-reserved`: one of ours is in a payment under way; those of the
 * chain worker
 */
const proveCoins = async (file: DraftFile, { chain }: DraftContext): Promise<readonly Known[] | Fault> => {
  const made = readBefore(file);
  if (isFault(made)) return made;
  const { coins } = file.draft;
  const names = coins.map(nameOf);
  const open = coins.filter((coin) => !made.has(nameOf(coin)));
  const [own, proved] = await Promise.all([
    chain.coinsOf(names),
    open.length === 0 ? [] : chain.proveOutputs(open.map((coin) => ({ outpoint: nameOf(coin), holder: holderOf(coin) }))),
  ]);
  if (isFault(proved)) return proved;
  const byName = new Map(proved.map((coin) => [coin.outpoint, coin]));
  const known: Known[] = [];
  for (const [input, coin] of coins.entries()) {
    const name = names[input] as string;
    const found = byName.get(name);
    const there = made.get(name) ?? found;
    if (there === undefined || !isSameCoin(coin, there)) return fault('draft-coins', { input });
    const ours = own[input];
    if (ours !== undefined && !ours.spendable) return fault('coin-reserved', { input });
    known.push({ provedAt: found?.provedAt, frozen: ours?.frozen === true });
  }
  return known;
};

const kindOf = ({ draft, inputs }: UnderstoodDraft): DraftKind => {
  const { type, layer, outputs } = draft.transaction;
  if (type === CREDIT_AUTHORISATION) return 'grant';
  if (type === RECORD) return 'record';
  if (layer === 2) return 'management';
  const spent = inputs.some(({ coin, use }) => use === 'spend' && coin.element === 'debt');
  const made = outputs.some(({ element }) => element === 'debt');
  if (made) return spent ? 'roll' : 'draw';
  return spent ? 'repay' : 'transfer';
};

/** Which scripts of an input's keys would be ours. */
const candidatesOf = ({ keys, keyHash }: MissingSignature): readonly Uint8Array[] =>
  keyHash === undefined ? keys.map(buildPayToKey) : [buildPayToKeyHash(keyHash)];

const showMissing = ({ keys, keyHash }: MissingSignature, { addressPrefix }: Parameters): readonly string[] =>
  keyHash === undefined ? keys.map(encodeHex) : [encodeAddress(buildPayToKeyHash(keyHash), addressPrefix) ?? ''];

const showOwner = (output: Output & { readonly layer: 0 | 1 | 2 }, { addressPrefix }: Parameters): DraftOwner => {
  const owner = describeOwner(output, addressPrefix);
  return owner.kind === 'debtor' ? { kind: 'debtor', address: owner.address, due: dueOf(owner.term) } : owner;
};

const sumOwn = (parts: readonly DraftPart[], element: DraftPart['element']): bigint =>
  parts.filter((part) => part.own && part.element === element).reduce((total, { amount }) => total + amount, 0n);

interface Findings {
  readonly understood: UnderstoodDraft;
  readonly known: readonly Known[];
  readonly missing: readonly MissingSignature[];
}

const viewDraft = async (file: DraftFile, { understood, known, missing }: Findings, context: DraftContext): Promise<ReviewedDraft> => {
  const { parameters } = context;
  const { draft, inputs, fee } = understood;
  const { transaction, claim, signatures } = draft;
  const owners = await findOwn([...inputs.map(({ coin }) => coin), ...transaction.outputs].map(holderOf), context);
  const candidates = missing.map(candidatesOf);
  const places = await findOwn(candidates.flat(), context);
  const keys: OwnKey[] = [];
  let at = 0;
  const lacking = missing.map((each, i) => {
    const count = (candidates[i] as readonly Uint8Array[]).length;
    const own = places.slice(at, at + count).filter((place) => place !== undefined);
    at += count;
    for (const place of own) keys.push({ input: each.input, place });
    return { input: each.input, count: each.count, by: showMissing(each, parameters), own: own.length > 0 };
  });
  const shownInputs: DraftInput[] = inputs.map(({ coin, use }, i) => ({
    use,
    element: coin.element,
    amount: coin.amount,
    owner: showOwner(coin, parameters),
    own: owners[i] !== undefined,
    provedAt: known[i]?.provedAt,
  }));
  const outputs: DraftPart[] = transaction.outputs.map((output, i) => ({
    element: output.element,
    amount: output.amount,
    owner: showOwner({ ...output, layer: transaction.layer }, parameters),
    own: owners[inputs.length + i] !== undefined,
  }));
  const spent = shownInputs.filter(({ use }) => use === 'spend');
  const change = (element: DraftPart['element']): bigint => sumOwn(outputs, element) - sumOwn(spent, element);
  const view = {
    txid: encodeReversedHex(computeTxid(transaction)),
    kind: kindOf(understood),
    network: parameters.name,
    layer: transaction.layer,
    type: transaction.type,
    fee,
    inputs: shownInputs,
    outputs,
    record: claim && describeRecord(claim, parameters),
    valueChange: change('value'),
    creditChange: change('credit'),
    debtChange: change('debt'),
    signed: new Set(signatures.map(({ publicKey }) => encodeHex(publicKey))).size,
    missing: lacking,
    before: file.before.length,
    text: encodeDraftFile(file),
  };
  return { view, file, keys };
};

/**
 * Reads a draft that others made: everything from its bytes, its coins from a proof of the state.
 *
 * @fault `draft-network`: of another network; `draft-coins`; `coin-reserved`; `frozen`: what a frozen coin of ours may not do;
 * those of `decodeDraftFile`, `checkDraft` and the chain worker
 * @source SPEC VT12
 */
export const reviewDraft = async (text: string, context: DraftContext): Promise<ReviewedDraft | Fault> => {
  const { parameters } = context;
  const file = decodeDraftFile(text);
  if (isFault(file)) return file;
  if (file.network !== parameters.name) return fault('draft-network', { network: file.network });
  const known = await proveCoins(file, context);
  if (isFault(known)) return known;
  const understood = checkDraft(file.draft, parameters);
  if (isFault(understood)) return understood;
  const { coins, transaction } = file.draft;
  const frozen = coins.filter((_, input) => known[input]?.frozen === true);
  const free = checkFrozen(transaction, { coins, frozen, fee: understood.fee }, parameters);
  if (isFault(free)) return free;
  const missing = findMissing(file.draft);
  return isFault(missing) ? missing : viewDraft(file, { understood, known, missing }, context);
};

/**
 * Signs a reviewed draft with every key of ours that it asks for.
 *
 * @fault `signature-unwanted`: it asks for none of ours
 * @source SPEC VT12
 */
export const signReviewed = ({ file, keys }: ReviewedDraft, secrets: Secrets): DraftFile | Fault => {
  let draft: Draft = file.draft;
  for (const { input, place } of keys) {
    const given = secrets.withKey(place, (key, publicKey): DraftSignature | Fault => {
      const digest = computeDraftDigest(draft, input, publicKey);
      return isFault(digest) ? digest : { input, publicKey, signature: signDigest(digest, key) };
    });
    // enough others may sign for an input before all of our keys have
    if (isFault(given)) continue;
    const signed = addSignature(draft, given as DraftSignature);
    if (isFault(signed)) return signed;
    draft = signed;
  }
  return draft === file.draft ? fault('signature-unwanted') : { ...file, draft };
};
