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
import { matchMultisig } from '#protocol/script/forms/multisig';
import { buildPayToKey, buildPayToKeyHash } from '#protocol/script/forms/pay-to-key';
import { computeTxid } from '#protocol/tx/identity';
import type { Transaction, TransactionOutput } from '#protocol/tx/transaction';
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
  /** unix seconds */
  readonly now: number;
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
  /** a debt stands in the name of who holds it */
  readonly owes: boolean;
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

/** A record takes two transactions before its own. */
const MAX_BEFORE = 4;
/** owners whose coins are proved for one draft */
const MAX_HOLDERS = 100;
const RELATIVE_LOCK_OFF = 0x8000_0000;

type Made = Output & { readonly layer: 0 | 1 | 2; readonly type: number };

/**
 * Outputs of the transactions that come before a draft, by outpoint: each is there because a later one spends of it.
 *
 * @fault `draft-form`: too many, one that cannot be read, or that nothing spends of
 */
const readBefore = ({ before, draft }: DraftFile): ReadonlyMap<string, Made> | Fault => {
  if (before.length > MAX_BEFORE) return fault('draft-form', { part: 'before' });
  const outputs = new Map<string, Made>();
  const transactions: Transaction[] = [];
  for (const bytes of before) {
    const transaction = decodeTransaction(bytes);
    if (isFault(transaction)) return fault('draft-form', { part: 'before' });
    transactions.push(transaction);
  }
  for (const [place, { layer, type, outputs: made }] of transactions.entries()) {
    const txid = encodeReversedHex(computeTxid(transactions[place] as Transaction));
    const later = [...transactions.slice(place + 1), draft.transaction].flatMap(({ inputs }) => inputs);
    if (!later.some(({ outpoint }) => encodeReversedHex(outpoint.txid) === txid)) return fault('draft-form', { part: 'before' });
    for (const [index, output] of made.entries()) outputs.set(`${txid}:${index}`, { ...output, layer, type });
  }
  return outputs;
};

/**
 * Compares what the draft says of its coins with what is proved, so that no fee hides in an amount that another signs; only
 * a coin that is not there yet may come from a transaction before.
 *
 * @fault `draft-coins`: one is not there, or is another; `coin-reserved`: one of ours is in a payment under way;
 * `draft-large`: of too many owners; those of the chain worker
 */
const proveCoins = async (file: DraftFile, context: DraftContext): Promise<readonly Known[] | Fault> => {
  const { chain } = context;
  const made = readBefore(file);
  if (isFault(made)) return made;
  const { coins } = file.draft;
  const names = coins.map(nameOf);
  const holders = coins.map(holderOf);
  if (new Set(holders.map(encodeHex)).size > MAX_HOLDERS) return fault('draft-large', { owners: MAX_HOLDERS });
  const [own, places, proved] = await Promise.all([
    chain.coinsOf(names),
    findOwn(holders, context),
    chain.proveOutputs(holders.map((holder, i) => ({ outpoint: names[i] as string, holder }))),
  ]);
  if (isFault(proved)) return proved;
  const byName = new Map(proved.map((coin) => [coin.outpoint, coin]));
  const known: Known[] = [];
  for (const [input, coin] of coins.entries()) {
    const name = names[input] as string;
    const found = byName.get(name);
    const there = found ?? made.get(name);
    if (there === undefined || !isSameCoin(coin, there)) return fault('draft-coins', { input });
    const ours = own[input];
    if (ours === undefined && found !== undefined && places[input] !== undefined) return fault('coin-unknown', { input });
    if (ours !== undefined && !ours.spendable) return fault('coin-reserved', { input });
    known.push({ provedAt: found?.provedAt, frozen: ours?.frozen === true, owes: ours?.owes === true });
  }
  return known;
};

/** A lock keeps what was signed from being sent until somebody else wants it to be. */
const hasLock = ({ lockTime, inputs }: Transaction): boolean =>
  lockTime !== 0 || inputs.some(({ sequence }) => sequence < RELATIVE_LOCK_OFF);

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

const showOwner = (output: Output & { readonly layer: 0 | 1 | 2 }, ours: OwnKeys, { addressPrefix }: Parameters): DraftOwner => {
  const owner = describeOwner(output, addressPrefix);
  if (owner.kind === 'debtor') return { kind: 'debtor', address: owner.address, due: dueOf(owner.term) };
  return owner.kind === 'members' ? { ...owner, own: owner.keys.filter((key) => ours.has(key)) } : owner;
};

