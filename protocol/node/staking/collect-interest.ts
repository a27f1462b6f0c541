import { type Maker, payMaker } from '#protocol/block/rewards';
import type { Coin } from '#protocol/ledger/coin';
import { isFreeOutput } from '#protocol/script/forms/free-output';
import { CIRCULATION } from '#protocol/tx/layer';
import type { Transaction, TransactionOutput } from '#protocol/tx/transaction';
import { TRANSFER } from '#protocol/tx/transaction-type';

const FINAL_SEQUENCE = 0xffff_ffff;
const MAX_COLLECTED = 500;

/** As rewards are shared; who would get less than an output may be leaves it to the other. */
const shareOut = (amount: bigint, maker: Maker, minOutput: bigint): readonly TransactionOutput[] => {
  const outputs = payMaker(amount, maker);
  if (outputs.every((output) => output.amount >= minOutput)) return outputs;
  const [largest] = outputs.toSorted((a, b) => (a.amount < b.amount ? 1 : -1));
  return largest === undefined || amount < minOutput ? [] : [{ ...largest, amount }];
};

/**
 * The transaction by which a maker takes the interest that its block's transactions leave it. undefined: there is none, or less
 * than an output may be.
 *
 * @shape made: coins that the block makes and does not spend
 * @source SPEC ND49; spec 01, free output
 */
export const collectInterest = (
  made: readonly Coin[],
  maker: Maker,
  { minOutput }: { readonly minOutput: bigint },
): Transaction | undefined => {
  const free = made.filter(isFreeOutput).slice(0, MAX_COLLECTED);
  const outputs = shareOut(
    free.reduce((sum, { amount }) => sum + amount, 0n),
    maker,
    minOutput,
  );
  if (outputs.length === 0) return undefined;
  const inputs = free.map(({ outpoint }) => ({ outpoint, sequence: FINAL_SEQUENCE, witness: [] }));
  return { layer: CIRCULATION, type: TRANSFER, inputs, outputs, lockTime: 0 };
};
