import { type Fault, fault } from '../fault.ts';
import type { Parameters } from '../params/parameters.ts';
import type { Transaction } from '../tx/transaction.ts';
import { COINBASE } from '../tx/transaction-type.ts';
import type { Coin } from './coin.ts';
import type { ResolvedTransaction } from './resolve.ts';

const LOCK_TIME_THRESHOLD = 500_000_000;
const FINAL_SEQUENCE = 0xffff_ffff;
const DISABLE_FLAG = 2 ** 31;
const TIME_FLAG = 2 ** 22;
const VALUE_MASK = 0xffff;
const TIME_UNIT = 512;

/** Where a transaction would stand. @unit medianTime: unix seconds, of the block's parent */
export interface LedgerPlace {
  readonly height: number;
  readonly medianTime: number;
}

/** @source SPEC LE11; BIP113 */
const isFinal = (tx: Transaction, { height, medianTime }: LedgerPlace): boolean =>
  tx.lockTime < (tx.lockTime < LOCK_TIME_THRESHOLD ? height : medianTime) || tx.inputs.every(({ sequence }) => sequence === FINAL_SEQUENCE);

/** @source SPEC LE11; BIP68 */
const isRelativeLockMet = (sequence: number, coin: Coin, { height, medianTime }: LedgerPlace): boolean => {
  if (sequence >= DISABLE_FLAG) return true;
  const count = sequence & VALUE_MASK;
  return (sequence & TIME_FLAG) !== 0 ? coin.medianTime + count * TIME_UNIT <= medianTime : coin.height + count <= height;
};

const isMature = (coin: Coin, height: number, { coinbaseMaturity }: Parameters): boolean =>
  coin.type !== COINBASE || coin.height === 0 || height - coin.height >= coinbaseMaturity;

/**
 * @fault `lock-time`; `sequence-lock`; `immature`: a coinbase's output before its time
 * @source SPEC LE11
 */
export const checkLocks = (
  { transaction, inputs }: ResolvedTransaction,
  place: LedgerPlace,
  parameters: Parameters,
): undefined | Fault<'lock-time' | 'sequence-lock' | 'immature'> => {
  if (!isFinal(transaction, place)) return fault('lock-time', { lockTime: transaction.lockTime, height: place.height });
  for (const { index, coin } of inputs) {
    const sequence = transaction.inputs[index]?.sequence ?? FINAL_SEQUENCE;
    if (!isRelativeLockMet(sequence, coin, place)) return fault('sequence-lock', { input: index, sequence });
    if (!isMature(coin, place.height, parameters))
      return fault('immature', { input: index, from: coin.height + parameters.coinbaseMaturity });
  }
  return undefined;
};
