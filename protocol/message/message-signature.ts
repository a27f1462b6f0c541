import { base64 } from '@scure/base';
import { decodeBytes } from '../codec/reader.ts';
import { encodeBytes } from '../codec/writer.ts';
import { type Fault, fault, isFault } from '../fault.ts';
import { buildKeyHashCheck } from '../script/forms/key-check.ts';
import { CONSENSUS_RULES } from '../script/rules.ts';
import { computeSighash, SIGHASH_ALL } from '../script/sighash.ts';
import { makeTransactionChecker } from '../script/transaction-checker.ts';
import { matchWitnessProgram, runWitnessVersion0 } from '../script/witness-program.ts';
import { messageSighashSource } from './signed-message.ts';

const SIMPLE = 'smp';
const MAX_CHARACTERS = 20_000;
const MAX_ITEMS = 100;
const MAX_ITEM_BYTES = 10_000;

/** What a key signs to sign a message for its address. @shape keyHash: 20 bytes @source SPEC MS2; BIP322 */
export const computeMessageSighash = (script: Uint8Array, keyHash: Uint8Array, message: string): Uint8Array =>
  computeSighash(messageSighashSource(script, message), { index: 0, scriptCode: buildKeyHashCheck(keyHash), amountField: 0n }, SIGHASH_ALL);

/** The signature as people pass it on: `smp`, and the witness in base64. @source SPEC MS2; BIP322, simple */
export const encodeMessageSignature = (witness: readonly Uint8Array[]): string =>
  SIMPLE + base64.encode(encodeBytes((writer) => writer.list(witness, (inner, item) => inner.varBytes(item))));

const decodeBase64 = (text: string): Uint8Array | undefined => {
  try {
    return base64.decode(text);
  } catch {
    return undefined;
  }
};

/** Base64 has digits in multiples of four, so three letters before it are a prefix and no part of it. */
const decodeWitness = (text: string): readonly Uint8Array[] | Fault<'message-signature-form'> => {
  const body = text.startsWith(SIMPLE) ? text.slice(SIMPLE.length) : text;
  const bytes = text.length > MAX_CHARACTERS ? undefined : decodeBase64(body);
  const witness =
    bytes === undefined ? undefined : decodeBytes(bytes, (reader) => reader.list(MAX_ITEMS, 1, (r) => r.varBytes(MAX_ITEM_BYTES)));
  return witness === undefined || isFault(witness) ? fault('message-signature-form', { characters: text.length }) : witness;
};

/**
 * Verifies that whoever can spend from an address signed a message.
 *
 * @shape script: the address's output script, of witness version 0
 * @fault `message-signature-form`: not a simple signature in base64; `message-address`: an address of another kind;
 * `message-signature`: it is not of this address or not of this message
 * @source SPEC MS3; BIP322, simple
 */
export const verifyMessage = (
  script: Uint8Array,
  message: string,
  signature: string,
): true | Fault<'message-signature-form' | 'message-address' | 'message-signature'> => {
  const program = matchWitnessProgram(script);
  if (program?.version !== 0) return fault('message-address', { witnessVersion: program?.version ?? -1 });
  const witness = decodeWitness(signature);
  if (isFault(witness)) return witness;
  const checker = makeTransactionChecker(messageSighashSource(script, message), 0, 0n);
  const result = runWitnessVersion0(program.program, witness, { rules: CONSENSUS_RULES, checker });
  return isFault(result) ? fault('message-signature', { reason: result.fault }) : true;
};
