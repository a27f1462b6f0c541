import { compareBytes, equalBytes } from '../codec/bytes.ts';
import { type Hash32, isZeroHash, ZERO_HASH } from '../codec/hash32.ts';
import { bitAt, comparePrefix, firstDifference, prefixOf } from './bits.ts';
import { hashTrieNode } from './hash-node.ts';
import {
  type HashedNode,
  LEFT,
  type MadeNode,
  type NodeReader,
  RIGHT,
  type Side,
  type TrieBranch,
  type TrieChange,
  type TrieNode,
  type TrieUpdate,
  type UnreadSide,
} from './node.ts';

/** A child as its parent says it: its hash is looked at only where the child stays. */
class ReadChild implements HashedNode {
  readonly node: TrieNode;
  private readonly parent: TrieBranch;
  private readonly side: Side;

  constructor(node: TrieNode, parent: TrieBranch, side: Side) {
    this.node = node;
    this.parent = parent;
    this.side = side;
  }

  get hash(): Hash32 {
    return this.side === LEFT ? this.parent.left : this.parent.right;
  }
}

const keyOf = ({ node }: HashedNode): Uint8Array => (node.kind === 'leaf' ? node.key : node.prefix);

/** What is to stand side by side: subtrees that stay, and leaves to be made. */
type Item = MadeNode | TrieChange;

const itemKey = (item: Item): Uint8Array => ('node' in item ? keyOf(item) : item.key);

/** Changes are sorted and never copied: a part of them is the places `from` to `to` (not included). */
class TrieEditor {
  readonly added: MadeNode[] = [];
  readonly removed: HashedNode[] = [];
  replaced = 0;
  private readonly reader: NodeReader;
  private readonly changes: readonly TrieChange[];

  constructor(reader: NodeReader, changes: readonly TrieChange[]) {
    this.reader = reader;
    this.changes = changes;
  }

  readRoot(hash: Hash32): HashedNode {
    return { hash, node: this.reader.readRoot(hash) };
  }

  private readSide(branch: TrieBranch, side: Side): HashedNode {
    return new ReadChild(this.reader.readChild(branch, side), branch, side);
  }

  private makeLeaf(key: Uint8Array, value: Uint8Array): MadeNode {
    const node = { kind: 'leaf', key, value } as const;
    const made = { hash: hashTrieNode(node), node };
    this.added.push(made);
    return made;
  }

  private makeBranch(node: TrieBranch, left: MadeNode | UnreadSide, right: MadeNode | UnreadSide): MadeNode {
    const made = { hash: hashTrieNode(node), node, sides: [left, right] } as const;
    this.added.push(made);
    return made;
  }

