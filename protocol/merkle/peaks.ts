import { type Hash32, ZERO_HASH } from '../codec/hash32.ts';
import { hashNode } from './tree.ts';

/** A complete subtree that an append finished: what a store keeps to serve proofs. */
export interface FinishedSubtree {
  readonly level: number;
  readonly index: number;
  readonly hash: Hash32;
}

/**
 * Appends a leaf to a tree that is kept as the roots of its complete subtrees, largest first.
 *
 * @shape peaks: as many as `size` has bits set
 * @source SPEC MK5
 */
export const appendPeak = (
  peaks: readonly Hash32[],
  size: number,
  leafHash: Hash32,
): { readonly peaks: readonly Hash32[]; readonly finished: readonly FinishedSubtree[] } => {
  const rest = peaks.slice();
  const finished: FinishedSubtree[] = [{ level: 0, index: size, hash: leafHash }];
  let hash = leafHash;
  for (let level = 0; Math.floor(size / 2 ** level) % 2 === 1; level++) {
    hash = hashNode(rest.pop() as Hash32, hash);
    finished.push({ level: level + 1, index: Math.floor(size / 2 ** (level + 1)), hash });
  }
  return { peaks: [...rest, hash], finished };
};

/** @source SPEC MK5 */
export const computeRootFromPeaks = (peaks: readonly Hash32[]): Hash32 =>
  peaks.length === 0 ? ZERO_HASH : peaks.reduceRight((right, left) => hashNode(left, right));
