import { encodeHex } from '../../codec/hex.ts';
import type { StoredHeader } from '../chain/contract.ts';

const MAX_HEADERS = 512;

/** Who announced which header, so that its body is asked of them first; the oldest are forgotten. */
export class Announcers {
  private readonly byHeader = new Map<string, Set<string>>();

  note(hash: Uint8Array, peer: string): void {
    const key = encodeHex(hash);
    const known = this.byHeader.get(key) ?? new Set();
    known.add(peer);
    this.byHeader.set(key, known);
    if (this.byHeader.size > MAX_HEADERS) {
      const [oldest] = this.byHeader.keys();
      if (oldest !== undefined) this.byHeader.delete(oldest);
    }
  }

  forget(peer: string): void {
    for (const peers of this.byHeader.values()) peers.delete(peer);
  }

  /** For each of these headers, ascending, the peers that announced it or one that builds on it; empty: nobody did. */
  of(headers: readonly StoredHeader[]): ReadonlyMap<string, ReadonlySet<string>> {
    const found = new Map(headers.map(({ hash }) => [encodeHex(hash), new Set(this.byHeader.get(encodeHex(hash)))]));
    for (const { hash, header } of headers.toReversed()) {
      const parent = found.get(encodeHex(header.previous));
      for (const peer of found.get(encodeHex(hash)) ?? []) parent?.add(peer);
    }
    return found;
  }
}
