import { EMPTY_BYTES } from '#protocol/codec/bytes';
import { type Hash32, isZeroHash } from '#protocol/codec/hash32';
import { invariant } from '#protocol/invariant';
import type { ChangeSet } from '#protocol/state/view';
import { bitAt } from '#protocol/trie/bits';
import type { NodeReader, TrieNode } from '#protocol/trie/node';
import type { Database, WriteOp } from './database.ts';
import { garbageKey, nodeKey, readBe32, type TrieName, wholeTable } from './keys.ts';
import { decodeStoredNode, encodeStoredNode, type NodeStamp, readStamp } from './node-codec.ts';
import { RecentCache } from './recent-cache.ts';

const TRIES: readonly TrieName[] = ['coins', 'records', 'stakes'];

/** Nodes kept in memory for all tries together: about 400 bytes each, 80 MB when full. */
const NODE_CACHE = 200_000;

/** Blocks whose garbage one pruning looks at: bounds its time and memory. */
const PRUNE_BATCH = 16;

/** Reads handed to the thread pool together. */
const READ_AT_ONCE = 4_096;

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

interface Garbage {
  readonly trie: TrieName;
  readonly hash: Uint8Array;
}

interface Removal {
  readonly height: number;
  readonly sequence: number;
}

/** A node and the keys, by their places, that lead to it. */
interface Subtree {
  readonly hash: Hash32;
  readonly from: number;
  readonly to: number;
}

const descend = ({ from, to }: Subtree, node: TrieNode | undefined, keys: readonly Uint8Array[]): Subtree[] => {
  if (node === undefined || node.kind === 'leaf') return [];
  let split = from;
  while (split < to && bitAt(keys[split] as Uint8Array, node.bit) === 0) split++;
  const left = split > from ? [{ hash: node.left, from, to: split }] : [];
  return split < to ? [...left, { hash: node.right, from: split, to }] : left;
};

const decodeGarbage = (bytes: Uint8Array): Garbage[] =>
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
    const removed = garbageKey(block.height, block.connected);
    this.revive(ops, decodeGarbage(this.database.get(removed) ?? EMPTY_BYTES), sequence);
    ops.push({ type: 'del', key: removed });
    ops.push({ type: 'put', key: garbageKey(block.height, sequence), value: encodeGarbage(block.added) });
  }

  /** A later block that was taken back before may have named them garbage: they are newer than that now. */
  private revive(ops: WriteOp[], removed: readonly Garbage[], sequence: number): void {
    for (const { trie, hash } of removed) {
      const key = nodeKey(trie, hash);
      const bytes = this.database.get(key);
      invariant(bytes !== undefined, 'what a block removed is kept as long as the block can be taken back');
      ops.push({ type: 'put', key, value: encodeStoredNode(decodeStoredNode(bytes), { sequence, since: readStamp(bytes).since }) });
    }
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
      forgotten += await this.forgetAll(ops, decodeGarbage(value), { height, sequence });
      ops.push({ type: 'del', key });
    }
    if (ops.length > 0) await this.database.write(ops);
    return forgotten;
  }

  private async forgetAll(ops: WriteOp[], garbage: readonly Garbage[], removal: Removal): Promise<number> {
    const before = ops.length;
    for (let from = 0; from < garbage.length; from += READ_AT_ONCE) {
      const part = garbage.slice(from, from + READ_AT_ONCE);
      const keys = part.map(({ trie, hash }) => nodeKey(trie, hash));
      const values = await this.database.getMany(keys);
      part.forEach(({ trie }, i) => {
        const [key, bytes] = [keys[i], values[i]];
        if (key !== undefined && bytes !== undefined && this.isForgotten(trie, readStamp(bytes), removal)) ops.push({ type: 'del', key });
      });
    }
    return ops.length - before;
  }

  private isForgotten(trie: TrieName, { sequence, since }: NodeStamp, removal: Removal): boolean {
    return sequence <= removal.sequence && !(trie === 'stakes' && this.spansEpoch(since, removal.height));
  }

  /**
   * Reads the nodes on the way to these keys away from this thread, so that a block's connecting finds them in memory.
   *
   * @shape keys: ascending
   */
  async warm(trie: TrieName, root: Hash32, keys: readonly Uint8Array[]): Promise<void> {
    let level: readonly Subtree[] = isZeroHash(root) || keys.length === 0 ? [] : [{ hash: root, from: 0, to: keys.length }];
    while (level.length > 0) {
      const nodes = await this.readLevel(trie, level);
      level = level.flatMap((subtree, i) => descend(subtree, nodes[i], keys));
    }
  }

  private async readLevel(trie: TrieName, level: readonly Subtree[]): Promise<(TrieNode | undefined)[]> {
    const nodes = level.map(({ hash }) => this.cache.get(cacheKey(hash)));
    const missing = level.flatMap(({ hash }, i) => (nodes[i] === undefined ? [{ hash, i }] : []));
    for (let from = 0; from < missing.length; from += READ_AT_ONCE) {
      const part = missing.slice(from, from + READ_AT_ONCE);
      const values = await this.database.getMany(part.map(({ hash }) => nodeKey(trie, hash)));
      for (const [at, { hash, i }] of part.entries()) {
        const bytes = values[at];
        if (bytes === undefined) continue;
        const node = decodeStoredNode(bytes);
        this.cache.set(cacheKey(hash), node);
        nodes[i] = node;
      }
    }
    return nodes;
  }

  private spansEpoch(since: number, removedAt: number): boolean {
    return Math.floor((removedAt - 1) / this.retention.stakeEpoch) * this.retention.stakeEpoch >= since;
  }
}
