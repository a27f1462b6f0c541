import { hash256 } from '../crypto/hash.ts';
import { invariant } from '../invariant.ts';
import type { Transaction, Txid, Wtxid } from './transaction.ts';

/** @unit baseBytes: without witness; totalBytes: with it */
export interface TransactionIdentity {
  readonly txid: Txid;
  readonly wtxid: Wtxid;
  readonly baseBytes: number;
  readonly totalBytes: number;
}

const identities = new WeakMap<Transaction, TransactionIdentity>();

/** Keeps ids and sizes of a transaction whose bytes are at hand; `total` is `base` where there is no witness. */
export const rememberIdentity = (tx: Transaction, base: Uint8Array, total: Uint8Array): TransactionIdentity => {
  invariant(base.length <= total.length, 'a transaction is at least as long with its witness');
  const txid = hash256(base);
  const wtxid = total === base ? txid : hash256(total);
  const identity = { txid, wtxid, baseBytes: base.length, totalBytes: total.length };
  identities.set(tx, identity);
  return identity;
};

export const findIdentity = (tx: Transaction): TransactionIdentity | undefined => identities.get(tx);
