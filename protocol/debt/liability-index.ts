import type { Holder } from '../ledger/ledger-view.ts';
import type { Due } from './due.ts';
import { DueList } from './due-list.ts';
import { tagOf } from './holder.ts';
import type { Liability, LiabilityChange } from './liabilities.ts';

/** Who owes what when, in memory: one list for each holder that owes anything. @source SPEC DE3 */
export class LiabilityIndex {
  private readonly lists = new Map<Holder, DueList>();

  apply(changes: readonly LiabilityChange[], sign: bigint): void {
    for (const { holder, delta, ...due } of changes) {
      const list = this.lists.get(holder) ?? new DueList();
      list.add(due, sign * delta);
      if (list.isEmpty) this.lists.delete(holder);
      else this.lists.set(holder, list);
    }
  }

  /** Whether a holder is overdue after the block at this height. @unit medianTime: unix seconds, of that block */
  isOverdue(holder: Holder, height: number, medianTime: number): boolean {
    return this.lists.get(holder)?.isDueBy(height, medianTime) === true;
  }

  /** @unit base units */
  amountAt(holder: Holder, due: Due): bigint {
    return this.lists.get(holder)?.amountAt(due) ?? 0n;
  }

  *duesOf(holder: Holder): Generator<Liability> {
    const list = this.lists.get(holder);
    if (list !== undefined) yield* list.liabilities();
  }

  /** Owner tags with something overdue after the block at this height, attributed or not. @shape 20 bytes each */
  *overdueTags(height: number, medianTime: number): Generator<Uint8Array> {
    for (const [holder, list] of this.lists) {
      const tag = list.isDueBy(height, medianTime) ? tagOf(holder) : undefined;
      if (tag !== undefined) yield tag;
    }
  }
}
