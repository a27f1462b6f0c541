import { encodeHex } from '../codec/hex.ts';
import { computeHolder } from '../debt/holder.ts';
import type { Coin } from '../ledger/coin.ts';
import type { Holder, LedgerView } from '../ledger/ledger-view.ts';
import type { RecordChange } from '../records/check-record.ts';
import { findRecordIn, readRecord } from '../records/find-record.ts';
import type { Outpoint } from '../tx/outpoint.ts';
import { CoinOverlay } from './coin-overlay.ts';
import { RecordOverlay } from './record-overlay.ts';
import type { StateView } from './view.ts';

/** Records as the state after the tip has them. */
export const recordsOf = (view: Pick<StateView, 'recordNodes' | 'roots' | 'findSeat'>): Pick<LedgerView, 'findRecord' | 'findSeat'> => ({
  findRecord: (table, key) => findRecordIn(view.recordNodes, view.roots.records, table, key),
  findSeat: (outpoint) => {
    const leafKey = view.findSeat(outpoint);
    return leafKey && readRecord(view.recordNodes, view.roots.records, leafKey);
  },
});

/**
 * Who is frozen in the block after the tip: one set for the whole block. Nobody is looked up where nothing is overdue.
 *
 * @unit medianTime: unix seconds, of the tip
 * @source SPEC DE4; spec 04, overdue
 */
export const makeFindFrozen = (
  view: Pick<StateView, 'tip' | 'isOverdue'>,
  findRecord: LedgerView['findRecord'],
  medianTime: number,
): LedgerView['findFrozen'] => {
  if (view.tip.economy.overdue === 0n) return () => undefined;
  const known = new Map<string, Holder | undefined>();
  return (tag) => {
    const key = encodeHex(tag);
    if (!known.has(key)) {
      const holder = computeHolder(tag, findRecord);
      known.set(key, view.isOverdue(holder, view.tip.height, medianTime) ? holder : undefined);
    }
    return known.get(key);
  };
};

/** Coins, records and frozen accounts as the transactions of a block under way find and leave them. */
export class BlockLedger implements LedgerView {
  readonly coins: CoinOverlay;
  readonly findFrozen: LedgerView['findFrozen'];
  private readonly records: RecordOverlay;

  /** @unit medianTime: unix seconds, of the tip */
  constructor(view: StateView, medianTime: number) {
    const base = recordsOf(view);
    this.coins = new CoinOverlay(view.findCoin);
    this.records = new RecordOverlay(base);
    this.findFrozen = makeFindFrozen(view, base.findRecord, medianTime);
  }

  findCoin = (outpoint: Outpoint): Coin | undefined => this.coins.find(outpoint);
  findRecord: LedgerView['findRecord'] = (table, key) => this.records.findRecord(table, key);
  findSeat: LedgerView['findSeat'] = (outpoint) => this.records.findSeat(outpoint);

  write(change: RecordChange | undefined): void {
    if (change !== undefined) this.records.write(change);
  }

  get recordChanges(): RecordChange[] {
    return this.records.changes;
  }
}
