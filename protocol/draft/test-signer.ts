import { secp256k1 } from '@noble/curves/secp256k1.js';
import { isFault } from '../fault.ts';
import { SIGHASH_ALL } from '../script/sighash.ts';
import { testKey } from '../state/test-chain.ts';
import type { Transaction } from '../tx/transaction.ts';
import type { Draft } from './draft.ts';
import { addSignature, computeDraftDigest, finishDraft } from './sign-draft.ts';

export const signatureOf = (digest: Uint8Array, key: number, sighashType = SIGHASH_ALL): Uint8Array =>
  Uint8Array.of(...secp256k1.sign(digest, testKey(key).secret, { prehash: false, lowS: true, format: 'der' }), sighashType);

/** Signs whatever inputs ask for these test keys. */
export const signBy = (draft: Draft, ...keys: readonly number[]): Draft =>
  keys.reduce(
    (signed, key) =>
      [...signed.transaction.inputs.keys()].reduce((before, input) => {
        const { publicKey } = testKey(key);
        const digest = computeDraftDigest(before, input, publicKey);
        if (isFault(digest)) return before;
        const after = addSignature(before, { input, publicKey, signature: signatureOf(digest, key) });
        if (isFault(after)) throw new Error(after.fault);
        return after;
      }, signed),
    draft,
  );

export const finished = (draft: Draft, ...keys: readonly number[]): Transaction => {
  const transaction = finishDraft(signBy(draft, ...keys));
  if (isFault(transaction)) throw new Error(transaction.fault);
  return transaction;
};
