import { encodeField } from '#protocol/codec/schema';
import type { Coin } from '#protocol/ledger/coin';
import { matchDebtScript } from '#protocol/script/forms/debt';
import { encodeOutpoint, type Outpoint } from '#protocol/tx/outpoint';
import type { Database, WriteOp } from './database.ts';
import { debtKey, debtOwnerSpan, debtTimeKey, OUTPOINT_BYTES, wholeTable } from './keys.ts';
import { coinField, debtTimeField, outpointField, own } from './records.ts';

const EMPTY = new Uint8Array(0);

const timeOf = ({ element, amount, medianTime }: Coin): bigint => (element === 'debt' ? amount * BigInt(medianTime) : 0n);

const keyOf = ({ element, script, outpoint }: Coin): Uint8Array | undefined => {
  const form = element === 'debt' ? matchDebtScript(script) : undefined;
  return form && debtKey(form.tag, encodeOutpoint(outpoint));
};

/**
 * The unpaid debts: where those of the standard form are, by the owner tag they name, and Σ amount × time of all of them, by
 * the median times of their coins, which with the sum of debt gives the mean age.
 *
 * @unit base units × unix seconds
 * @source SPEC MP4, PU3
 */
export class DebtIndex {
  private readonly database: Database;
  private sum: bigint;

  private constructor(database: Database, sum: bigint) {
    this.database = database;
    this.sum = sum;
  }

  /** A store that does not have it yet is read through once. */
  static async load(database: Database): Promise<DebtIndex> {
    const kept = database.get(debtTimeKey());
    if (kept !== undefined) return new DebtIndex(database, own(debtTimeField, kept));
    const index = new DebtIndex(database, 0n);
    const coins: Coin[] = [];
    for await (const [, value] of database.entries(wholeTable('coin'))) {
      const coin = own(coinField, value);
      if (coin.element === 'debt') coins.push(coin);
    }
    const ops: WriteOp[] = [];
    const { apply } = index.plan(ops, coins, []);
    await database.write(ops);
    apply();
    return index;
  }

  /** Σ amount × time. */
  read(): bigint {
    return this.sum;
  }

  /** Outpoints of the standard debts that name a tag. @shape tag: 20 bytes */
  async *namedBy(tag: Uint8Array): AsyncGenerator<Outpoint> {
    for await (const [key] of this.database.entries(debtOwnerSpan(tag))) yield own(outpointField, key.slice(-OUTPOINT_BYTES));
  }

  /** Adds the writes to the batch; `apply` once it is written. */
  plan(ops: WriteOp[], created: readonly Coin[], spent: readonly Coin[]): { readonly apply: () => void } {
    let next = this.sum;
    for (const coin of spent) {
      next -= timeOf(coin);
      const key = keyOf(coin);
      if (key !== undefined) ops.push({ type: 'del', key });
    }
    for (const coin of created) {
      next += timeOf(coin);
      const key = keyOf(coin);
      if (key !== undefined) ops.push({ type: 'put', key, value: EMPTY });
    }
    ops.push({ type: 'put', key: debtTimeKey(), value: encodeField(debtTimeField, next) });
    return {
      apply: () => {
        this.sum = next;
      },
    };
  }
}
