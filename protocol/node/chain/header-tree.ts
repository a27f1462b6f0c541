import { decodeHeader, hashHeaderBytes } from '#protocol/block/header-codec';
import type { Hash32 } from '#protocol/codec/hash32';
import { encodeHex } from '#protocol/codec/hex';
import { isFault } from '#protocol/fault';
import { invariant } from '#protocol/invariant';
import type { ChainedHeader, HeaderView, KnownHeader } from '#protocol/stake/header-view';
import { RecentCache } from '../store/recent-cache.ts';
import type { Store } from '../store/store.ts';
import type { StoredHeader } from './contract.ts';

/** A judged header that is not on the best chain: ahead of it, or on a branch. */
export interface TreeEntry extends StoredHeader {
  readonly chained: ChainedHeader;
  readonly kernel: string;
  /** order of arrival: the first seen wins among equals */
  readonly arrival: number;
  /** parts from the best chain deeper than a node reorganises by itself */
  readonly deep: boolean;
  hasBody: boolean;
  invalid: boolean;
}

/**
 * An end of the best chain or of a branch. `valid-headers`: all its blocks are here; `headers-only`: some are not;
 * `invalid`: one of them breaks a rule.
 */
export interface ChainTip extends StoredHeader {
  readonly branch: number;
  readonly status: 'active' | 'valid-headers' | 'headers-only' | 'invalid';
}

/** Headers of the best chain kept decoded: about 3 KB each. */
const HEADER_CACHE = 4_096;

/** Headers not on the best chain: those that wait for bodies and those of branches. About 3 KB each, 36 MB when full. */
export const MAX_TREE = 12_000;
export const MAX_DEEP = 2_048;

export const decodeStored = (bytes: Uint8Array): StoredHeader => {
  const header = decodeHeader(bytes);
  invariant(!isFault(header), 'a header from the store decodes');
  return { header, hash: hashHeaderBytes(bytes), bytes };
};

/** All headers a node knows: the best chain in the store, everything else here. */
export class HeaderTree implements HeaderView {
  private readonly store: Store;
  private readonly entries = new Map<string, TreeEntry>();
  private readonly cache = new RecentCache<StoredHeader>(HEADER_CACHE);
  private readonly heights = new RecentCache<string>(HEADER_CACHE);
  private arrivals = 0;
  private deepCount = 0;
  tip: StoredHeader;

  constructor(store: Store, tip: StoredHeader) {
    this.store = store;
    this.tip = tip;
  }

  get size(): number {
    return this.entries.size;
  }

  get deepSize(): number {
    return this.deepCount;
  }

  all(): Iterable<TreeEntry> {
    return this.entries.values();
  }

  entry(hash: Uint8Array): TreeEntry | undefined {
    return this.entries.get(encodeHex(hash));
  }

  readonly findHeader = (hash: Uint8Array): StoredHeader | undefined => {
    const key = encodeHex(hash);
    const known = this.entries.get(key) ?? this.cache.get(key);
    if (known !== undefined) return known;
    const bytes = this.store.headerBytes(hash);
    if (bytes === undefined) return undefined;
    const stored = decodeStored(bytes);
    if (!this.isOnBest(stored)) return undefined;
    this.cache.set(key, stored);
    return stored;
  };

  private isOnBest({ header, hash }: KnownHeader): boolean {
    const best = this.hashAt(header.height);
    return best !== undefined && best === encodeHex(hash);
  }

  private hashAt(height: number): string | undefined {
    const known = this.heights.get(String(height));
    if (known !== undefined) return known;
    const hash = this.store.hashAt(height);
    const text = hash && encodeHex(hash);
    if (text !== undefined) this.heights.set(String(height), text);
    return text;
  }

  headerAt(height: number): StoredHeader | undefined {
    if (height === this.tip.header.height) return this.tip;
    if (height > this.tip.header.height || height < 0) return undefined;
    const text = this.hashAt(height);
    const cached = text === undefined ? undefined : this.cache.get(text);
    if (cached !== undefined) return cached;
    const hash = this.store.hashAt(height);
    return hash && this.findHeader(hash);
  }

  isBest(hash: Uint8Array): boolean {
    return this.entry(hash) === undefined && this.findHeader(hash) !== undefined;
  }

  /** The last header of the best chain among a header's ancestors and itself. */
  forkOf(from: KnownHeader): KnownHeader {
    let at: KnownHeader = from;
    for (let entry = this.entry(at.hash); entry !== undefined; entry = this.entry(at.hash)) {
      const parent = this.findHeader(entry.header.previous);
      invariant(parent !== undefined, 'the parent of a judged header is known');
      at = parent;
    }
    return at;
  }

  readonly findAncestor = (from: KnownHeader, height: number): KnownHeader | undefined => {
    let at: KnownHeader | undefined = from;
    while (at !== undefined && at.header.height > height) {
      if (this.entry(at.hash) === undefined) return this.headerAt(height);
      at = this.findHeader(at.header.previous);
    }
    return at;
  };

