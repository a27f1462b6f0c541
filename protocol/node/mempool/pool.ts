import type { Hash32 } from '#protocol/codec/hash32';
import { encodeHex } from '#protocol/codec/hex';
import { invariant } from '#protocol/invariant';
import type { ScriptRun } from '#protocol/ledger/run-scripts';
import { type Outpoint, outpointKey } from '#protocol/tx/outpoint';
import type { Transaction } from '#protocol/tx/transaction';

/** A transaction that passed every rule on top of the tip and the pool. */
export interface PoolEntry {
  readonly transaction: Transaction;
  readonly bytes: Uint8Array;
  readonly txid: Hash32;
  readonly fee: bigint;
  /** virtual bytes, or checks × 50 where that is more */
  readonly size: number;
  readonly checks: number;
  readonly run: ScriptRun | undefined;
  readonly references: readonly Outpoint[];
  readonly spends: readonly Outpoint[];
  /** unix seconds */
  readonly time: number;
}

interface Placed extends PoolEntry {
  readonly key: string;
  readonly parents: Set<Placed>;
  readonly children: Set<Placed>;
}

export interface Package {
  readonly count: number;
  readonly size: number;
  readonly fee: bigint;
}

export const txidKey = (txid: Uint8Array): string => encodeHex(txid);

/** Bytes an entry takes in memory: its own, its decoded form, its places in the maps; measured about 2,200 for a payment. */
export const entryMemory = (entry: PoolEntry): number =>
  1_400 + 2 * entry.bytes.length + 300 * (entry.transaction.inputs.length + entry.transaction.outputs.length);

const isCheaper = (a: Package, b: Package): boolean => a.fee * BigInt(b.size) < b.fee * BigInt(a.size);

const compareRate = (a: Package, b: Package): number => {
  const difference = a.fee * BigInt(b.size) - b.fee * BigInt(a.size);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
};

const reach = (start: Placed, step: (entry: Placed) => ReadonlySet<Placed>): Set<Placed> => {
  const found = new Set<Placed>([start]);
  for (const entry of found) for (const next of step(entry)) found.add(next);
  return found;
};

const sum = (entries: Iterable<PoolEntry>): Package => {
  let [count, size, fee] = [0, 0, 0n];
  for (const entry of entries) {
    count++;
    size += entry.size;
    fee += entry.fee;
  }
  return { count, size, fee };
};

/** Pooled transactions with who spends, who refers and who builds on whom. It judges nothing. */
export class Pool {
  private readonly entries = new Map<string, Placed>();
  private readonly spenders = new Map<string, Placed>();
  private readonly referrers = new Map<string, Set<Placed>>();
  private used = 0;

  get size(): number {
    return this.entries.size;
  }

  get memory(): number {
    return this.used;
  }

  get(txid: Uint8Array): PoolEntry | undefined {
    return this.entries.get(txidKey(txid));
  }

  has(txid: Uint8Array): boolean {
    return this.entries.has(txidKey(txid));
  }

  all(): Iterable<PoolEntry> {
    return this.entries.values();
  }

  spenderOf(outpoint: Outpoint): PoolEntry | undefined {
    return this.spenders.get(outpointKey(outpoint));
  }

  referrersOf(outpoint: Outpoint): readonly PoolEntry[] {
    return [...(this.referrers.get(outpointKey(outpoint)) ?? [])];
  }

  add(entry: PoolEntry): void {
    const key = txidKey(entry.txid);
    invariant(!this.entries.has(key), 'a transaction is pooled once');
    const parents = new Set<Placed>();
    for (const { txid } of entry.spends) {
      const parent = this.entries.get(txidKey(txid));
      if (parent !== undefined) parents.add(parent);
    }
    const placed: Placed = { ...entry, key, parents, children: new Set() };
    this.entries.set(key, placed);
    for (const parent of parents) parent.children.add(placed);
    for (const outpoint of entry.spends) this.spenders.set(outpointKey(outpoint), placed);
    for (const outpoint of entry.references) this.refer(outpointKey(outpoint), placed);
    this.used += entryMemory(entry);
    for (let index = 0; index < entry.transaction.outputs.length; index++) this.adopt(placed, { txid: entry.txid, index });
  }

