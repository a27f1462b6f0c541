import { ZERO_HASH } from '../codec/hash32.ts';
import { DEBT_LAYER } from '../tx/layer.ts';
import { NULL_INDEX } from '../tx/outpoint.ts';
import type { Transaction, TransactionOutput } from '../tx/transaction.ts';
import { COINBASE } from '../tx/transaction-type.ts';
import { computeRewardShares, type Maker, payMaker } from './rewards.ts';

const FINAL_SEQUENCE = 0xffff_ffff;

export interface CoinbasePlan {
  readonly height: number;
  /** of the parent, base units */
  readonly fees: bigint;
  /** of the block that the coinbase stands in */
  readonly maker: Maker;
  /** of the parent; genesis has none, and no fees */
  readonly parentMaker: Maker | undefined;
  /** makers of the parent's other versions, in the order of versionsRoot */
  readonly otherMakers: readonly Maker[];
}

export const makeCoinbase = (
  lockTime: number,
  outputs: readonly TransactionOutput[],
  layer: Transaction['layer'] = DEBT_LAYER,
): Transaction => ({
  layer,
  type: COINBASE,
  inputs: [{ outpoint: { txid: ZERO_HASH, index: NULL_INDEX }, sequence: FINAL_SEQUENCE, witness: [] }],
  outputs,
  lockTime,
});

/** The one coinbase a block may have. @source SPEC RW2, RW3; spec 03, rewards */
export const buildCoinbase = ({ height, fees, maker, parentMaker, otherMakers }: CoinbasePlan): Transaction => {
  if (parentMaker === undefined || fees === 0n) return makeCoinbase(height, []);
  const { reference, accepted, each } = computeRewardShares(fees, 1 + otherMakers.length);
  return makeCoinbase(height, [
    ...payMaker(reference, maker),
    ...payMaker(accepted, parentMaker),
    ...otherMakers.flatMap((other) => payMaker(each, other)),
  ]);
};
