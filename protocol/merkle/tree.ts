import { concatBytes } from '../codec/bytes.ts';
import { type Hash32, ZERO_HASH } from '../codec/hash32.ts';
import { sha256 } from '../crypto/hash.ts';

const LEAF = Uint8Array.of(0);

/** @source SPEC MK1; RFC 6962 section 2.1 */
export const hashLeaf = (...parts: readonly Uint8Array[]): Hash32 => sha256(concatBytes(LEAF, ...parts));

const nodeMessage = new Uint8Array(65).fill(1, 0, 1);

/** @shape left, right: 32 bytes @source SPEC MK1; RFC 6962 section 2.1 */
export const hashNode = (left: Uint8Array, right: Uint8Array): Hash32 => {
  nodeMessage.set(left, 1);
  nodeMessage.set(right, 33);
  return sha256(nodeMessage);
};

/** Largest power of two below `size`. @shape size: at least 2 */
export const splitPoint = (size: number): number => 2 ** (31 - Math.clz32(size - 1));

/**
 * Hashes of complete subtrees: `subtree(level, index)` covers the leaves index × 2^level up to the next.
 * Memory and store are readers of one algorithm; what is asked for exists.
 */
export interface SubtreeReader {
  readonly subtree: (level: number, index: number) => Hash32;
}

/** Root of the leaves `from` to `to` (not included). @shape `from` is a multiple of the largest power of two in the range */
export const computeRangeRoot = (reader: SubtreeReader, from: number, to: number): Hash32 => {
  const size = to - from;
  const level = 31 - Math.clz32(size);
  if (size === 2 ** level) return reader.subtree(level, from / size);
  const split = splitPoint(size);
  return hashNode(computeRangeRoot(reader, from, from + split), computeRangeRoot(reader, from + split, to));
};

/** A reader over leaf hashes in memory; subtrees are computed once and kept. */
export const readLeaves = (leaves: readonly Hash32[]): SubtreeReader => {
  const levels: Hash32[][] = [leaves.slice()];
  return {
    subtree: (level, index) => {
      while (levels.length <= level) {
        const below = levels[levels.length - 1] ?? [];
        levels.push(Array.from({ length: below.length >> 1 }, (_, i) => hashNode(below[2 * i] as Hash32, below[2 * i + 1] as Hash32)));
      }
      return levels[level]?.[index] as Hash32;
    },
  };
};

/** Root over leaf hashes; zero when there are none. @source SPEC MK1, MK2 */
export const computeRootOfHashes = (hashes: readonly Hash32[]): Hash32 =>
  hashes.length === 0 ? ZERO_HASH : computeRangeRoot(readLeaves(hashes), 0, hashes.length);

/** Root over leaves; zero when there are none. @source SPEC MK1, MK2 */
export const computeMerkleRoot = (leaves: readonly Uint8Array[]): Hash32 => computeRootOfHashes(leaves.map((leaf) => hashLeaf(leaf)));
