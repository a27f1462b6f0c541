import { concatBytes, equalBytes } from '../codec/bytes.ts';
import { sha256 } from '../crypto/hash.ts';
import { fault } from '../fault.ts';
import { type Evaluation, evaluateScript } from './interpreter.ts';
import { MAX_ELEMENT_BYTES } from './limits.ts';
import { isTruthy } from './number.ts';
import { OP } from './opcodes.ts';
import type { ScriptRules } from './rules.ts';
import type { ScriptFault } from './script-fault.ts';
import type { SignatureChecker } from './signature-checker.ts';

const KEY_HASH_BYTES = 20;
const SCRIPT_HASH_BYTES = 32;

export interface WitnessProgram {
  readonly version: number;
  readonly program: Uint8Array;
}

/** @shape program: 2 to 40 bytes @source SPEC SC12; BIP141 */
export const matchWitnessProgram = (script: Uint8Array): WitnessProgram | undefined => {
  const [first, length] = [script[0], script[1]];
  if (script.length < 4 || script.length > 42 || length !== script.length - 2) return undefined;
  if (first === OP.FALSE) return { version: 0, program: script.subarray(2) };
  if (first === undefined || first < OP.TRUE || first > OP.SIXTEEN) return undefined;
  return { version: first - OP.TRUE + 1, program: script.subarray(2) };
};

/** How a script is run: its rules and what it asks of its transaction. */
export interface ScriptEnvironment {
  readonly rules: ScriptRules;
  readonly checker: SignatureChecker;
  /** bytes that an item of the witness may have; a stack element's limit unless said otherwise */
  readonly maxItem?: number;
}

/**
 * Runs a script on a witness stack; exactly one true item must be left.
 *
 * @source SPEC SC12
 */
export const runOnWitness = (
  script: Uint8Array,
  witness: readonly Uint8Array[],
  { rules, checker, maxItem = MAX_ELEMENT_BYTES }: ScriptEnvironment,
): Evaluation | ScriptFault => {
  const tooLong = witness.find((item) => item.length > maxItem);
  if (tooLong !== undefined) return fault('push-size', { size: tooLong.length });
  const result = evaluateScript(script, witness.slice(), rules, checker);
  if ('fault' in result) return result;
  if (result.stack.length !== 1) return fault('cleanstack', { items: result.stack.length });
  return isTruthy(result.stack[0] as Uint8Array) ? result : fault('eval-false');
};

const keyHashCode = (keyHash: Uint8Array): Uint8Array =>
  concatBytes(Uint8Array.of(OP.DUP, OP.HASH160, KEY_HASH_BYTES), keyHash, Uint8Array.of(OP.EQUALVERIFY, OP.CHECKSIG));

const runScriptHash = (program: Uint8Array, witness: readonly Uint8Array[], environment: ScriptEnvironment): Evaluation | ScriptFault => {
  const script = witness[witness.length - 1];
  if (script === undefined) return fault('witness-program-witness-empty');
  if (!equalBytes(sha256(script), program)) return fault('witness-program-mismatch');
  return runOnWitness(script, witness.slice(0, -1), environment);
};

/** @shape program of witness version 0 @source SPEC SC12; BIP141 */
export const runWitnessVersion0 = (
  program: Uint8Array,
  witness: readonly Uint8Array[],
  environment: ScriptEnvironment,
): Evaluation | ScriptFault => {
  if (program.length === SCRIPT_HASH_BYTES) return runScriptHash(program, witness, environment);
  if (program.length !== KEY_HASH_BYTES) return fault('witness-program-wrong-length', { length: program.length });
  return witness.length === 2
    ? runOnWitness(keyHashCode(program), witness, environment)
    : fault('witness-program-mismatch', { items: witness.length });
};
