import type { Clock, PeerStreams } from '../platform/port.ts';
import type { PeerBook } from './peer-book.ts';

const FIRST_RETRY_SECONDS = 1;
const LAST_RETRY_SECONDS = 60;

/** Keeps connections to the addresses a network names: a lost one is dialled again, ever less often. */
export class PeerKeeper {
  private readonly network: PeerStreams;
  private readonly book: PeerBook;
  private readonly clock: Clock;
  private readonly waits = new Map<string, number>();
  private readonly idOf = new Map<string, string>();
  private stopped = false;
  onChange: () => void = () => undefined;

  constructor(network: PeerStreams, book: PeerBook, clock: Clock) {
    this.network = network;
    this.book = book;
    this.clock = clock;
  }

  keep(addresses: readonly string[]): void {
    for (const address of addresses) void this.dial(address);
  }

  private async dial(address: string): Promise<void> {
    if (this.stopped) return;
    const known = this.idOf.get(address);
    if (known !== undefined && this.book.isBanned(known, this.clock.now())) return this.later(address, LAST_RETRY_SECONDS);
    try {
      this.idOf.set(address, await this.network.dial(address));
      this.waits.delete(address);
    } catch {
      this.redial(address);
    }
    this.onChange();
  }

  private redial(address: string): void {
    const wait = this.waits.get(address) ?? FIRST_RETRY_SECONDS;
    this.waits.set(address, Math.min(LAST_RETRY_SECONDS, wait * 2));
    this.later(address, wait);
  }

  private later(address: string, seconds: number): void {
    this.clock.after(seconds, () => void this.dial(address));
  }

  /** A connection was lost: its address is dialled again. */
  lost(id: string): void {
    for (const [address, peer] of this.idOf) if (peer === id) this.redial(address);
  }

  /** the network is back: everything that waits is tried at once */
  retryNow(): void {
    this.waits.clear();
    for (const peer of this.book.all()) if (peer.state === 'lost') void this.dial(peer.address);
  }

  stop(): void {
    this.stopped = true;
  }
}
