import type { Hash32 } from '../codec/hash32.ts';

export interface TrieLeaf {
  readonly kind: 'leaf';
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

export interface TrieBranch {
  readonly kind: 'branch';
  readonly bit: number;
  readonly prefix: Uint8Array;
  readonly left: Hash32;
  readonly right: Hash32;
}

/** @shape key and prefix: 32 bytes; bit: 0 to 255, the first bit in which left and right differ */
export type TrieNode = TrieLeaf | TrieBranch;

export const LEFT = 0;
export const RIGHT = 1;
export type Side = typeof LEFT | typeof RIGHT;

/**
 * Where a trie's nodes come from: store and memory are readers of one algorithm. A node asked for exists, and a branch
 * whose child is asked for was read here: a reader may know by it where the child is.
 *
 * @shape root: not zero
 */
export interface NodeReader {
  readonly readRoot: (root: Hash32) => TrieNode;
  readonly readChild: (branch: TrieBranch, side: Side) => TrieNode;
}

/** @shape value: undefined removes the key */
export interface TrieChange {
  readonly key: Uint8Array;
  readonly value: Uint8Array | undefined;
}

export interface HashedNode {
  readonly hash: Hash32;
  readonly node: TrieNode;
}

/** A side of a branch that was read, and has not been read itself. */
export interface UnreadSide {
  readonly of: TrieBranch;
}

/** A node of an update: of a branch that was made besides, what stands left and right of it. */
export interface MadeNode extends HashedNode {
  readonly sides?: readonly [MadeNode | UnreadSide, MadeNode | UnreadSide];
}

/** Nodes that the new root needs and the old one had not, and those that only the old one needs. */
export interface TrieUpdate {
  readonly root: Hash32;
  /** the root's node; undefined: an empty trie */
  readonly top: MadeNode | undefined;
  readonly added: readonly HashedNode[];
  readonly removed: readonly HashedNode[];
  /** values given to keys that were there already, or twice in the batch: none where every change makes or removes a key */
  readonly replaced: number;
}

/** @shape both inclusive, 32 bytes each, lo ≤ hi */
export interface KeyRange {
  readonly lo: Uint8Array;
  readonly hi: Uint8Array;
}
