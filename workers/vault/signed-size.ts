import { computeWeight } from '#protocol/tx/identity';
import type { Transaction } from '#protocol/tx/transaction';

const SIGNATURE_BYTES = 72;
const KEY_BYTES = 33;

/** Virtual bytes once every input carries a signature and a key. */
export const computeSignedSize = (transaction: Transaction): number => {
  const witness = [new Uint8Array(SIGNATURE_BYTES), new Uint8Array(KEY_BYTES)];
  const signed = { ...transaction, inputs: transaction.inputs.map((input) => ({ ...input, witness })) };
  return Math.ceil(computeWeight(signed) / 4);
};
