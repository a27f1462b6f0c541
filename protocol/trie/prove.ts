import { compareBytes } from '../codec/bytes.ts';
import { type Hash32, isZeroHash } from '../codec/hash32.ts';
import { ByteWriter } from '../codec/writer.ts';
import { sha256 } from '../crypto/hash.ts';
import { type Fault, fault } from '../fault.ts';
import { clearFrom, fillFrom } from './bits.ts';
import type { KeyRange, NodeReader, TrieBranch, TrieLeaf } from './node.ts';
import { checkRanges, cutRanges } from './ranges.ts';

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

const writeBits = (writer: ByteWriter, key: Uint8Array, from: number, to: number): void => {
  let byte = 0;
  let filled = 0;
  for (let bit = from; bit < to; bit++) {
    byte = (byte << 1) | (((key[bit >> 3] as number) >> (7 - (bit & 7))) & 1);
    if (++filled === 8) {
      writer.u8(byte);
      byte = 0;
      filled = 0;
    }
  }
  if (filled > 0) writer.u8(byte << (8 - filled));
};

/** Stops at its limits: `cutAt` is then the key of the last leaf that fits. */
class Prover {
  readonly writer = new ByteWriter(4096);
  readonly keys: Uint8Array[] = [];
  readonly leafEnds: number[] = [];
  nodesRead = 0;
  bytes = 0;
  private readonly reader: NodeReader;
  private readonly ranges: readonly KeyRange[];
  private next = 0;

  constructor(reader: NodeReader, ranges: readonly KeyRange[]) {
    this.reader = reader;
    this.ranges = ranges;
  }

  private meets(lo: Uint8Array, hi: Uint8Array): boolean {
    while (this.next < this.ranges.length && compareBytes((this.ranges[this.next] as KeyRange).hi, lo) < 0) this.next++;
    const range = this.ranges[this.next];
    return range !== undefined && compareBytes(range.lo, hi) <= 0;
  }

  walk(hash: Hash32, lo: Uint8Array, depth: number, limits: ProofLimits): void {
    const hi = lo.slice();
    fillFrom(hi, depth);
    if (!this.meets(lo, hi)) {
      this.writer.bytes(hash);
      this.bytes += 32;
      return;
    }
    if (this.keys.length > limits.leaves || this.bytes > limits.bytes) return;
    this.nodesRead++;
    const node = this.reader.readNode(hash);
    if (node.kind === 'leaf') this.leaf(node, depth);
    else this.branch(node, depth, limits);
  }

  private leaf(node: TrieLeaf, depth: number): void {
    this.writer.u8(0);
    writeBits(this.writer, node.key, depth, 256);
    this.bytes += 1 + ((256 - depth + 7) >> 3);
    if (this.meets(node.key, node.key)) {
      this.writer.varBytes(node.value);
      this.keys.push(node.key);
      this.bytes += node.value.length + (node.value.length < 0xfd ? 1 : 3);
    } else {
      this.writer.bytes(sha256(node.value));
      this.bytes += 32;
    }
    this.leafEnds[this.keys.length] = this.bytes;
  }

  private branch(node: TrieBranch, depth: number, limits: ProofLimits): void {
    const skip = node.bit - depth;
    this.writer.u8(1).u8(skip);
    writeBits(this.writer, node.prefix, depth, node.bit);
    this.bytes += 2 + ((skip + 7) >> 3);
    this.walk(node.left, node.prefix, node.bit + 1, limits);
    const right = node.prefix.slice();
    right[node.bit >> 3] = (right[node.bit >> 3] as number) | (0x80 >> (node.bit & 7));
    clearFrom(right, node.bit + 1);
    this.walk(node.right, right, node.bit + 1, limits);
  }
}

const HASHES_RIGHT_OF_CUT = 256 * 32 + 1024;

/**
 * Proves what a trie holds in the ranges, cut after a leaf when it would be larger than the limits.
 *
 * @shape ranges: ascending, disjoint, 1 to 256
 * @fault `range-order`
 * @source SPEC TR5, TR7
 */
export const proveRanges = (
  reader: NodeReader,
  root: Hash32,
  ranges: readonly KeyRange[],
  limits: ProofLimits = PROOF_LIMITS,
): ProvedRanges | Fault<'range-order'> => {
  const checked = checkRanges(ranges);
  if (checked !== true) return checked;
  const last = (ranges[ranges.length - 1] as KeyRange).hi;
  if (isZeroHash(root)) return { proof: new Uint8Array(0), upTo: last, leaves: 0, nodesRead: 0 };
  const whole = new Prover(reader, ranges);
  whole.walk(root, new Uint8Array(32), 0, limits);
  if (whole.keys.length <= limits.leaves && whole.bytes <= limits.bytes)
    return { proof: whole.writer.finish(), upTo: last, leaves: whole.keys.length, nodesRead: whole.nodesRead };
  return proveCut(reader, root, ranges, whole, limits);
};

const proveCut = (
  reader: NodeReader,
  root: Hash32,
  ranges: readonly KeyRange[],
  whole: Prover,
  limits: ProofLimits,
): ProvedRanges | Fault<'range-order'> => {
  let count = Math.min(whole.keys.length, limits.leaves);
  while (count > 1 && (whole.leafEnds[count] ?? limits.bytes) + HASHES_RIGHT_OF_CUT > limits.bytes) count--;
  const upTo = whole.keys[count - 1];
  if (upTo === undefined) return fault('range-order', { ranges: ranges.length });
  const cut = new Prover(reader, cutRanges(ranges, upTo));
  cut.walk(root, new Uint8Array(32), 0, { bytes: Number.MAX_SAFE_INTEGER, leaves: Number.MAX_SAFE_INTEGER });
  return { proof: cut.writer.finish(), upTo, leaves: cut.keys.length, nodesRead: whole.nodesRead + cut.nodesRead };
};
