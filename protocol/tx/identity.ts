import { hash256 } from '../crypto/hash.ts';
import type { Transaction, Txid, Wtxid } from './transaction.ts';
import { encodeTransaction, encodeTransactionWithoutWitness } from './transaction-codec.ts';

interface Identity {
  readonly txid: Txid;
  readonly wtxid: Wtxid;
  readonly baseBytes: number;
  readonly totalBytes: number;
}

const identities = new WeakMap<Transaction, Identity>();

const computeIdentity = (tx: Transaction): Identity => {
  const known = identities.get(tx);
  if (known !== undefined) return known;
  const base = encodeTransactionWithoutWitness(tx);
  const total = tx.inputs.some((input) => input.witness.length > 0) ? encodeTransaction(tx) : base;
  const txid = hash256(base);
  const identity = { txid, wtxid: total === base ? txid : hash256(total), baseBytes: base.length, totalBytes: total.length };
  identities.set(tx, identity);
  return identity;
};

/** @shape internal order; kept with the transaction once computed @source SPEC TX3 */
export const computeTxid = (tx: Transaction): Txid => computeIdentity(tx).txid;

/** @source SPEC TX3 */
export const computeWtxid = (tx: Transaction): Wtxid => computeIdentity(tx).wtxid;

/** @unit weight units @source SPEC TX4; BIP141 */
export const computeWeight = (tx: Transaction): number => {
  const { baseBytes, totalBytes } = computeIdentity(tx);
  return baseBytes * 3 + totalBytes;
};

/** @unit virtual bytes @source SPEC TX4; BIP141 */
export const computeVirtualSize = (tx: Transaction): number => Math.ceil(computeWeight(tx) / 4);

/** @unit bytes, with witness */
export const computeSize = (tx: Transaction): number => computeIdentity(tx).totalBytes;
