import type { RecordEntry } from '../records/record-leaf.ts';
import type { Outpoint } from '../tx/outpoint.ts';
import type { FindCoin } from './resolve.ts';

/**
 * What the rules read of the state at a transaction's place: coins and records as the transactions before it leave them,
 * and who is frozen, which is one set for the whole block.
 */
export interface LedgerView {
  readonly findCoin: FindCoin;
  readonly findRecord: (table: Uint8Array, key: Uint8Array) => RecordEntry | undefined;
  /** the record whose seat this outpoint is now */
  readonly findSeat: (outpoint: Outpoint) => RecordEntry | undefined;
  /** the frozen account that answers for what is filed under an owner tag @shape tag: 20 bytes */
  readonly findFrozen: (tag: Uint8Array) => Holder | undefined;
}

/** An account or an owner tag that no account claims, as a string that is equal exactly when they are. */
export type Holder = `account:${string}` | `tag:${string}`;
