import type { Hash32 } from '../codec/hash32.ts';
import { encodeHex } from '../codec/hex.ts';
import { invariant } from '../invariant.ts';
import type { NodeReader, TrieNode, TrieUpdate } from './node.ts';

/** Nodes of tries, kept in memory by their hash; nothing is dropped, so every root ever reached can be read. */
export class MemoryNodes implements NodeReader {
  private readonly nodes = new Map<string, TrieNode>();

  readNode = (hash: Hash32): TrieNode => {
    const node = this.nodes.get(encodeHex(hash));
    invariant(node !== undefined, 'a trie node that is asked for exists');
    return node;
  };

  apply(update: TrieUpdate): void {
    for (const { hash, node } of update.added) this.nodes.set(encodeHex(hash), node);
  }

  get size(): number {
    return this.nodes.size;
  }
}
