import type { Hash32 } from '../codec/hash32.ts';
import { verifyEcdsa } from '../crypto/signature.ts';
import { invariant } from '../invariant.ts';
import { computeSighash, type SighashSource } from './sighash.ts';
import type { SignatureChecker } from './signature-checker.ts';
import { decodeDer } from './signature-encoding.ts';

const LOCK_TIME_THRESHOLD = 500_000_000;
const FINAL_SEQUENCE = 0xffff_ffff;
const SEQUENCE_DISABLE = 2 ** 31;
const SEQUENCE_TYPE = 2 ** 22;
const SEQUENCE_VALUE = 0xffff;

/** Whether a transaction's lock time is of the kind asked for and not before it. @source SPEC SC11; BIP65 */
export const isLockTimeMet = (asked: number, lockTime: number, sequence: number): boolean => {
  if (asked < LOCK_TIME_THRESHOLD !== lockTime < LOCK_TIME_THRESHOLD) return false;
  return asked <= lockTime && sequence !== FINAL_SEQUENCE;
};

const isOn = (value: number, bit: number): boolean => Math.floor(value / bit) % 2 === 1;

/** Whether an input's sequence is a relative lock of the kind asked for and not shorter. @source SPEC SC11; BIP112 */
export const isSequenceMet = (asked: number, sequence: number, version: number): boolean => {
  if (version < 2 || isOn(sequence, SEQUENCE_DISABLE)) return false;
  if (isOn(asked, SEQUENCE_TYPE) !== isOn(sequence, SEQUENCE_TYPE)) return false;
  return asked % (SEQUENCE_VALUE + 1) <= sequence % (SEQUENCE_VALUE + 1);
};

/** Remembers the last answer: the keys of one multisig are tried against one hash. */
const rememberSighash = (compute: (code: Uint8Array, type: number) => Hash32): ((code: Uint8Array, type: number) => Hash32) => {
  let last: { readonly code: Uint8Array; readonly type: number; readonly hash: Hash32 } | undefined;
  return (code, type) => {
    if (last === undefined || last.code !== code || last.type !== type) last = { code, type, hash: compute(code, type) };
    return last.hash;
  };
};

/**
 * The checker of consensus: BIP143 for every script, nothing deleted from the code.
 *
 * @unit amountField: the u64 of the coin, element bits included
 * @source SPEC SC10, SC11
 */
export const makeTransactionChecker = (source: SighashSource, index: number, amountField: bigint): SignatureChecker => {
  const input = source.inputs[index];
  invariant(input !== undefined, 'the checked input exists');
  const sighash = rememberSighash((scriptCode, type) => computeSighash(source, { index, scriptCode, amountField }, type));
  return {
    prepareCode: (code) => code,
    checkSignature: (signature, publicKey, code) => {
      const compact = decodeDer(signature);
      return compact !== undefined && verifyEcdsa(compact, sighash(code, signature[signature.length - 1] as number), publicKey);
    },
    checkLockTime: (lockTime) => isLockTimeMet(lockTime, source.lockTime, input.sequence),
    checkSequence: (sequence) => isSequenceMet(sequence, input.sequence, source.version),
  };
};
