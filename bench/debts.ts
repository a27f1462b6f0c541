import { hash160 } from '#protocol/crypto/hash';
import type { Coin } from '#protocol/ledger/coin';
import { signKeySpends } from '#protocol/node/devnet/sign-key-spend';
import { buildDebtScript } from '#protocol/script/forms/debt';
import { buildPayToKey } from '#protocol/script/forms/pay-to-key';
import type { Transaction, TransactionOutput } from '#protocol/tx/transaction';
import { circulating, type Key, keyOf, MADE_AT, madeUpTxid, SEQUENCE, TIME } from './payments.ts';

const AMOUNT = 5_000_000_000n;
const OWED = 2_500_000_000n;
const FEE = 10_000n;
const TERM_BLOCKS = 1_000;

export interface Spend {
  readonly coins: readonly Coin[];
  readonly transaction: Transaction;
}

const coinOf = (i: number, index: number, output: TransactionOutput): Coin => ({
  ...output,
  outpoint: { txid: madeUpTxid(i), index },
  layer: 0,
  type: 0,
  height: MADE_AT,
  medianTime: TIME,
});

const paidTo = ({ publicKey }: Key, element: TransactionOutput['element'], amount: bigint): TransactionOutput => ({
  element,
  amount,
  script: buildPayToKey(publicKey),
});

const owedBy = ({ publicKey }: Key, amount: bigint): TransactionOutput => ({
  element: 'debt',
  amount,
  script: buildDebtScript({ tag: hash160(publicKey), term: { kind: 'blocks', blocks: TERM_BLOCKS } }),
});

/** Signs as many of the first coins as there are keys. */
const makeSpend = (coins: readonly Coin[], signers: readonly Key[], outputs: readonly TransactionOutput[]): Spend => {
  const inputs = coins.map(({ outpoint }) => ({ outpoint, sequence: SEQUENCE, witness: [] }));
  const spends = signers.map((key, index) => ({ ...key, coin: coins[index] as Coin }));
  return { coins, transaction: signKeySpends(circulating({ inputs, outputs }), spends) };
};

/** Credit to money and a debt. */
export const makeDraw = (i: number): Spend => {
  const debtor = keyOf(i);
  const coins = [coinOf(i, 0, paidTo(debtor, 'credit', AMOUNT))];
  return makeSpend(coins, [debtor], [paidTo(debtor, 'value', AMOUNT - FEE), owedBy(debtor, AMOUNT)]);
};

/** One input, two outputs. */
export const makePayment = (i: number): Spend => {
  const payer = keyOf(i);
  const coins = [coinOf(i, 0, paidTo(payer, 'value', AMOUNT))];
  return makeSpend(coins, [payer], [paidTo(keyOf(i + 1), 'value', OWED - FEE), paidTo(payer, 'value', AMOUNT - OWED)]);
};

/** Money and a debt to what is left of the money. */
export const makeRepayment = (i: number): Spend => {
  const debtor = keyOf(i);
  const coins = [coinOf(i, 0, paidTo(debtor, 'value', AMOUNT)), coinOf(i, 1, owedBy(debtor, OWED))];
  return makeSpend(coins, [debtor], [paidTo(debtor, 'value', AMOUNT - OWED - FEE)]);
};

/** Two inputs, one output. */
export const makeConsolidation = (i: number): Spend => {
  const payer = keyOf(i);
  const coins = [0, 1].map((index) => coinOf(i, index, paidTo(payer, 'value', OWED)));
  return makeSpend(coins, [payer, payer], [paidTo(payer, 'value', AMOUNT - FEE)]);
};
