import { EMPTY_BYTES } from '../codec/bytes.ts';
import { type Hash32, isZeroHash } from '../codec/hash32.ts';
import { sha256 } from '../crypto/hash.ts';
import { type Fault, fault } from '../fault.ts';
import { bitAt, comparePrefix } from './bits.ts';
import { type KeyRange, LEFT, type NodeReader, RIGHT, type Side, type TrieBranch, type TrieLeaf, type TrieNode } from './node.ts';
import { ProofWriter } from './proof-writer.ts';
import { checkRanges } from './ranges.ts';

export interface ProofLimits {
  readonly bytes: number;
  readonly leaves: number;
}

export const PROOF_LIMITS: ProofLimits = { bytes: 1024 * 1024, leaves: 20_000 };

/** @shape upTo: the last range's end when nothing was cut, else the key of the last leaf given */
export interface ProvedRanges {
  readonly proof: Uint8Array;
  readonly upTo: Uint8Array;
  readonly leaves: number;
  readonly nodesRead: number;
}

/** A subtree to be written: the side of a branch, and those to its right. @shape waiting: subtrees from here on */
interface Pending {
  readonly branch: TrieBranch;
  readonly side: Side;
  readonly waiting: number;
  readonly after: Pending | undefined;
}

/** Where a proof may end: behind a leaf, with one hash for each subtree that waits. */
interface Cut {
  readonly upTo: Uint8Array;
  readonly length: number;
  readonly waiting: Pending | undefined;
  readonly leaves: number;
}

const HASH_BYTES = 32;

const hashOf = ({ branch, side }: Pending): Hash32 => (side === LEFT ? branch.left : branch.right);

class Prover {
  nodesRead = 0;
  leaves = 0;
  readonly writer = new ProofWriter();
  cut: Cut | undefined;
  private waiting: Pending | undefined;
  private nextRange = 0;
  private readonly reader: NodeReader;
  private readonly ranges: readonly KeyRange[];
  private readonly limits: ProofLimits;

  constructor(reader: NodeReader, ranges: readonly KeyRange[], limits: ProofLimits) {
    this.reader = reader;
    this.ranges = ranges;
    this.limits = limits;
  }

  private push(branch: TrieBranch, side: Side): void {
    this.waiting = { branch, side, waiting: (this.waiting?.waiting ?? 0) + 1, after: this.waiting };
  }

  /** Whether a range meets the keys that have the first `bit` bits of `prefix`, then `side`. */
  private meets(prefix: Uint8Array, bit: number, side: number): boolean {
    const compare = (key: Uint8Array): number => comparePrefix(key, prefix, bit) || bitAt(key, bit) - side;
    for (; this.nextRange < this.ranges.length; this.nextRange++) {
      const { lo, hi } = this.ranges[this.nextRange] as KeyRange;
      if (compare(hi) >= 0) return compare(lo) <= 0;
    }
    return false;
  }

  /** False when the limits were met before all was written. */
  run(root: Hash32): boolean {
    this.open(this.reader.readRoot(root), 0);
    while (this.isWithin()) {
      const at = this.waiting;
      if (at === undefined) return true;
      this.waiting = at.after;
      const { branch, side } = at;
      if (this.meets(branch.prefix, branch.bit, side)) this.open(this.reader.readChild(branch, side), branch.bit + 1);
      else this.writer.bytes(hashOf(at));
    }
    return false;
  }

  private isWithin(): boolean {
    return this.leaves <= this.limits.leaves && this.lengthIfCut() <= this.limits.bytes;
  }

  private lengthIfCut(): number {
    return this.writer.length + HASH_BYTES * (this.waiting?.waiting ?? 0);
  }

  private open(node: TrieNode, depth: number): void {
    this.nodesRead++;
    if (node.kind === 'leaf') this.leaf(node, depth);
    else this.branch(node, depth);
  }

  private leaf({ key, value }: TrieLeaf, depth: number): void {
    this.writer.byte(0);
    this.writer.bits(key, depth, 256);
    if (!this.meets(key, 255, bitAt(key, 255))) {
      this.writer.bytes(sha256(value));
      return;
    }
    this.writer.varBytes(value);
    this.leaves++;
    if (this.isWithin()) this.cut = { upTo: key, length: this.writer.length, waiting: this.waiting, leaves: this.leaves };
  }

  private branch(node: TrieBranch, depth: number): void {
    const { bit, prefix } = node;
    this.writer.byte(1);
    this.writer.byte(bit - depth);
    this.writer.bits(prefix, depth, bit);
    this.push(node, RIGHT);
    this.push(node, LEFT);
  }

  /** Everything behind the cut is outside of the ranges cut there. */
  finishAt(cut: Cut): Uint8Array {
    this.writer.truncate(cut.length);
    for (let at = cut.waiting; at !== undefined; at = at.after) this.writer.bytes(hashOf(at));
    return this.writer.finish();
  }
}

/**
 * Proves what a trie holds in the ranges, in one walk; cut behind a leaf when it would be larger than the limits.
 *
 * @shape ranges: ascending, disjoint, 1 to 256
 * @fault `range-order`; `proof-size`: the way to the first leaf is longer than the limits
 * @source SPEC TR5, TR7, TR9
 */
export const proveRanges = (
  reader: NodeReader,
  root: Hash32,
  ranges: readonly KeyRange[],
  limits: ProofLimits = PROOF_LIMITS,
): ProvedRanges | Fault<'range-order' | 'proof-size'> => {
  const checked = checkRanges(ranges);
  if (checked !== true) return checked;
  const end = (ranges[ranges.length - 1] as KeyRange).hi;
  if (isZeroHash(root)) return { proof: EMPTY_BYTES, upTo: end, leaves: 0, nodesRead: 0 };
  const prover = new Prover(reader, ranges, limits);
  const isWhole = prover.run(root);
  const { nodesRead, leaves, cut } = prover;
  if (isWhole) return { proof: prover.writer.finish(), upTo: end, leaves, nodesRead };
  if (cut === undefined) return fault('proof-size', { ranges: ranges.length });
  return { proof: prover.finishAt(cut), upTo: cut.upTo, leaves: cut.leaves, nodesRead };
};
