import type { Hash32 } from '../codec/hash32.ts';
import { type Outpoint, outpointKey } from '../tx/outpoint.ts';
import type { RecordChange } from './check-record.ts';
import { computeRecordKey, type RecordEntry } from './record-leaf.ts';

/** Which outpoints are seats now, and of which record's leaf. @source SPEC RC5 */
export class SeatIndex {
  private readonly seats = new Map<string, Hash32>();

  find(outpoint: Outpoint): Hash32 | undefined {
    return this.seats.get(outpointKey(outpoint));
  }

  private move(from: RecordEntry | undefined, to: RecordEntry | undefined): void {
    if (from?.seat !== undefined) this.seats.delete(outpointKey(from.seat));
    if (to?.seat !== undefined) this.seats.set(outpointKey(to.seat), computeRecordKey(to));
  }

  connect(changes: readonly RecordChange[]): void {
    for (const { before, after } of changes) this.move(before, after);
  }

  disconnect(changes: readonly RecordChange[]): void {
    for (const { before, after } of changes) this.move(after, before);
  }
}
