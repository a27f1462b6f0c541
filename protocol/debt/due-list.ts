import type { Due } from './due.ts';
import type { Liability } from './liabilities.ts';

type Kind = Due['kind'];

/** Sums by date with the earliest at hand: a binary heap of dates, out of which dates that were settled fall when they come up. */
class DatedSums {
  private readonly sums = new Map<number, bigint>();
  private readonly heap: number[] = [];
  private readonly queued = new Set<number>();

  add(due: number, delta: bigint): void {
    const before = this.sums.get(due);
    const after = (before ?? 0n) + delta;
    if (after === 0n) this.sums.delete(due);
    else this.sums.set(due, after);
    if (after !== 0n && !this.queued.has(due)) this.push(due);
  }

  earliest(): number | undefined {
    while (this.heap.length > 0 && !this.sums.has(this.heap[0] as number)) this.pop();
    return this.heap[0];
  }

  amountAt(due: number): bigint {
    return this.sums.get(due) ?? 0n;
  }

  get isEmpty(): boolean {
    return this.sums.size === 0;
  }

  entries(): Iterable<readonly [number, bigint]> {
    return this.sums;
  }

  private push(due: number): void {
    const { heap } = this;
    this.queued.add(due);
    let at = heap.push(due) - 1;
    for (let up = (at - 1) >> 1; at > 0 && (heap[up] as number) > due; up = (at - 1) >> 1) {
      heap[at] = heap[up] as number;
      at = up;
    }
    heap[at] = due;
  }

  private pop(): void {
    const { heap } = this;
    this.queued.delete(heap[0] as number);
    const last = heap.pop() as number;
    if (heap.length === 0) return;
    let at = 0;
    for (let down = 1; down < heap.length; down = 2 * at + 1) {
      if (down + 1 < heap.length && (heap[down + 1] as number) < (heap[down] as number)) down++;
      if ((heap[down] as number) >= last) break;
      heap[at] = heap[down] as number;
      at = down;
    }
    heap[at] = last;
  }
}

/** What one holder owes, by date. @unit base units @source SPEC DE3 */
export class DueList {
  private readonly dates: Readonly<Record<Kind, DatedSums>> = { height: new DatedSums(), time: new DatedSums() };

  add({ kind, due }: Due, delta: bigint): void {
    this.dates[kind].add(due, delta);
  }

  amountAt({ kind, due }: Due): bigint {
    return this.dates[kind].amountAt(due);
  }

  get isEmpty(): boolean {
    return this.dates.height.isEmpty && this.dates.time.isEmpty;
  }

  /** Whether something of it is due. @unit medianTime: unix seconds */
  isDueBy(height: number, medianTime: number): boolean {
    const [at, time] = [this.dates.height.earliest(), this.dates.time.earliest()];
    return (at !== undefined && at <= height) || (time !== undefined && time <= medianTime);
  }

  *liabilities(): Generator<Liability> {
    for (const kind of ['height', 'time'] as const) for (const [due, amount] of this.dates[kind].entries()) yield { kind, due, amount };
  }
}
