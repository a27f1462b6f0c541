import type { Hash32 } from '../codec/hash32.ts';
import type { Element } from './element.ts';
import type { Layer } from './layer.ts';
import type { Outpoint } from './outpoint.ts';
import type { TransactionType } from './transaction-type.ts';

/** Names a coin, to spend it or to refer to it. */
export interface TransactionInput {
  readonly outpoint: Outpoint;
  readonly sequence: number;
  readonly witness: readonly Uint8Array[];
}

/** @unit amount: base units, 0 to MAX_AMOUNT, without the element bits */
export interface TransactionOutput {
  readonly element: Element;
  readonly amount: bigint;
  readonly script: Uint8Array;
}

/** A decoded transaction: in form, but judged by no other rule yet. Never changed after it is made. */
export interface Transaction {
  readonly layer: Layer;
  readonly type: TransactionType;
  readonly inputs: readonly TransactionInput[];
  readonly outputs: readonly TransactionOutput[];
  readonly lockTime: number;
}

/** Hash of a transaction without its witnesses. */
export type Txid = Hash32;
/** Hash of a whole transaction. */
export type Wtxid = Hash32;
