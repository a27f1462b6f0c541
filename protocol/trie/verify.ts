import type { Brand } from '../brand.ts';
import { compareBytes, equalBytes } from '../codec/bytes.ts';
import { asHash32, type Hash32, isZeroHash, ZERO_HASH } from '../codec/hash32.ts';
import { currentHash, type HashBackend } from '../crypto/backend.ts';
import { type Fault, fault } from '../fault.ts';
import { clearFrom, comparePrefix } from './bits.ts';
import type { KeyRange } from './node.ts';
import { checkRanges } from './ranges.ts';

const MAX_PROOF_BYTES = 1024 * 1024;
const MAX_VALUE_BYTES = 11_000;

export interface ProvenLeaf {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/** Every leaf that the root's trie has in the ranges, ascending: proved present, and proved to be all. */
export type ProvenLeaves = Brand<readonly ProvenLeaf[], 'ProvenLeaves'>;

export type ProofFaultCode = 'range-order' | 'size' | 'short' | 'kind' | 'bit' | 'padding' | 'varint' | 'value-size' | 'trailing' | 'root';
export type ProofFault = Fault<ProofFaultCode>;

class Refusal extends Error {
  readonly code: ProofFaultCode;

  constructor(code: ProofFaultCode) {
    super(code);
    this.code = code;
  }
}

/** One pass over the bytes; what is held is one hash per level and the leaves themselves. */
class Verifier {
  offset = 0;
  readonly leaves: ProvenLeaf[] = [];
  private next = 0;
  private readonly proof: Uint8Array;
  private readonly ranges: readonly KeyRange[];
  private readonly hash: HashBackend;
  private readonly path = new Uint8Array(32);
  private readonly branchMessage = new Uint8Array(99);
  private readonly leafMessage = new Uint8Array(65);

  constructor(proof: Uint8Array, ranges: readonly KeyRange[]) {
    this.proof = proof;
    this.ranges = ranges;
    this.hash = currentHash();
    this.branchMessage[0] = 1;
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

  private take(length: number): Uint8Array {
    const start = this.advance(length);
    return this.proof.subarray(start, start + length);
  }

  private meets(depth: number): boolean {
    while (this.next < this.ranges.length && compareBytes((this.ranges[this.next] as KeyRange).hi, this.path) < 0) this.next++;
    const range = this.ranges[this.next];
    return range !== undefined && comparePrefix(range.lo, this.path, depth) <= 0;
  }

  node(depth: number): Uint8Array {
    if (!this.meets(depth)) return this.take(32);
    const kind = this.byte();
    if (kind === 0) return this.leaf(depth);
    if (kind === 1) return this.branch(depth);
    throw new Refusal('kind');
  }

  private readBits(from: number, to: number): void {
    const count = to - from;
    const start = this.advance((count + 7) >> 3);
    const { proof, path } = this;
    const shift = from & 7;
    let at = from >> 3;
    for (let left = count, i = start; left > 0; left -= 8, i++) {
      const bits = proof[i] as number;
      if (left < 8 && (bits & (0xff >> left)) !== 0) throw new Refusal('padding');
      path[at] = (path[at] as number) | (bits >> shift);
      if (shift !== 0 && at < 31) path[at + 1] = (bits << (8 - shift)) & 0xff;
      at++;
    }
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
    const message = this.leafMessage;
    message.set(this.path, 1);
    if (this.meets(256)) {
      const value = this.take(this.valueLength());
      this.leaves.push({ key: this.path.slice(), value: value.slice() });
      message.set(this.hash.sha256(value), 33);
    } else {
      message.set(this.take(32), 33);
    }
    return this.hash.sha256(message);
  }

  private branch(depth: number): Uint8Array {
    const bit = depth + this.byte();
    if (bit > 255) throw new Refusal('bit');
    this.readBits(depth, bit);
    const { path } = this;
    const left = this.node(bit + 1);
    clearFrom(path, bit);
    path[bit >> 3] = (path[bit >> 3] as number) | (0x80 >> (bit & 7));
    const right = this.node(bit + 1);
    clearFrom(path, bit);
    const message = this.branchMessage;
    message[2] = bit;
    message.set(path, 3);
    message.set(left, 35);
    message.set(right, 67);
    return this.hash.sha256(message);
  }
}

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
    const computed = asHash32(verifier.node(0));
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