  /** @shape items: ascending, at least one in the part */
  private build(items: readonly Item[], from: number, to: number): MadeNode {
    const first = items[from] as Item;
    if (to - from === 1) return 'node' in first ? first : this.makeLeaf(first.key, first.value as Uint8Array);
    const key = itemKey(first);
    const bit = firstDifference(key, itemKey(items[to - 1] as Item));
    let [low, high] = [from, to - 1];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (bitAt(itemKey(items[middle] as Item), bit) === 0) low = middle;
      else high = middle;
    }
    const left = this.build(items, from, high);
    const right = this.build(items, high, to);
    return this.makeBranch({ kind: 'branch', bit, prefix: prefixOf(key, bit), left: left.hash, right: right.hash }, left, right);
  }

  /** Puts the new leaves of two parts around what was kept of the subtree between them. */
  private join(from: number, middle: number, kept: MadeNode | undefined, after: number, to: number): MadeNode | undefined {
    const items: Item[] = [];
    for (let i = from; i < middle; i++) if (this.changeAt(i).value !== undefined) items.push(this.changeAt(i));
    if (kept !== undefined) items.push(kept);
    for (let i = after; i < to; i++) if (this.changeAt(i).value !== undefined) items.push(this.changeAt(i));
    return items.length === 0 ? undefined : this.build(items, 0, items.length);
  }

  private changeAt(i: number): TrieChange {
    return this.changes[i] as TrieChange;
  }

  apply(at: HashedNode | undefined, from: number, to: number): MadeNode | undefined {
    if (at === undefined) return this.join(from, to, undefined, to, to);
    return at.node.kind === 'leaf' ? this.applyToLeaf(at, at.node, from, to) : this.applyToBranch(at, at.node, from, to);
  }

  private applyToLeaf(at: HashedNode, leaf: { key: Uint8Array; value: Uint8Array }, from: number, to: number): MadeNode | undefined {
    let place = from;
    while (place < to && compareBytes(this.changeAt(place).key, leaf.key) < 0) place++;
    const own = place < to && equalBytes(this.changeAt(place).key, leaf.key) ? this.changeAt(place) : undefined;
    if (own === undefined) return this.join(from, place, at, place, to);
    if (own.value !== undefined) this.replaced++;
    if (own.value !== undefined && equalBytes(own.value, leaf.value)) return this.join(from, place, at, place + 1, to);
    this.removed.push(at);
    return this.join(from, place, undefined, place, to);
  }

  private applyToBranch(at: HashedNode, branch: TrieBranch, from: number, to: number): MadeNode | undefined {
    const { bit, prefix } = branch;
    let [start, end] = [from, to];
    while (start < end && comparePrefix(this.changeAt(start).key, prefix, bit) < 0) start++;
    while (end > start && comparePrefix(this.changeAt(end - 1).key, prefix, bit) > 0) end--;
    const kept = start === end ? at : this.applyInside(at, branch, start, end);
    return start === from && end === to ? kept : this.join(from, start, kept, end, to);
  }

  private firstRight(bit: number, from: number, to: number): number {
    let [low, high] = [from, to];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (bitAt(this.changeAt(middle).key, bit) === 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private applyInside(at: HashedNode, branch: TrieBranch, from: number, to: number): MadeNode | undefined {
    const split = this.firstRight(branch.bit, from, to);
    const unread = { of: branch };
    const left = split === from ? unread : this.apply(this.readSide(branch, LEFT), from, split);
    const right = split === to ? unread : this.apply(this.readSide(branch, RIGHT), split, to);
    if (left !== undefined && right !== undefined) return this.joinSides(at, branch, left, right);
    this.removed.push(at);
    if (left !== undefined) return 'of' in left ? this.readSide(branch, LEFT) : left;
    return right !== undefined && 'of' in right ? this.readSide(branch, RIGHT) : right;
  }

  private joinSides(at: HashedNode, branch: TrieBranch, left: MadeNode | UnreadSide, right: MadeNode | UnreadSide): MadeNode {
    const [oldLeft, oldRight] = [branch.left, branch.right];
    const leftHash = 'of' in left ? oldLeft : left.hash;
    const rightHash = 'of' in right ? oldRight : right.hash;
    if (equalBytes(leftHash, oldLeft) && equalBytes(rightHash, oldRight)) return at;
    this.removed.push(at);
    return this.makeBranch({ kind: 'branch', bit: branch.bit, prefix: branch.prefix, left: leftHash, right: rightHash }, left, right);
  }
}

const isAscending = (changes: readonly TrieChange[]): boolean => {
  for (let i = 1; i < changes.length; i++)
    if (compareBytes((changes[i - 1] as TrieChange).key, (changes[i] as TrieChange).key) >= 0) return false;
  return true;
};

const sortChanges = (changes: readonly TrieChange[]): readonly TrieChange[] => {
  if (isAscending(changes)) return changes;
  return changes
    .toSorted((a, b) => compareBytes(a.key, b.key))
    .filter(({ key }, i, sorted) => i === 0 || !equalBytes(key, (sorted[i - 1] as TrieChange).key));
};

/**
 * Applies all changes at once: shared path work is done once, so the cost is the changed leaves times their depth.
 *
 * @shape changes: any order; of several for one key the first counts, and the others are counted in `replaced`; removing
 * a key that is not there changes nothing
 * @source SPEC TR3, TR8
 */
export const updateTrie = (reader: NodeReader, root: Hash32, changes: readonly TrieChange[]): TrieUpdate => {
  const sorted = sortChanges(changes);
  const editor = new TrieEditor(reader, sorted);
  const result = editor.apply(isZeroHash(root) ? undefined : editor.readRoot(root), 0, sorted.length);
  return {
    root: result === undefined ? ZERO_HASH : result.hash,
    top: result,
    added: editor.added,
    removed: editor.removed,
    replaced: editor.replaced + changes.length - sorted.length,
  };
};
