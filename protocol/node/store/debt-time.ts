import { encodeField } from '#protocol/codec/schema';
import type { Coin } from '#protocol/ledger/coin';
import type { Database, WriteOp } from './database.ts';
import { debtTimeKey, wholeTable } from './keys.ts';
import { coinField, debtTimeField, own } from './records.ts';

const sumOf = (coins: Iterable<Coin>): bigint => {
  let sum = 0n;
  for (const { element, amount, medianTime } of coins) if (element === 'debt') sum += amount * BigInt(medianTime);
  return sum;
};

/**
 * Σ amount × time of all unpaid debt, each by the median time of its coin: with the sum of debt it gives debt's mean age.
 *
 * @unit base units × unix seconds
 * @source SPEC MP4
 */
export class DebtTime {
  private sum: bigint;

  private constructor(sum: bigint) {
    this.sum = sum;
  }

  /** A store that does not have it yet is read through once. */
  static async load(database: Database): Promise<DebtTime> {
    const kept = database.get(debtTimeKey());
    if (kept !== undefined) return new DebtTime(own(debtTimeField, kept));
    let sum = 0n;
    for await (const [, value] of database.entries(wholeTable('coin'))) sum += sumOf([own(coinField, value)]);
    return new DebtTime(sum);
  }

  read(): bigint {
    return this.sum;
  }

  /** Adds the write to the batch; `apply` once it is written. */
  plan(ops: WriteOp[], created: readonly Coin[], spent: readonly Coin[]): { readonly apply: () => void } {
    const next = this.sum + sumOf(created) - sumOf(spent);
    ops.push({ type: 'put', key: debtTimeKey(), value: encodeField(debtTimeField, next) });
    return {
      apply: () => {
        this.sum = next;
      },
    };
  }
}
