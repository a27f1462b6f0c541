import type { DueChange } from '#protocol/state/view';
import type { Database, WriteOp } from './database.ts';
import { dueKey, readBe32, wholeTable } from './keys.ts';

type Kind = DueChange['kind'];

const encodeAmount = (amount: bigint): Uint8Array => {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, amount);
  return bytes;
};

/**
 * Sums of debts by the height or time at which they fall due. Kept in memory besides: one number per date that has any.
 *
 * @source SPEC ND5
 */
export class DueIndex {
  private readonly sums: Readonly<Record<Kind, Map<number, bigint>>> = { height: new Map(), time: new Map() };

  static async load(database: Database): Promise<DueIndex> {
    const index = new DueIndex();
    for await (const [key, value] of database.entries(wholeTable('due')))
      index.sums[key[1] === 0 ? 'height' : 'time'].set(
        readBe32(key, 2),
        new DataView(value.buffer, value.byteOffset, value.byteLength).getBigUint64(0),
      );
    return index;
  }

  atHeight(height: number): bigint {
    return this.sums.height.get(height) ?? 0n;
  }

  /** Sum of what falls due after `after` and at `upTo` at the latest. */
  between(after: number, upTo: number): bigint {
    const sums = this.sums.time;
    let total = 0n;
    if (upTo - after <= sums.size) for (let due = after + 1; due <= upTo; due++) total += sums.get(due) ?? 0n;
    else for (const [due, sum] of sums) if (due > after && due <= upTo) total += sum;
    return total;
  }

  /** Adds the writes to the batch; `apply` once it is written. */
  plan(ops: WriteOp[], changes: readonly DueChange[]): { readonly apply: () => void } {
    const next = new Map<string, { kind: Kind; due: number; sum: bigint }>();
    for (const { kind, due, delta } of changes) {
      const name = `${kind}:${due}`;
      const sum = (next.get(name)?.sum ?? this.sums[kind].get(due) ?? 0n) + delta;
      next.set(name, { kind, due, sum });
    }
    for (const { kind, due, sum } of next.values())
      ops.push(sum === 0n ? { type: 'del', key: dueKey(kind, due) } : { type: 'put', key: dueKey(kind, due), value: encodeAmount(sum) });
    return {
      apply: () => {
        for (const { kind, due, sum } of next.values()) {
          if (sum === 0n) this.sums[kind].delete(due);
          else this.sums[kind].set(due, sum);
        }
      },
    };
  }
}