  private refer(key: string, placed: Placed): void {
    const set = this.referrers.get(key) ?? new Set();
    set.add(placed);
    this.referrers.set(key, set);
  }

  /** After a reorganisation a child may stand in the pool before its parent comes back. */
  private adopt(parent: Placed, outpoint: Outpoint): void {
    const child = this.spenders.get(outpointKey(outpoint));
    if (child === undefined) return;
    parent.children.add(child);
    child.parents.add(parent);
  }

  /** Removes one transaction and leaves its descendants: it is in a block now. */
  removeConfirmed(txid: Uint8Array): boolean {
    const placed = this.entries.get(txidKey(txid));
    if (placed === undefined) return false;
    this.detach(placed);
    return true;
  }

  /** Removes a transaction and all that build on it; answers what was removed. */
  removeWithDescendants(txid: Uint8Array): readonly PoolEntry[] {
    const placed = this.entries.get(txidKey(txid));
    if (placed === undefined) return [];
    const removed = [...reach(placed, (entry) => entry.children)];
    for (const entry of removed) this.detach(entry);
    return removed;
  }

  private detach(placed: Placed): void {
    this.entries.delete(placed.key);
    for (const parent of placed.parents) parent.children.delete(placed);
    for (const child of placed.children) child.parents.delete(placed);
    for (const outpoint of placed.spends) this.spenders.delete(outpointKey(outpoint));
    for (const outpoint of placed.references) {
      const key = outpointKey(outpoint);
      const set = this.referrers.get(key);
      set?.delete(placed);
      if (set?.size === 0) this.referrers.delete(key);
    }
    this.used -= entryMemory(placed);
  }

  /** What an entry with these spends would stand on: itself not counted. */
  ancestorsOf(spends: readonly Outpoint[]): ReadonlySet<PoolEntry> {
    const found = new Set<Placed>();
    for (const { txid } of spends) {
      const parent = this.entries.get(txidKey(txid));
      if (parent !== undefined) for (const entry of reach(parent, (e) => e.parents)) found.add(entry);
    }
    return found;
  }

  /** The entry and all that build on it. */
  descendantsOf(txid: Uint8Array): ReadonlySet<PoolEntry> {
    const placed = this.entries.get(txidKey(txid));
    return placed === undefined ? new Set() : reach(placed, (entry) => entry.children);
  }

  descendantPackage(txid: Uint8Array): Package {
    return sum(this.descendantsOf(txid));
  }

  /**
   * Removes the packages that pay least, until the estimate is at most `target`; answers the best rate that left.
   *
   * @source SPEC ND24
   */
  trim(target: number): Package | undefined {
    const scored = [...this.entries.values()].map((entry) => ({ entry, score: this.keepScore(entry) }));
    scored.sort((a, b) => compareRate(a.score, b.score));
    let best: Package | undefined;
    for (const { entry, score } of scored) {
      if (this.used <= target) break;
      if (this.removeWithDescendants(entry.txid).length > 0) best = score;
    }
    return best;
  }

  private keepScore(entry: Placed): Package {
    const alone = { count: 1, size: entry.size, fee: entry.fee };
    const withDescendants = entry.children.size === 0 ? alone : sum(reach(entry, (e) => e.children));
    return isCheaper(alone, withDescendants) ? withDescendants : alone;
  }

  /**
   * All entries for a block's maker: packages by the rate of what must come with them, parents first.
   *
   * @source SPEC ND20
   */
  inMiningOrder(): readonly PoolEntry[] {
    const order = new Set<Placed>();
    const packages = [...this.entries.values()].map((entry) => {
      const members = entry.parents.size === 0 ? new Set([entry]) : reach(entry, (e) => e.parents);
      return { members, rate: sum(members) };
    });
    packages.sort((a, b) => compareRate(b.rate, a.rate));
    for (const { members } of packages) for (const entry of parentsFirst(members)) order.add(entry);
    return [...order];
  }
}

const parentsFirst = (members: ReadonlySet<Placed>): readonly Placed[] => {
  const sorted = new Set<Placed>();
  const visit = (entry: Placed): void => {
    if (sorted.has(entry)) return;
    for (const parent of entry.parents) visit(parent);
    sorted.add(entry);
  };
  for (const entry of members) visit(entry);
  return [...sorted];
};
