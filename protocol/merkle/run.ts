import type { Hash32 } from '../codec/hash32.ts';
import { invariant } from '../invariant.ts';
import { hashNode, splitPoint } from './tree.ts';

/** Consecutive leaves of a tree. @shape from + leaves.length ≤ size; at least one leaf */
export interface LeafRun {
  readonly from: number;
  readonly leaves: readonly Hash32[];
  readonly size: number;
}

/**
 * Computes the root that a run of leaves gives with what its ends' branches say of the rest of the tree.
 *
 * @shape first, last: branches of the run's first and last leaf, of the lengths that their places ask for
 * @source SPEC HI3
 */
export const computeRunRoot = (run: LeafRun, first: readonly Hash32[], last: readonly Hash32[]): Hash32 => {
  const { from, leaves } = run;
  const to = from + leaves.length;
  const siblingAt = (branch: readonly Hash32[], depth: number): Hash32 => {
    const hash = branch[branch.length - 1 - depth];
    invariant(hash !== undefined, 'a branch reaches from its leaf to the root');
    return hash;
  };
  const walk = (start: number, size: number, depth: number): Hash32 => {
    if (size === 1) return leaves[start - from] as Hash32;
    const split = splitPoint(size);
    const middle = start + split;
    const left = middle <= from ? siblingAt(first, depth) : walk(start, split, depth + 1);
    const right = to <= middle ? siblingAt(last, depth) : walk(middle, size - split, depth + 1);
    return hashNode(left, right);
  };
  return walk(0, run.size, 0);
};
