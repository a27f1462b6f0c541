import type { Hash32 } from '../codec/hash32.ts';
import { invariant } from '../invariant.ts';
import { computeSighash, makeSighashSource } from '../script/sighash.ts';
import type { SignatureChecker } from '../script/signature-checker.ts';
import { isLockTimeMet, isSequenceMet } from '../script/transaction-checker.ts';
import { type BitcoinTransaction, writeBitcoinOutput } from './bitcoin-transaction.ts';
import { encodePlainPush, verifyLaxSignature } from './lax-signature.ts';
import { computeLegacySighash, findAndDelete } from './legacy-sighash.ts';

type ComputeHash = (code: Uint8Array, type: number) => Hash32;

const makeChecker = (tx: BitcoinTransaction, index: number, computeHash: ComputeHash): Omit<SignatureChecker, 'prepareCode'> => {
  const input = tx.inputs[index];
  invariant(input !== undefined, 'the checked input exists');
  return {
    checkSignature: (signature, publicKey, code) =>
      verifyLaxSignature(signature, computeHash(code, signature[signature.length - 1] as number), publicKey),
    checkLockTime: (lockTime) => isLockTimeMet(lockTime, tx.lockTime, input.sequence),
    checkSequence: (sequence) => isSequenceMet(sequence, input.sequence, tx.version),
  };
};

const deleteSignatures: SignatureChecker['prepareCode'] = (code, signatures, constant) => {
  const left = signatures.reduce((script, signature) => findAndDelete(script, encodePlainPush(signature)), code);
  return constant && left.length !== code.length ? 'sig-findanddelete' : left;
};

/** What scripts ask where signatures are of the kind before BIP143. */
export const makeLegacyChecker = (tx: BitcoinTransaction, index: number): SignatureChecker => ({
  ...makeChecker(tx, index, (code, type) => computeLegacySighash(tx, index, code, type)),
  prepareCode: deleteSignatures,
});

/** What scripts of witness version 0 ask: the sighash is the one of consensus. */
export const makeWitnessChecker = (tx: BitcoinTransaction, index: number, amountField: bigint): SignatureChecker => {
  const source = makeSighashSource({ ...tx, writeOutput: writeBitcoinOutput });
  return {
    ...makeChecker(tx, index, (scriptCode, type) => computeSighash(source, { index, scriptCode, amountField }, type)),
    prepareCode: (code) => code,
  };
};
