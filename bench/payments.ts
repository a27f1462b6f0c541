import { secp256k1 } from '@noble/curves/secp256k1.js';
import type { Hash32 } from '#protocol/codec/hash32';
import { sha256 } from '#protocol/crypto/hash';
import { isFault } from '#protocol/fault';
import { checkTransaction } from '#protocol/ledger/check-transaction';
import type { Coin } from '#protocol/ledger/coin';
import { DEV_PARAMETERS } from '#protocol/params/networks';
import { outpointKey } from '#protocol/tx/outpoint';
import type { Transaction } from '#protocol/tx/transaction';
import { decodeTransaction } from '#protocol/tx/transaction-codec';

export const TIME = 1_700_000_000;
export const PLACE = { height: 100, medianTime: TIME + 10_000 };
export const MADE_AT = 10;
export const SEQUENCE = 0xffff_fffd;

const KEYS = 20;

export interface Key {
  readonly secret: Uint8Array;
  readonly publicKey: Uint8Array;
}

export const keyOf = (i: number): Key => {
  const secret = sha256(Uint8Array.of(1, i % KEYS));
  return { secret, publicKey: secp256k1.getPublicKey(secret, true) };
};

/** A txid of nothing, another one for each number. */
export const madeUpTxid = (i: number): Hash32 => sha256(Uint8Array.of(2, i & 255, i >> 8));

export const circulating = (parts: Pick<Transaction, 'inputs' | 'outputs'>): Transaction => ({ layer: 0, type: 0, lockTime: 0, ...parts });

export const coinMapOf = (coins: readonly Coin[]): ReadonlyMap<string, Coin> =>
  new Map(coins.map((coin) => [outpointKey(coin.outpoint), coin]));

/** Decodes each from its bytes and judges it by every rule that a pool and a block hold it to. @throws where one is refused */
export const validateAll = (transactions: readonly Uint8Array[], coins: ReadonlyMap<string, Coin>): void => {
  const nothing = { findRecord: () => undefined, findSeat: () => undefined, findFrozen: () => undefined };
  const findCoin = (outpoint: Coin['outpoint']): Coin | undefined => coins.get(outpointKey(outpoint));
  const context = { place: PLACE, parameters: DEV_PARAMETERS, findCoin, ...nothing };
  for (const bytes of transactions) {
    const transaction = decodeTransaction(bytes);
    if (isFault(transaction)) throw new Error(transaction.fault);
    const checked = checkTransaction(transaction, context);
    if (isFault(checked)) throw new Error(checked.fault);
  }
};
