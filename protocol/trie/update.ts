import { compareBytes, equalBytes } from '../codec/bytes.ts';
import { type Hash32, isZeroHash, ZERO_HASH } from '../codec/hash32.ts';
import { bitAt, comparePrefix, firstDifference, prefixOf } from './bits.ts';
import { hashTrieNode } from './hash-node.ts';
import type { HashedNode, NodeReader, TrieBranch, TrieChange, TrieNode, TrieUpdate } from './node.ts';

/** A subtree under construction: its hash, and its node when it was at hand. */
interface Subtree {
  readonly hash: Hash32;
  readonly node: TrieNode;
}

const keyOf = (subtree: Subtree): Uint8Array => (subtree.node.kind === 'leaf' ? subtree.node.key : subtree.node.prefix);

class TrieEditor {
  readonly added: HashedNode[] = [];
  readonly removed: HashedNode[] = [];
  replaced = 0;
  private readonly reader: NodeReader;

  constructor(reader: NodeReader) {
    this.reader = reader;
  }

  read(hash: Hash32): Subtree {
    return { hash, node: this.reader.readNode(hash) };
  }

  private make(node: TrieNode): Subtree {
    const made = { hash: hashTrieNode(node), node };
    this.added.push(made);
    return made;
  }

  private build(items: readonly (Subtree | TrieChange)[], from: number, to: number): Subtree | undefined {
    if (from === to) return undefined;
    const first = items[from] as Subtree | TrieChange;
    if (to - from === 1) return 'node' in first ? first : this.make({ kind: 'leaf', key: first.key, value: first.value as Uint8Array });
    const firstKey = itemKey(first);
    const bit = firstDifference(firstKey, itemKey(items[to - 1] as Subtree | TrieChange));
    let split = from;
    while (bitAt(itemKey(items[split] as Subtree | TrieChange), bit) === 0) split++;
    const left = this.build(items, from, split) as Subtree;
    const right = this.build(items, split, to) as Subtree;
    return this.make({ kind: 'branch', bit, prefix: prefixOf(firstKey, bit), left: left.hash, right: right.hash });
  }

  apply(at: Subtree | undefined, changes: readonly TrieChange[]): Subtree | undefined {
    if (changes.length === 0) return at;
    if (at === undefined) return this.insertInto([], changes);
    return at.node.kind === 'leaf' ? this.applyToLeaf(at, changes) : this.applyToBranch(at, at.node, changes);
  }

  private insertInto(kept: readonly Subtree[], changes: readonly TrieChange[]): Subtree | undefined {
    const items: (Subtree | TrieChange)[] = changes.filter(({ value }) => value !== undefined);
    for (const subtree of kept) {
      const place = items.findIndex((item) => compareBytes(itemKey(item), keyOf(subtree)) > 0);
      items.splice(place === -1 ? items.length : place, 0, subtree);
    }
    return this.build(items, 0, items.length);
  }

  private applyToLeaf(at: Subtree, changes: readonly TrieChange[]): Subtree | undefined {
    const { node } = at;
    const own = changes.find(({ key }) => equalBytes(key, keyOf(at)));
    const same = own === undefined || (own.value !== undefined && node.kind === 'leaf' && equalBytes(own.value, node.value));
    if (own?.value !== undefined) this.replaced++;
    if (!same) this.removed.push(at);
    return same
      ? this.insertInto(
          [at],
          changes.filter((change) => change !== own),
        )
      : this.insertInto([], changes);
  }

  private applyToBranch(at: Subtree, branch: TrieBranch, changes: readonly TrieChange[]): Subtree | undefined {
    const from = changes.findIndex(({ key }) => comparePrefix(key, branch.prefix, branch.bit) >= 0);
    const after = changes.findIndex(({ key }) => comparePrefix(key, branch.prefix, branch.bit) > 0);
    const to = after === -1 ? changes.length : after;
    const inside = from === -1 ? [] : changes.slice(from, to);
    const outside = from === -1 ? changes : [...changes.slice(0, from), ...changes.slice(to)];
    const kept = this.applyInside(at, branch, inside);
    return outside.length === 0 ? kept : this.insertInto(kept === undefined ? [] : [kept], outside);
  }

  private applyInside(at: Subtree, branch: TrieBranch, inside: readonly TrieChange[]): Subtree | undefined {
    if (inside.length === 0) return at;
    let split = 0;
    while (split < inside.length && bitAt((inside[split] as TrieChange).key, branch.bit) === 0) split++;
    const left = this.child(branch.left, inside.slice(0, split));
    const right = this.child(branch.right, inside.slice(split));
    if (left === branch.left && right === branch.right) return at;
    const leftHash = hashOf(left);
    const rightHash = hashOf(right);
    if (leftHash !== undefined && rightHash !== undefined) {
      if (equalBytes(leftHash, branch.left) && equalBytes(rightHash, branch.right)) return at;
      this.removed.push(at);
      return this.make({ ...branch, left: leftHash, right: rightHash });
    }
    this.removed.push(at);
    const only = left ?? right;
    return only === undefined ? undefined : isSubtree(only) ? only : this.read(only);
  }

  private child(hash: Hash32, changes: readonly TrieChange[]): Hash32 | Subtree | undefined {
    return changes.length === 0 ? hash : this.apply(this.read(hash), changes);
  }
}

const itemKey = (item: Subtree | TrieChange): Uint8Array => ('node' in item ? keyOf(item) : item.key);

const isSubtree = (child: Hash32 | Subtree): child is Subtree => 'node' in child;

const hashOf = (child: Hash32 | Subtree | undefined): Hash32 | undefined =>
  child === undefined ? undefined : isSubtree(child) ? child.hash : child;

/**
 * Applies all changes at once: shared path work is done once, so the cost is the changed leaves times their depth.
 *
 * @shape changes: distinct keys in any order; removing a key that is not there changes nothing
 * @source SPEC TR3
 */
export const updateTrie = (reader: NodeReader, root: Hash32, changes: readonly TrieChange[]): TrieUpdate => {
  const sorted = changes.slice().sort((a, b) => compareBytes(a.key, b.key));
  const editor = new TrieEditor(reader);
  const result = editor.apply(isZeroHash(root) ? undefined : editor.read(root), sorted);
  return { root: result === undefined ? ZERO_HASH : result.hash, added: editor.added, removed: editor.removed, replaced: editor.replaced };
};