/** Public keys of ours among those that scripts name. @shape hexadecimal */
type OwnKeys = ReadonlySet<string>;

const findOwnKeys = async (outputs: readonly Output[], context: DraftContext): Promise<OwnKeys> => {
  const keys = outputs.flatMap(({ script }) => matchMultisig(script)?.keys ?? []);
  const places = await findOwn(keys.map(buildPayToKey), context);
  return new Set(keys.filter((_, i) => places[i] !== undefined).map(encodeHex));
};

/** Value above the circulation layer can never come back down: it does not count as money that is kept. */
const isLocked = ({ element, layer, amount }: Output & { readonly layer: number }): boolean =>
  element === 'value' && layer > 0 && amount > 0n;

const sumOwn = (parts: readonly DraftPart[], element: DraftPart['element']): bigint =>
  parts.filter((part) => part.own && !part.locked && part.element === element).reduce((total, { amount }) => total + amount, 0n);

interface Findings {
  readonly understood: UnderstoodDraft;
  readonly known: readonly Known[];
  readonly missing: readonly MissingSignature[];
}

/** A debt of ours that would freeze us in the block that makes it. */
const isDueAlready = ({ own, owner }: DraftPart, { inputs }: Pick<DraftView, 'inputs'>, now: number): boolean => {
  if (!own || owner.kind !== 'debtor') return false;
  const height = Math.max(0, ...inputs.map(({ provedAt }) => provedAt ?? 0));
  return owner.due.kind === 'time' ? owner.due.time <= now : owner.due.kind === 'height' && owner.due.height <= height + 1;
};

const viewDraft = async (file: DraftFile, { understood, known, missing }: Findings, context: DraftContext): Promise<ReviewedDraft> => {
  const { parameters } = context;
  const { draft, inputs, fee } = understood;
  const { transaction, claim, signatures } = draft;
  const owners = await findOwn([...inputs.map(({ coin }) => coin), ...transaction.outputs].map(holderOf), context);
  const ours = await findOwnKeys([...inputs.map(({ coin }) => coin), ...transaction.outputs], context);
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
    owner: showOwner(coin, ours, parameters),
    own: owners[i] !== undefined,
    locked: isLocked(coin),
    provedAt: known[i]?.provedAt,
  }));
  const outputs: DraftPart[] = transaction.outputs.map((output, i) => ({
    element: output.element,
    amount: output.amount,
    owner: showOwner({ ...output, layer: transaction.layer }, ours, parameters),
    own: owners[inputs.length + i] !== undefined,
    locked: isLocked({ ...output, layer: transaction.layer }),
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
    owing: shownInputs.some(({ own, use, element }, i) => own && use === 'spend' && element === 'value' && known[i]?.owes === true),
    text: encodeDraftFile(file),
  };
  return { view, file, keys };
};

/**
 * Reads a draft that others made: everything from its bytes, its coins from a proof of the state.
 *
 * @fault `draft-network`: of another network; `draft-claim`: a record that it does not write; `draft-time`: it could not be sent at
 * once; `draft-coins`; `draft-large`; `coin-reserved`; `coin-unknown`: of ours, and not followed yet; `frozen`: what a frozen coin
 * of ours may not do; `debt-overdue`: a debt of ours that is due as soon as it is made; those of `decodeDraftFile`, `checkDraft` and the chain worker
 * @source SPEC VT12
 */
export const reviewDraft = async (text: string, context: DraftContext): Promise<ReviewedDraft | Fault> => {
  const { parameters } = context;
  const file = decodeDraftFile(text);
  if (isFault(file)) return file;
  if (file.network !== parameters.name) return fault('draft-network', { network: file.network });
  const { coins, transaction, claim } = file.draft;
  if (claim !== undefined && transaction.type !== RECORD) return fault('draft-claim');
  if (hasLock(transaction)) return fault('draft-time', { lockTime: transaction.lockTime });
  const understood = checkDraft(file.draft, parameters);
  if (isFault(understood)) return understood;
  const known = await proveCoins(file, context);
  if (isFault(known)) return known;
  const frozen = coins.filter((_, input) => known[input]?.frozen === true);
  const free = checkFrozen(transaction, { coins, frozen, fee: understood.fee }, parameters);
  if (isFault(free)) return free;
  const missing = findMissing(file.draft);
  if (isFault(missing)) return missing;
  const reviewed = await viewDraft(file, { understood, known, missing }, context);
  const due = reviewed.view.outputs.find((part) => isDueAlready(part, reviewed.view, context.now));
  return due === undefined ? reviewed : fault('debt-overdue', { amount: due.amount });
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
