import type { Coin } from '#protocol/ledger/coin';
import { isDataOutput } from '#protocol/script/forms/data-output';
import { computeTxid } from '#protocol/tx/identity';
import type { Transaction } from '#protocol/tx/transaction';

/** The coins that a transaction makes at its place. */
export const coinsOf = (transaction: Transaction, height: number, medianTime: number): Coin[] => {
  const txid = computeTxid(transaction);
  const { layer, type } = transaction;
  return transaction.outputs.flatMap((output, index) =>
    isDataOutput(output) ? [] : [{ ...output, outpoint: { txid, index }, layer, type, height, medianTime }],
  );
};
