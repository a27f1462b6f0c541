import type { Hash32 } from '#protocol/codec/hash32';
import type { Transaction, Txid } from '#protocol/tx/transaction';
import type { HeldCoin } from './coin-ledger.ts';

/** A transaction that touches a watched owner, in a block whose header was verified and whose body it was read from. */
export interface OwnTransaction {
  readonly txid: Txid;
  readonly transaction: Transaction;
}

/**
 * What one verified block does to the watched owners' coins: nothing, by its filter, or what its body says.
 *
 * @unit time: unix seconds
 */
export interface BlockEffect {
  readonly hash: Hash32;
  readonly height: number;
  readonly time: number;
  readonly created: readonly { readonly owner: string; readonly coin: HeldCoin }[];
  /** keys of outpoints, whoever they belonged to */
  readonly spent: readonly string[];
  readonly transactions: readonly OwnTransaction[];
}