  readonly trueDepthOf = (parent: KnownHeader): number => this.tip.header.height - this.forkOf(parent).header.height;

  /** Depth is judged by the chain, which tells a deep rival from a lie. */
  readonly depthOf = (): number => 0;

  add(stored: StoredHeader, facts: Pick<TreeEntry, 'chained' | 'kernel' | 'deep'>): TreeEntry {
    const entry: TreeEntry = { ...stored, ...facts, arrival: this.arrivals++, hasBody: false, invalid: false };
    this.entries.set(encodeHex(stored.hash), entry);
    if (entry.deep) this.deepCount++;
    return entry;
  }

  remove(hash: Hash32): void {
    const key = encodeHex(hash);
    if (this.entries.get(key)?.deep === true) this.deepCount--;
    this.entries.delete(key);
  }

  /** The header is the tip now, and on the best chain. */
  advance(stored: StoredHeader): void {
    const { header, hash, bytes } = stored;
    this.remove(hash);
    this.tip = { header, hash, bytes };
    this.cache.set(encodeHex(hash), this.tip);
    this.heights.set(String(header.height), encodeHex(hash));
  }

  /** The tip is a header of a branch now, and its parent the tip: called once the store says so. */
  retreat(facts: Pick<TreeEntry, 'chained' | 'kernel'>): void {
    const { tip } = this;
    const parent = this.findHeader(tip.header.previous);
    invariant(parent !== undefined, 'the parent of the tip is known');
    this.cache.delete(encodeHex(tip.hash));
    this.heights.delete(String(tip.header.height));
    this.tip = parent;
    this.add(tip, { ...facts, deep: false }).hasBody = true;
  }

  /** From the child of the best chain up to and with `entry`. */
  branchOf(entry: TreeEntry): readonly TreeEntry[] {
    const path: TreeEntry[] = [];
    for (let at: TreeEntry | undefined = entry; at !== undefined; at = this.entry(at.header.previous)) path.push(at);
    return path.reverse();
  }

  /** The heaviest branch whose bodies are all here and which is heavier than the tip; the first seen among equals. */
  heaviestComplete(): TreeEntry | undefined {
    let best: TreeEntry | undefined;
    const complete = new Set<TreeEntry>();
    for (const entry of this.inOrder()) {
      if (entry.deep || entry.invalid || !entry.hasBody) continue;
      const parent = this.entry(entry.header.previous);
      if (parent !== undefined && !complete.has(parent)) continue;
      complete.add(entry);
      const { weight } = entry.header;
      if (weight > this.tip.header.weight && (best === undefined || isPreferred(entry, best))) best = entry;
    }
    return best;
  }

  /** Parents before children: a header that left the best chain was added after its children. */
  private inOrder(): readonly TreeEntry[] {
    return [...this.entries.values()].sort((a, b) => a.header.height - b.header.height);
  }

  /** The tip, and every header off the best chain on which nothing builds. @shape branch: headers since it left the best chain */
  tips(): readonly ChainTip[] {
    const parents = new Set([...this.entries.values()].map(({ header }) => encodeHex(header.previous)));
    const ends = [...this.entries.entries()].filter(([hash]) => !parents.has(hash)).map(([, entry]) => entry);
    return [{ ...this.tip, branch: 0, status: 'active' }, ...ends.map((entry) => this.describeEnd(entry))];
  }

  private describeEnd(entry: TreeEntry): ChainTip {
    const { header, hash, bytes, invalid } = entry;
    const path = this.branchOf(entry);
    const whole = path.every(({ hasBody }) => hasBody);
    return { header, hash, bytes, branch: path.length, status: invalid ? 'invalid' : whole ? 'valid-headers' : 'headers-only' };
  }

  /** Headers of heavier branches whose bodies are missing, lowest first. */
  missingBodies(limit: number): readonly StoredHeader[] {
    const seen = new Set<TreeEntry>();
    const { weight } = this.tip.header;
    for (const entry of this.entries.values()) {
      if (entry.header.weight <= weight || entry.deep || entry.invalid) continue;
      for (let at: TreeEntry | undefined = entry; at !== undefined && !seen.has(at); at = this.entry(at.header.previous)) seen.add(at);
    }
    return [...seen]
      .filter((entry) => !entry.hasBody && !entry.invalid)
      .sort((a, b) => a.header.height - b.header.height || a.arrival - b.arrival)
      .slice(0, limit);
  }

  /** The entry and everything that builds on it. */
  withDescendants(root: TreeEntry): readonly TreeEntry[] {
    const found = new Set<TreeEntry>([root]);
    for (const entry of this.inOrder()) {
      const parent = this.entry(entry.header.previous);
      if (parent !== undefined && found.has(parent)) found.add(entry);
    }
    return [...found];
  }
}

const isPreferred = (a: TreeEntry, b: TreeEntry): boolean =>
  a.header.weight > b.header.weight || (a.header.weight === b.header.weight && a.arrival < b.arrival);
