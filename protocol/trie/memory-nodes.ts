import type { Hash32 } from '../codec/hash32.ts';
import { isFault } from '../fault.ts';
import { invariant } from '../invariant.ts';
import { LEFT, type NodeReader, type Side, type TrieBranch, type TrieNode, type TrieUpdate } from './node.ts';
import { decodeNode, encodeNode } from './node-codec.ts';

const HASH = 32;
const HEAD = HASH + 2;
/** Places are counted in units of 4 bytes; a chunk has 2^20 units, and a place is chunk ‖ unit in 32 bits. */
const UNIT_BITS = 2;
const CHUNK_BITS = 20;
const CHUNK_BYTES = 1 << (CHUNK_BITS + UNIT_BITS);
const FIRST_CHUNK_BYTES = 1 << 14;
const FIRST_SLOTS = 1 << 8;
const EMPTY = 0xffff_ffff;

const isAt = (bytes: Uint8Array, at: number, hash: Uint8Array): boolean => {
  for (let i = 0; i < HASH; i++) if (bytes[at + i] !== hash[i]) return false;
  return true;
};

const slotOf = (bytes: Uint8Array, at: number, mask: number): number =>
  ((bytes[at] as number) | ((bytes[at + 1] as number) << 8) | ((bytes[at + 2] as number) << 16) | ((bytes[at + 3] as number) << 24)) & mask;

/**
 * Nodes of tries, kept in memory by their hash; nothing is dropped, so every root ever reached can be read. Nodes are
 * bytes in large chunks, about 150 bytes each: objects would take five times as much.
 */
export class MemoryNodes implements NodeReader {
  private chunks: Uint8Array[] = [new Uint8Array(FIRST_CHUNK_BYTES)];
  private used = 0;
  private slots = new Uint32Array(FIRST_SLOTS).fill(EMPTY);
  private count = 0;

  readRoot = (root: Hash32): TrieNode => this.read(root);

  readChild = (branch: TrieBranch, side: Side): TrieNode => this.read(side === LEFT ? branch.left : branch.right);

  private read(hash: Hash32): TrieNode {
    const place = this.slots[this.find(hash)] as number;
    invariant(place !== EMPTY, 'a trie node that is asked for exists');
    const chunk = this.chunks[place >>> CHUNK_BITS] as Uint8Array;
    const at = (place << UNIT_BITS) & (CHUNK_BYTES - 1);
    const length = (chunk[at + HASH] as number) | ((chunk[at + HASH + 1] as number) << 8);
    const node = decodeNode(chunk.subarray(at + HEAD, at + HEAD + length));
    invariant(!isFault(node), 'a node that was kept is read back');
    return node;
  }

  apply(update: TrieUpdate): void {
    for (const { hash, node } of update.added) this.add(hash, encodeNode(node));
  }

  get size(): number {
    return this.count;
  }

  /** The slot that holds the node, or the empty one where it would stand. */
  private find(hash: Uint8Array): number {
    const { slots, chunks } = this;
    const mask = slots.length - 1;
    let slot = slotOf(hash, 0, mask);
    for (let place = slots[slot] as number; place !== EMPTY; place = slots[slot] as number) {
      if (isAt(chunks[place >>> CHUNK_BITS] as Uint8Array, (place << UNIT_BITS) & (CHUNK_BYTES - 1), hash)) return slot;
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private add(hash: Hash32, bytes: Uint8Array): void {
    const slot = this.find(hash);
    if (this.slots[slot] !== EMPTY) return;
    this.slots[slot] = this.write(hash, bytes);
    this.count++;
    if (this.count * 2 > this.slots.length) this.spread();
  }

  private write(hash: Hash32, bytes: Uint8Array): number {
    const length = HEAD + bytes.length;
    const last = this.chunks.length - 1;
    const chunk = this.chunks[last] as Uint8Array;
    if (this.used + length > chunk.length) {
      if (chunk.length < CHUNK_BYTES) {
        const larger = new Uint8Array(Math.min(CHUNK_BYTES, chunk.length * 4));
        larger.set(chunk);
        this.chunks[last] = larger;
      } else {
        this.chunks.push(new Uint8Array(CHUNK_BYTES));
        this.used = 0;
      }
      return this.write(hash, bytes);
    }
    chunk.set(hash, this.used);
    chunk[this.used + HASH] = bytes.length & 0xff;
    chunk[this.used + HASH + 1] = bytes.length >> 8;
    chunk.set(bytes, this.used + HEAD);
    const place = ((last << CHUNK_BITS) | (this.used >> UNIT_BITS)) >>> 0;
    this.used = (this.used + length + 3) & ~3;
    return place;
  }

  private spread(): void {
    const old = this.slots;
    const mask = old.length * 2 - 1;
    this.slots = new Uint32Array(mask + 1).fill(EMPTY);
    for (const place of old) {
      if (place === EMPTY) continue;
      let slot = slotOf(this.chunks[place >>> CHUNK_BITS] as Uint8Array, (place << UNIT_BITS) & (CHUNK_BYTES - 1), mask);
      while (this.slots[slot] !== EMPTY) slot = (slot + 1) & mask;
      this.slots[slot] = place;
    }
  }
}
