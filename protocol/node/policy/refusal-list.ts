import { encodeHex } from '#protocol/codec/hex';
import type { Fault } from '#protocol/fault';
import type { PolicyName } from './policy-fields.ts';

const MAX_REFUSALS = 256;

/** A transaction that a policy kept out of the pool, or of a block. @unit time: unix seconds, of the last time */
export interface ListedRefusal {
  readonly txid: Uint8Array;
  readonly policy: PolicyName;
  readonly reason: Fault;
  readonly from: 'pool' | 'block';
  readonly times: number;
  readonly time: number;
}

/** The last refusals, at most 256; one that comes again is counted and counts as new. @source SPEC MP10 */
export class RefusalList {
  private readonly entries = new Map<string, ListedRefusal>();

  add(refusal: Omit<ListedRefusal, 'times'>): void {
    const key = `${encodeHex(refusal.txid)}:${refusal.policy}:${refusal.from}`;
    const times = (this.entries.get(key)?.times ?? 0) + 1;
    this.entries.delete(key);
    this.entries.set(key, { ...refusal, times });
    if (this.entries.size <= MAX_REFUSALS) return;
    const [oldest] = this.entries.keys();
    if (oldest !== undefined) this.entries.delete(oldest);
  }

  /** Newest first. */
  read(count = MAX_REFUSALS): readonly ListedRefusal[] {
    return [...this.entries.values()].reverse().slice(0, count);
  }
}
