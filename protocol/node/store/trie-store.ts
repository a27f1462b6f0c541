import type { Hash32 } from '#protocol/codec/hash32';
import { invariant } from '#protocol/invariant';
import type { ChangeSet } from '#protocol/state/view';
import type { NodeReader, TrieNode } from '#protocol/trie/node';
import type { Database, WriteOp } from './database.ts';
import { garbageKey, nodeKey, readBe32, type TrieName, wholeTable } from './keys.ts';
import { decodeStoredNode, encodeStoredNode, readStamp } from './node-codec.ts';
import { RecentCache } from './recent-cache.ts';

const TRIES: readonly TrieName[] = ['coins', 'records', 'stakes'];

/** Nodes kept in memory for all tries together: about 400 bytes each, 80 MB when full. */
const NODE_CACHE = 200_000;

/** Blocks whose garbage one pruning looks at: bounds its time and memory. */
const PRUNE_BATCH = 16;

const GARBAGE_ENTRY = 33;

const cacheKey = (hash: Uint8Array): string => Buffer.from(hash.buffer, hash.byteOffset, hash.byteLength).toString('latin1');

/** @shape per node: trie u8 ‖ hash 32 */
const encodeGarbage = (lists: Readonly<Record<TrieName, readonly { readonly hash: Hash32 }[]>>): Uint8Array => {
  const count = TRIES.reduce((sum, trie) => sum + lists[trie].length, 0);
  const bytes = new Uint8Array(count * GARBAGE_ENTRY);
  let at = 0;
  TRIES.forEach((trie, index) => {
    for (const { hash } of lists[trie]) {
      bytes[at] = index;
      bytes.set(hash, at + 1);
      at += GARBAGE_ENTRY;
    }
  });
  return bytes;
};

const decodeGarbage = (bytes: Uint8Array): { trie: TrieName; hash: Uint8Array }[] =>
  Array.from({ length: bytes.length / GARBAGE_ENTRY }, (_, index) => {
    const at = index * GARBAGE_ENTRY;
    return { trie: TRIES[bytes[at] as number] as TrieName, hash: bytes.subarray(at + 1, at + GARBAGE_ENTRY) };
  });

export interface Retention {
  /** blocks below the tip whose state can be proved */
  readonly window: number;
  /** the stakes trie after every multiple of this height is kept for ever */
  readonly stakeEpoch: number;
}

/**
 * Nodes by their hash. What a block removes is garbage once the block leaves the proof window, unless the node was made
 * again since, or is a stakes node that an epoch boundary needs.
 *
 * @source SPEC ND4
 */
export class TrieStore {
  private readonly database: Database;
  private readonly retention: Retention;
  private readonly cache = new RecentCache<TrieNode>(NODE_CACHE);

  constructor(database: Database, retention: Retention) {
    this.database = database;
    this.retention = retention;
  }

  reader(trie: TrieName): NodeReader {
    return { readNode: (hash) => this.read(trie, hash) };
  }

  has(trie: TrieName, hash: Uint8Array): boolean {
    return this.database.get(nodeKey(trie, hash)) !== undefined;
  }

  private read(trie: TrieName, hash: Uint8Array): TrieNode {
    const key = cacheKey(hash);
    const cached = this.cache.get(key);
    if (cached !== undefined) return cached;
    const bytes = this.database.get(nodeKey(trie, hash));
    invariant(bytes !== undefined, `a node of the ${trie} trie is in the store`);
    const node = decodeStoredNode(bytes);
    this.cache.set(key, node);
    return node;
  }

  connect(ops: WriteOp[], change: ChangeSet, sequence: number): void {
    const height = change.header.height;
    for (const trie of TRIES)
      for (const { hash, node } of change.tries[trie].added) {
        const key = nodeKey(trie, hash);
        ops.push({ type: 'put', key, value: encodeStoredNode(node, { sequence, since: this.sinceOf(trie, key, height) }) });
        this.cache.set(cacheKey(hash), node);
      }
    const { coins, records, stakes } = change.tries;
    const value = encodeGarbage({ coins: coins.removed, records: records.removed, stakes: stakes.removed });
    ops.push({ type: 'put', key: garbageKey(height, sequence), value });
  }

  /** A stakes node that exists already keeps its age, or the epoch that needs it would be forgotten. */
  private sinceOf(trie: TrieName, key: Uint8Array, height: number): number {
    const existing = trie === 'stakes' ? this.database.get(key) : undefined;
    return existing === undefined ? height : Math.min(readStamp(existing).since, height);
  }

  /** The block's own nodes become garbage of its height; what it had removed is part of the state again. */
  disconnect(
    ops: WriteOp[],
    block: { height: number; connected: number; added: Record<TrieName, { hash: Hash32 }[]> },
    sequence: number,
  ): void {
    ops.push({ type: 'del', key: garbageKey(block.height, block.connected) });
    ops.push({ type: 'put', key: garbageKey(block.height, sequence), value: encodeGarbage(block.added) });
  }

  /** Forgets nodes that no block of the proof window below `tip` needs; answers how many were forgotten. */
  async prune(tip: number): Promise<number> {
    const end = tip - this.retention.window;
    if (end < 0) return 0;
    const ops: WriteOp[] = [];
    let forgotten = 0;
    for await (const [key, value] of this.database.entries({
      gte: wholeTable('garbage').gte,
      lt: garbageKey(end + 1, 0),
      limit: PRUNE_BATCH,
    })) {
      const height = readBe32(key, 1);
      const sequence = readBe32(key, 5) * 2 ** 32 + readBe32(key, 9);
      for (const { trie, hash } of decodeGarbage(value)) if (this.forget(ops, { trie, hash, height, sequence })) forgotten++;
      ops.push({ type: 'del', key });
    }
    if (ops.length > 0) await this.database.write(ops);
    return forgotten;
  }

  private forget(ops: WriteOp[], removal: { trie: TrieName; hash: Uint8Array; height: number; sequence: number }): boolean {
    const key = nodeKey(removal.trie, removal.hash);
    const bytes = this.database.get(key);
    if (bytes === undefined) return false;
    const { sequence, since } = readStamp(bytes);
    if (sequence > removal.sequence) return false;
    if (removal.trie === 'stakes' && this.spansEpoch(since, removal.height)) return false;
    ops.push({ type: 'del', key });
    this.cache.delete(cacheKey(removal.hash));
    return true;
  }

  private spansEpoch(since: number, removedAt: number): boolean {
    return Math.floor((removedAt - 1) / this.retention.stakeEpoch) * this.retention.stakeEpoch >= since;
  }
}
