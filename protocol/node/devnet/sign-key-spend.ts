import { secp256k1 } from '@noble/curves/secp256k1.js';
import type { Coin } from '#protocol/ledger/coin';
import { buildKeyHashCheck } from '#protocol/script/forms/key-check';
import { computeSighash, SIGHASH_ALL, sighashSourceOf } from '#protocol/script/sighash';
import { encodeAmountField } from '#protocol/tx/amount-field';
import type { Transaction } from '#protocol/tx/transaction';

export interface KeySpend {
  readonly coin: Coin;
  readonly secret: Uint8Array;
  readonly publicKey: Uint8Array;
}

/** Signs every input, each of which spends a pay-to-key coin. @shape spends: in the order of the inputs */
export const signKeySpends = (transaction: Transaction, spends: readonly KeySpend[]): Transaction => {
  const source = sighashSourceOf(transaction);
  const inputs = transaction.inputs.map((input, index) => {
    const spend = spends[index];
    if (spend === undefined) return input;
    const { coin, secret, publicKey } = spend;
    const signed = {
      index,
      scriptCode: buildKeyHashCheck(coin.script.subarray(2)),
      amountField: encodeAmountField(coin.element, coin.amount),
    };
    const digest = computeSighash(source, signed, SIGHASH_ALL);
    const signature = secp256k1.sign(digest, secret, { prehash: false, lowS: true, format: 'der' });
    return { ...input, witness: [Uint8Array.of(...signature, SIGHASH_ALL), publicKey] };
  });
  return { ...transaction, inputs };
};
