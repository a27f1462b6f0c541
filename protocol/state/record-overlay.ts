import { encodeHex } from '../codec/hex.ts';
import type { LedgerView } from '../ledger/ledger-view.ts';
import type { RecordChange } from '../records/check-record.ts';
import type { RecordEntry } from '../records/record-leaf.ts';
import { type Outpoint, outpointKey } from '../tx/outpoint.ts';

const recordKey = (table: Uint8Array, key: Uint8Array): string => `${encodeHex(table)}:${encodeHex(key)}`;

/** Records as a block under way leaves them, over the state before it. */
export class RecordOverlay {
  private readonly base: Pick<LedgerView, 'findRecord' | 'findSeat'>;
  private readonly made = new Map<string, RecordChange>();
  private readonly seats = new Map<string, RecordEntry | undefined>();

  constructor(base: Pick<LedgerView, 'findRecord' | 'findSeat'>) {
    this.base = base;
  }

  findRecord = (table: Uint8Array, key: Uint8Array): RecordEntry | undefined => {
    const change = this.made.get(recordKey(table, key));
    return change === undefined ? this.base.findRecord(table, key) : change.after;
  };

  findSeat = (outpoint: Outpoint): RecordEntry | undefined => {
    const key = outpointKey(outpoint);
    return this.seats.has(key) ? this.seats.get(key) : this.base.findSeat(outpoint);
  };

  write(change: RecordChange): void {
    const { table, key, before, after } = change;
    const name = recordKey(table, key);
    const earlier = this.made.get(name);
    this.made.set(name, earlier === undefined ? change : { ...change, before: earlier.before });
    if (before?.seat !== undefined) this.seats.set(outpointKey(before.seat), undefined);
    if (after?.seat !== undefined) this.seats.set(outpointKey(after.seat), after);
  }

  /** Each record once, as it was before the block and as it is after; none that the block made and removed. */
  get changes(): RecordChange[] {
    return [...this.made.values()].filter(({ before, after }) => before !== undefined || after !== undefined);
  }
}
