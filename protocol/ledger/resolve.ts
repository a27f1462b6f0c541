import { type Fault, fault } from '../fault.ts';
import type { Outpoint } from '../tx/outpoint.ts';
import type { Transaction } from '../tx/transaction.ts';
import { PUNISHMENT } from '../tx/transaction-type.ts';
import type { Coin } from './coin.ts';

export type FindCoin = (outpoint: Outpoint) => Coin | undefined;

/** An input with the coin it names: one of a higher layer is read, every other is consumed. */
export interface ResolvedInput {
  readonly index: number;
  readonly coin: Coin;
  readonly use: 'spend' | 'reference';
}

export interface ResolvedTransaction {
  readonly transaction: Transaction;
  readonly inputs: readonly ResolvedInput[];
}

/** A liability is read whichever layer it is in, so that it supports any number of punishments. @source SPEC LE3, DE6 */
const isRead = (coin: Coin, { layer, type }: Transaction): boolean =>
  coin.layer > layer || (type === PUNISHMENT && coin.element === 'debt');

/** @fault `missing-input`: the coin is not there, or not any more @source SPEC LE3 */
export const resolveInputs = (transaction: Transaction, findCoin: FindCoin): ResolvedTransaction | Fault<'missing-input'> => {
  const inputs: ResolvedInput[] = [];
  for (const [index, { outpoint }] of transaction.inputs.entries()) {
    const coin = findCoin(outpoint);
    if (coin === undefined) return fault('missing-input', { input: index });
    inputs.push({ index, coin, use: isRead(coin, transaction) ? 'reference' : 'spend' });
  }
  return { transaction, inputs };
};

export const spendsOf = ({ inputs }: ResolvedTransaction): readonly ResolvedInput[] => inputs.filter(({ use }) => use === 'spend');

export const referencesOf = ({ inputs }: ResolvedTransaction): readonly ResolvedInput[] => inputs.filter(({ use }) => use === 'reference');
