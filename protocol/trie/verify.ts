import type { Brand } from '../brand.ts';
import { equalBytes } from '../codec/bytes.ts';
import { asHash32, type Hash32, isZeroHash, ZERO_HASH } from '../codec/hash32.ts';
import { currentHash, type HashBackend } from '../crypto/backend.ts';
import { type Fault, fault } from '../fault.ts';
import { comparePrefix } from './bits.ts';
import type { KeyRange } from './node.ts';
import { checkRanges } from './ranges.ts';

const MAX_PROOF_BYTES = 1024 * 1024;
const MAX_VALUE_BYTES = 11_000;

/** A leaf that the root commits to. @shape key: 32 bytes */
export interface ProvenLeaf {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/** Every leaf that the root's trie has in the ranges, ascending: proved present, and proved to be all. */
export type ProvenLeaves = Brand<readonly ProvenLeaf[], 'ProvenLeaves'>;

export type ProofFaultCode = 'range-order' | 'size' | 'short' | 'kind' | 'bit' | 'padding' | 'varint' | 'value-size' | 'trailing' | 'root';
/** Why a multiproof is refused. */
export type ProofFault = Fault<ProofFaultCode>;

class Refusal extends Error {
  readonly code: ProofFaultCode;

  constructor(code: ProofFaultCode) {
    super(code);
    this.code = code;
  }
}

const PREFIX = 3;
const LEFT = 35;
const RIGHT = 67;
const BRANCH_MESSAGE = 99;
const LEAF_MESSAGE = 65;

/**
 * The message of one open branch per depth, kept from one proof to the next: every byte that is hashed is written first,
 * and a proof is verified without a pause. At most 256 × 99 bytes.
 */
const branchMessages: Uint8Array[] = [];
const leafMessage = new Uint8Array(LEAF_MESSAGE);

const copy = (from: Uint8Array, at: number, to: Uint8Array, place: number, length: number): void => {
  for (let i = 0; i < length; i++) to[place + i] = from[at + i] as number;
};

/** One pass over the bytes; what is held is one message per depth and the leaves themselves. */
class Verifier {
  offset = 0;
  readonly leaves: ProvenLeaf[] = [];
  readonly root = new Uint8Array(32);
  private next = 0;
  private readonly proof: Uint8Array;
  private readonly ranges: readonly KeyRange[];
  private readonly hash: HashBackend;
  /** Bits before the depth of the node in hand are its prefix; those behind are left from nodes before it. */
  private readonly path = new Uint8Array(32);

  constructor(proof: Uint8Array, ranges: readonly KeyRange[]) {
    this.proof = proof;
    this.ranges = ranges;
    this.hash = currentHash();
  }

  private advance(length: number): number {
    const start = this.offset;
    if (start + length > this.proof.length) throw new Refusal('short');
    this.offset = start + length;
    return start;
  }

  private byte(): number {
    return this.proof[this.advance(1)] as number;
  }

  private meets(depth: number): boolean {
    const { path, ranges } = this;
    for (; this.next < ranges.length; this.next++) {
      const { lo, hi } = ranges[this.next] as KeyRange;
      if (comparePrefix(hi, path, depth) >= 0) return comparePrefix(lo, path, depth) <= 0;
    }
    return false;
  }

  /** Writes the hash of the next node at `place` of `to`. @shape level: branches above it */
  node(depth: number, level: number, to: Uint8Array, place: number): void {
    if (this.meets(depth)) copy(this.open(depth, level), 0, to, place, 32);
    else copy(this.proof, this.advance(32), to, place, 32);
  }

  private open(depth: number, level: number): Uint8Array {
    const kind = this.byte();
    if (kind > 1) throw new Refusal('kind');
    return kind === 0 ? this.leaf(depth) : this.branch(depth, level);
  }

  private readBits(from: number, to: number): void {
    const start = this.advance((to - from + 7) >> 3);
    const { proof, path } = this;
    const shift = from & 7;
    let at = from >> 3;
    let kept = (path[at] as number) & (0xff00 >> shift);
    for (let left = to - from, i = start; left > 0; left -= 8, i++, at++) {
      const bits = proof[i] as number;
      if (left < 8 && (bits & (0xff >> left)) !== 0) throw new Refusal('padding');
      path[at] = kept | (bits >> shift);
      kept = (bits << (8 - shift)) & 0xff;
    }
    if (at < 32) path[at] = kept;
  }

