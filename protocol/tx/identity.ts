import { findIdentity, rememberIdentity, type TransactionIdentity } from './identity-cache.ts';
import type { Transaction, Txid, Wtxid } from './transaction.ts';
import { encodeTransaction, encodeTransactionWithoutWitness } from './transaction-codec.ts';

const identify = (tx: Transaction): TransactionIdentity => {
  const known = findIdentity(tx);
  if (known !== undefined) return known;
  const base = encodeTransactionWithoutWitness(tx);
  const total = tx.inputs.some((input) => input.witness.length > 0) ? encodeTransaction(tx) : base;
  return rememberIdentity(tx, base, total);
};

/** @shape internal order; computed once for each transaction object @source SPEC TX3 */
export const computeTxid = (tx: Transaction): Txid => identify(tx).txid;

/** @shape internal order; equal to the txid where there is no witness @source SPEC TX3 */
export const computeWtxid = (tx: Transaction): Wtxid => identify(tx).wtxid;

/** @unit weight units @source SPEC TX4; BIP141 */
export const computeWeight = (tx: Transaction): number => {
  const { baseBytes, totalBytes } = identify(tx);
  return baseBytes * 3 + totalBytes;
};

/** @unit virtual bytes, rounded up @source SPEC TX4; BIP141 */
export const computeVirtualSize = (tx: Transaction): number => Math.ceil(computeWeight(tx) / 4);

/** @unit bytes, with witness */
export const computeSize = (tx: Transaction): number => identify(tx).totalBytes;

/** @unit virtual bytes @source SPEC TX4 */
export const computeFeeSize = (tx: Transaction, checks: number): number => Math.max(computeVirtualSize(tx), checks * 50);
