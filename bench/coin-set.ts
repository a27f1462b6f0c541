import { secp256k1 } from '@noble/curves/secp256k1.js';
import { sha256 } from '#protocol/crypto/hash';
import type { Coin } from '#protocol/ledger/coin';
import { signKeySpends } from '#protocol/node/devnet/sign-key-spend';
import { buildPayToKey, buildPayToKeyHash } from '#protocol/script/forms/pay-to-key';
import type { Outpoint } from '#protocol/tx/outpoint';
import type { Transaction, TransactionOutput } from '#protocol/tx/transaction';

const SEQUENCE = 0xffff_fffd;
const FEE = 200n;

const u32 = (i: number): Uint8Array => new Uint8Array(Uint32Array.of(i).buffer);

const keyOf = (i: number) => {
  const secret = sha256(u32(i));
  return { secret, publicKey: secp256k1.getPublicKey(secret, true) };
};

/** Coins of an owner each, the same for both networks: every so many has a secret that is known here, and can be spent. */
export interface CoinSet {
  readonly count: number;
  /** @unit coins from one that can be spent to the next */
  readonly stride: number;
}

/** The script of coin `i`. */
export const scriptOf = (i: number, { stride }: CoinSet): Uint8Array =>
  i % stride === 0 ? buildPayToKey(keyOf(i).publicKey) : buildPayToKeyHash(sha256(u32(i)).subarray(0, 20));

export interface PlacedCoin {
  readonly outpoint: Outpoint;
  readonly amount: bigint;
}

const newOwner = (i: number): Uint8Array => buildPayToKeyHash(sha256(Uint8Array.of(1, ...u32(i))).subarray(0, 20));

/**
 * A payment of coin `i` and its change, to two owners that had nothing: the same bytes here and in Bitcoin.
 *
 * @shape i: a coin that can be spent
 */
export const payFromCoin = (i: number, { outpoint, amount }: PlacedCoin): Transaction => {
  const { secret, publicKey } = keyOf(i);
  const each = (amount - FEE) / 2n;
  const outputs: TransactionOutput[] = [1, 2].map((which) => ({ element: 'value', amount: each, script: newOwner(2 * i + which) }));
  const unsigned: Transaction = { layer: 0, type: 0, lockTime: 0, inputs: [{ outpoint, sequence: SEQUENCE, witness: [] }], outputs };
  const coin: Coin = { element: 'value', amount, outpoint, script: buildPayToKey(publicKey), layer: 0, type: 0, height: 0, medianTime: 0 };
  return signKeySpends(unsigned, [{ coin, secret, publicKey }]);
};