  private valueLength(): number {
    const first = this.byte();
    if (first > 0xfd) throw new Refusal('value-size');
    if (first < 0xfd) return first;
    const length = this.byte() | (this.byte() << 8);
    if (length < 0xfd) throw new Refusal('varint');
    if (length > MAX_VALUE_BYTES) throw new Refusal('value-size');
    return length;
  }

  private leaf(depth: number): Uint8Array {
    this.readBits(depth, 256);
    const { path, proof, hash } = this;
    if (this.meets(256)) {
      const length = this.valueLength();
      const start = this.advance(length);
      const value = proof.slice(start, start + length);
      this.leaves.push({ key: path.slice(), value });
      copy(hash.sha256(value), 0, leafMessage, 33, 32);
    } else {
      copy(proof, this.advance(32), leafMessage, 33, 32);
    }
    copy(path, 0, leafMessage, 1, 32);
    return hash.sha256(leafMessage);
  }

  private branch(depth: number, level: number): Uint8Array {
    const bit = depth + this.byte();
    if (bit > 255) throw new Refusal('bit');
    this.readBits(depth, bit);
    const { path } = this;
    const message = messageAt(level);
    message[2] = bit;
    const at = bit >> 3;
    const mask = 0x80 >> (bit & 7);
    const whole = (path[at] as number) & (0xff00 >> (bit & 7)) & 0xff;
    copy(path, 0, message, PREFIX, at);
    message[PREFIX + at] = whole;
    message.fill(0, PREFIX + at + 1, LEFT);
    path[at] = whole;
    this.node(bit + 1, level + 1, message, LEFT);
    path[at] = whole | mask;
    this.node(bit + 1, level + 1, message, RIGHT);
    path[at] = whole;
    return this.hash.sha256(message);
  }
}

const messageAt = (level: number): Uint8Array => {
  const known = branchMessages[level];
  if (known !== undefined) return known;
  const message = new Uint8Array(BRANCH_MESSAGE);
  message[0] = 1;
  branchMessages[level] = message;
  return message;
};

/**
 * Verifies a multiproof whose root is known only through what commits to it (a state root over three tries).
 *
 * @fault as `verifyRanges`; `root`: `isRoot` refuses the root that the proof rebuilds
 * @source SPEC TR5, TR6; spec 02, answer message
 */
export const verifyRangesWhere = (
  isRoot: (root: Hash32) => boolean,
  ranges: readonly KeyRange[],
  proof: Uint8Array,
): ProvenLeaves | ProofFault => {
  const checked = checkRanges(ranges);
  if (checked !== true) return checked;
  if (proof.length > MAX_PROOF_BYTES) return fault('size', { bytes: proof.length });
  if (proof.length === 0) return isRoot(ZERO_HASH) ? ([] as readonly ProvenLeaf[] as ProvenLeaves) : fault('short', { offset: 0 });
  const verifier = new Verifier(proof, ranges);
  try {
    verifier.node(0, 0, verifier.root, 0);
    const computed = asHash32(verifier.root);
    if (verifier.offset !== proof.length) return fault('trailing', { extra: proof.length - verifier.offset });
    return isRoot(computed) ? (verifier.leaves as readonly ProvenLeaf[] as ProvenLeaves) : fault('root');
  } catch (error) {
    if (error instanceof Refusal) return fault(error.code, { offset: verifier.offset });
    throw error;
  }
};

/**
 * Verifies a multiproof: all leaves in the ranges, under this root, none missing.
 *
 * @shape ranges: ascending, disjoint, 1 to 256; proof: at most 1 MiB
 * @fault `range-order` `size` `short` `kind` `bit` `padding` `varint` `value-size` `trailing` `root`, and no other
 * @source SPEC TR5, TR6; spec 02, multiproof
 */
export const verifyRanges = (root: Hash32, ranges: readonly KeyRange[], proof: Uint8Array): ProvenLeaves | ProofFault => {
  if (!isZeroHash(root) || proof.length === 0) return verifyRangesWhere((computed) => equalBytes(computed, root), ranges, proof);
  const checked = checkRanges(ranges);
  return checked === true ? fault('trailing', { extra: proof.length }) : checked;
};
