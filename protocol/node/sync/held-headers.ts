import { hashHeaderBytes } from '../../block/header-codec.ts';
import { encodeHex } from '../../codec/hex.ts';
import type { HeaderAnnouncement } from '../../wire/messages.ts';
import type { ConnectedPeer } from '../network/contract.ts';

/** Headers kept aside at one time, and of one peer: one too many pushes out that peer's own first. */
export const MAX_HELD = 256;
export const MAX_HELD_PER_PEER = 16;
const MAX_TRIES = 40;

export interface HeldHeader {
  readonly from: ConnectedPeer;
  readonly announcement: HeaderAnnouncement;
  tries: number;
}

/** Announced headers that could not be judged yet: early, or their parent or Bitcoin header is still being asked for. */
export class HeldHeaders {
  private readonly held = new Map<string, HeldHeader>();

  get size(): number {
    return this.held.size;
  }

  keep(from: ConnectedPeer, announcement: HeaderAnnouncement): void {
    const key = encodeHex(hashHeaderBytes(announcement.header));
    if (this.held.has(key)) return;
    this.makeRoom(from);
    this.held.set(key, { from, announcement, tries: 0 });
  }

  private makeRoom(from: ConnectedPeer): void {
    const own = [...this.held].filter(([, header]) => header.from.id === from.id);
    const [first] = own.length >= MAX_HELD_PER_PEER ? own : this.held.size >= MAX_HELD ? this.held : [];
    if (first !== undefined) this.held.delete(first[0]);
  }

  /** Takes out all that are kept; those that still cannot be judged are given back by `again`. */
  takeAll(): readonly HeldHeader[] {
    const all = [...this.held.values()];
    this.held.clear();
    return all;
  }

  /** Keeps it for another try; false: it had enough. */
  again(header: HeldHeader): boolean {
    header.tries++;
    if (header.tries >= MAX_TRIES) return false;
    const key = encodeHex(hashHeaderBytes(header.announcement.header));
    if (!this.held.has(key)) this.held.set(key, header);
    return true;
  }

  forget(peer: ConnectedPeer): void {
    for (const [key, { from }] of this.held) if (from.id === peer.id) this.held.delete(key);
  }
}
