import type { Header } from '#protocol/block/header';
import { encodeHex } from '#protocol/codec/hex';
import type { ChainedHeader } from '#protocol/stake/header-view';
import { outpointKey } from '#protocol/tx/outpoint';
import type { StoredHeader } from './contract.ts';

/** Blocks of one kernel that are kept before a child asks for another. @source SPEC ND11; spec 03, versions; attack S6 */
const PER_KERNEL = 2;

/** Further ones, judged and waiting for a child: the oldest leave first. */
const MAX_ASIDE = 64;

export interface AsideHeader extends StoredHeader {
  readonly chained: ChainedHeader;
}

export const kernelKey = ({ right, time, bitcoin }: Header): string =>
  right.kind === 'stake' ? `${outpointKey(right.outpoint)}@${time}@${encodeHex(bitcoin)}` : `${right.kind}@${time}`;

/** How many blocks of each kernel are known near the tip. */
export class Kernels {
  private readonly counts = new Map<string, { count: number; height: number }>();
  private readonly aside = new Map<string, AsideHeader>();

  add(key: string, height: number): void {
    const known = this.counts.get(key);
    if (known === undefined) this.counts.set(key, { count: 1, height });
    else known.count++;
  }

  isFull(key: string): boolean {
    return (this.counts.get(key)?.count ?? 0) >= PER_KERNEL;
  }

  putAside(stored: AsideHeader): void {
    this.aside.set(encodeHex(stored.hash), stored);
    if (this.aside.size <= MAX_ASIDE) return;
    const [oldest] = this.aside.keys();
    if (oldest !== undefined) this.aside.delete(oldest);
  }

  findAside(hash: Uint8Array): AsideHeader | undefined {
    return this.aside.get(encodeHex(hash));
  }

  /** The row of headers aside that this one builds on, lowest first. */
  asideBelow({ previous }: Pick<Header, 'previous'>): readonly AsideHeader[] {
    const row: AsideHeader[] = [];
    for (let at = this.findAside(previous); at !== undefined; at = this.findAside(at.header.previous)) row.unshift(at);
    return row;
  }

  takeAside(hash: Uint8Array): void {
    this.aside.delete(encodeHex(hash));
  }

  get asideSize(): number {
    return this.aside.size;
  }

  forgetBelow(height: number): void {
    for (const [key, known] of this.counts) if (known.height < height) this.counts.delete(key);
    for (const [key, { header }] of this.aside) if (header.height < height) this.aside.delete(key);
  }
}
