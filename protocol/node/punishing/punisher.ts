import type { Hash32 } from '#protocol/codec/hash32';
import { buildPunishment, type Seizure } from '#protocol/debt/build-punishment';
import { isFault } from '#protocol/fault';
import type { Coin } from '#protocol/ledger/coin';
import type { Holder } from '#protocol/ledger/ledger-view';
import { encodeTransaction } from '#protocol/tx/transaction-codec';
import { PUNISHMENT } from '#protocol/tx/transaction-type';
import type { Mempool } from '../mempool/mempool.ts';

/** Declined transactions that wait for their turn; further ones are let go. */
const MAX_WAITING = 64;

export interface PunisherOptions {
  readonly chain: { readonly overdueDebts: (account: Holder) => AsyncIterable<Coin> };
  readonly mempool: Mempool;
  /** whether this node makes blocks now */
  readonly isMaking: () => boolean;
  readonly report: (error: unknown) => void;
  readonly published?: (txid: Hash32, seizure: Seizure) => void;
}

/**
 * Punishes what the pool declines: the punishment goes the way of any transaction, through the own pool, which judges it, to
 * the peers.
 *
 * @source SPEC PU1, PU4; spec 04, punishment
 */
export class Punisher {
  private readonly options: PunisherOptions;
  private readonly stopListening: () => void;
  private queue: Promise<void> = Promise.resolve();
  private waiting = 0;
  private count = 0;

  constructor(options: PunisherOptions) {
    this.options = options;
    this.stopListening = options.mempool.onDeclined((seizure) => this.take(seizure));
  }

  /** Punishments that this node published since its start. */
  get published(): number {
    return this.count;
  }

  private take(seizure: Seizure): void {
    if (!this.options.isMaking() || this.waiting >= MAX_WAITING) return;
    this.waiting++;
    this.queue = this.queue
      .then(() => this.punish(seizure))
      .catch(this.options.report)
      .then(() => void this.waiting--);
  }

  /** Whether somebody seizes all of it already. */
  private isSeized({ seized }: Seizure): boolean {
    const { pool } = this.options.mempool;
    return seized.every((outpoint) => pool.spenderOf(outpoint)?.transaction.type === PUNISHMENT);
  }

  private async punish(seizure: Seizure): Promise<void> {
    if (this.isSeized(seizure)) return;
    const { chain, mempool, published } = this.options;
    for await (const liability of chain.overdueDebts(seizure.account)) {
      const submitted = await mempool.submit(encodeTransaction(buildPunishment(seizure, liability)));
      if (!isFault(submitted)) {
        this.count++;
        published?.(submitted.txid, seizure);
        return;
      }
      if (submitted.fault !== 'too-many-references') return;
    }
  }

  /** Resolved once nothing waits. */
  async settled(): Promise<void> {
    await this.queue;
  }

  stop(): void {
    this.stopListening();
  }
}
