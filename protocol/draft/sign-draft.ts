import { equalBytes } from '../codec/bytes.ts';
import type { Hash32 } from '../codec/hash32.ts';
import { hash160 } from '../crypto/hash.ts';
import { verifyEcdsa } from '../crypto/signature.ts';
import { type Fault, fault, isFault } from '../fault.ts';
import { CONSENSUS_RULES } from '../script/rules.ts';
import { computeSighash, SIGHASH_ALL, sighashSourceOf } from '../script/sighash.ts';
import { checkSignatureEncoding, decodeDer } from '../script/signature-encoding.ts';
import { encodeAmountField } from '../tx/amount-field.ts';
import type { Transaction } from '../tx/transaction.ts';
import { type Ask, type AskFault, askOf, type Draft, type DraftSignature, isClaimed } from './draft.ts';

const EMPTY = new Uint8Array(0);

/** @shape keys: who may sign, in the order of the script; keyHash: where only a key's hash is known; count: how many more */
export interface MissingSignature {
  readonly input: number;
  readonly count: number;
  readonly keys: readonly Uint8Array[];
  readonly keyHash: Uint8Array | undefined;
}

export type SignatureFault = AskFault | Fault<'signature-unwanted' | 'signature-twice' | 'signature-enough' | 'signature-invalid'>;

const signersOf = ({ signatures }: Draft, input: number): readonly DraftSignature[] => signatures.filter((each) => each.input === input);

const holds = (keys: readonly Uint8Array[], key: Uint8Array): boolean => keys.some((each) => equalBytes(each, key));

/** Keys of a threshold that signed; one that is named besides is not counted. */
const countGiven = (draft: Draft, input: number, keys: readonly Uint8Array[]): number =>
  signersOf(draft, input).filter(({ publicKey }) => holds(keys, publicKey)).length;

/** Whether a key's signature would bring an input further. */
const checkWanted = (draft: Draft, input: number, ask: Ask, publicKey: Uint8Array): undefined | SignatureFault => {
  if (ask.kind === 'nothing') return fault('signature-unwanted', { input });
  const twice = signersOf(draft, input).some((each) => equalBytes(each.publicKey, publicKey));
  if (twice) return fault('signature-twice', { input });
  if (ask.kind === 'key') return equalBytes(hash160(publicKey), ask.keyHash) ? undefined : fault('signature-unwanted', { input });
  if (ask.named !== undefined && equalBytes(ask.named, publicKey)) return undefined;
  if (!holds(ask.keys, publicKey)) return fault('signature-unwanted', { input });
  return countGiven(draft, input, ask.keys) < ask.threshold ? undefined : fault('signature-enough', { input, threshold: ask.threshold });
};

/**
 * What a key would sign for an input of a draft.
 *
 * @fault `signature-unwanted`: the input asks for no signature of this key; `signature-twice`; `signature-enough`: the
 * threshold is met without it; those of `askOf`
 * @source SPEC BD3; BIP143
 */
export const computeDraftDigest = (draft: Draft, input: number, publicKey: Uint8Array): Hash32 | SignatureFault => {
  const ask = askOf(draft, input);
  if (isFault(ask)) return ask;
  const unwanted = checkWanted(draft, input, ask, publicKey);
  const coin = draft.coins[input];
  if (unwanted !== undefined || ask.kind === 'nothing' || coin === undefined) return unwanted ?? fault('signature-unwanted', { input });
  const amountField = encodeAmountField(coin.element, coin.amount);
  return computeSighash(sighashSourceOf(draft.transaction), { index: input, scriptCode: ask.scriptCode, amountField }, SIGHASH_ALL);
};

/**
 * Takes a signature that is good, of a key that is asked for.
 *
 * @fault those of `computeDraftDigest`; `signature-invalid`: not by this key over all of this transaction
 * @source SPEC BD3
 */
export const addSignature = (draft: Draft, given: DraftSignature): Draft | SignatureFault => {
  const digest = computeDraftDigest(draft, given.input, given.publicKey);
  if (isFault(digest)) return digest;
  const whole = given.signature.at(-1) === SIGHASH_ALL && checkSignatureEncoding(given.signature, CONSENSUS_RULES) === undefined;
  const compact = whole ? decodeDer(given.signature) : undefined;
  const good = compact !== undefined && verifyEcdsa(compact, digest, given.publicKey);
  return good ? { ...draft, signatures: [...draft.signatures, given] } : fault('signature-invalid', { input: given.input });
};

const missingOf = (draft: Draft, input: number, ask: Ask): readonly MissingSignature[] => {
  if (ask.kind === 'nothing') return [];
  const signed = signersOf(draft, input);
  if (ask.kind === 'key') return signed.length > 0 ? [] : [{ input, count: 1, keys: [], keyHash: ask.keyHash }];
  const count = ask.threshold - countGiven(draft, input, ask.keys);
  const left = ask.keys.filter((key) => !signed.some(({ publicKey }) => equalBytes(publicKey, key)));
  const { named } = ask;
  const alone = named !== undefined && !signed.some(({ publicKey }) => equalBytes(publicKey, named));
  return [
    ...(count > 0 ? [{ input, count, keys: left, keyHash: undefined }] : []),
    ...(alone ? [{ input, count: 1, keys: [named], keyHash: undefined }] : []),
  ];
};

/** Which signatures a draft still lacks. @source SPEC BD3 */
export const findMissing = (draft: Draft): readonly MissingSignature[] | AskFault => {
  const missing: MissingSignature[] = [];
  for (const input of draft.transaction.inputs.keys()) {
    const ask = askOf(draft, input);
    if (isFault(ask)) return ask;
    missing.push(...missingOf(draft, input, ask));
  }
  return missing;
};

const witnessOf = (draft: Draft, input: number, ask: Ask): readonly Uint8Array[] => {
  if (ask.kind === 'nothing') return [];
  const signed = signersOf(draft, input);
  const ofKey = (key: Uint8Array): readonly Uint8Array[] =>
    signed.filter(({ publicKey }) => equalBytes(publicKey, key)).map(({ signature }) => signature);
  if (ask.kind === 'key') return signed.flatMap(({ signature, publicKey }) => [signature, publicKey]);
  return [EMPTY, ...ask.keys.flatMap(ofKey).slice(0, ask.threshold), ...(ask.named === undefined ? [] : ofKey(ask.named))];
};

/**
 * The transaction, once all have signed.
 *
 * @fault `draft-incomplete`: signatures are missing; those of `askOf`
 * @source SPEC BD3
 */
export const finishDraft = (draft: Draft): Transaction | AskFault | Fault<'draft-incomplete'> => {
  const missing = findMissing(draft);
  if (isFault(missing)) return missing;
  if (missing.length > 0) return fault('draft-incomplete', { signatures: missing.reduce((sum, { count }) => sum + count, 0) });
  const { transaction, coins, claim } = draft;
  const inputs = transaction.inputs.map((input, index) => {
    const ask = askOf(draft, index);
    const coin = coins[index];
    const shown = claim !== undefined && coin !== undefined && isClaimed(coin) ? [claim.table, claim.key, claim.value] : [];
    return isFault(ask) ? input : { ...input, witness: [...witnessOf(draft, index, ask), ...shown] };
  });
  return { ...transaction, inputs };
};
