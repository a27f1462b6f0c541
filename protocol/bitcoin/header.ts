import type { Hash32 } from '../codec/hash32.ts';

/** @shape 80 bytes; hash: of these bytes, internal order */
export interface BitcoinHeader {
  readonly version: number;
  readonly previous: Hash32;
  readonly merkleRoot: Hash32;
  readonly time: number;
  readonly bits: number;
  readonly nonce: number;
}

/** A Bitcoin header whose proof of work, link, retarget and median time were checked from a checkpoint. */
export interface BitcoinEntry {
  readonly header: BitcoinHeader;
  readonly hash: Hash32;
  readonly height: number;
  readonly medianTime: number;
  /** largest time of the headers up to it: about when it was seen, and it only grows */
  readonly latestTime: number;
  /** cumulative from the checkpoint */
  readonly work: bigint;
}

/** What consensus asks of Bitcoin. */
export interface BitcoinView {
  readonly findHeader: (hash: Hash32) => BitcoinEntry | undefined;
  /** The highest header of the best chain whose latest time is at most `bound`. @source SPEC BT7 */
  readonly slotHeader: (bound: number) => BitcoinEntry | undefined;
  /**
   * Whether `entry` is `slotHeader(bound)`, or the last known header of a stale branch that meets the same bound and
   * leaves the best chain at most `stale` below it.
   */
  readonly isSlotHeader: (entry: BitcoinEntry, bound: number, stale: number) => boolean;
}
