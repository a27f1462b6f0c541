import { equalBytes } from '../codec/bytes.ts';
import type { Hash32 } from '../codec/hash32.ts';
import { type Fault, fault } from '../fault.ts';
import { computeRangeRoot, hashNode, type SubtreeReader, splitPoint } from './tree.ts';

/** Siblings from the leaf to the root. @shape index below size @source SPEC MK3; RFC 6962 section 2.1.1 */
export const proveInclusion = (reader: SubtreeReader, index: number, size: number, from = 0): Hash32[] => {
  if (size === 1) return [];
  const split = splitPoint(size);
  return index < split
    ? [...proveInclusion(reader, index, split, from), computeRangeRoot(reader, from + split, from + size)]
    : [...proveInclusion(reader, index - split, size - split, from + split), computeRangeRoot(reader, from, from + split)];
};

export type InclusionFault = Fault<'index-out-of-range' | 'branch-length' | 'merkle-root'>;

/** Which side each sibling stands on, leaf first; its length is the only length a branch may have. */
const sidesOf = (index: number, size: number): ('left' | 'right')[] => {
  const sides: ('left' | 'right')[] = [];
  let [at, count] = [index, size];
  while (count > 1) {
    const split = splitPoint(count);
    sides.push(at < split ? 'right' : 'left');
    [at, count] = at < split ? [at, split] : [at - split, count - split];
  }
  return sides.reverse();
};

/**
 * Verifies that the leaf with this hash stands at `index` of a tree of `size` leaves.
 *
 * @shape branch: leaf first
 * @fault `index-out-of-range`: not below size; `branch-length`: longer or shorter than index and size ask; `merkle-root`: another root
 * @source SPEC MK3; RFC 6962 section 2.1.1
 */
export const verifyInclusion = (
  leafHash: Hash32,
  place: { readonly index: number; readonly size: number },
  branch: readonly Hash32[],
  root: Hash32,
): true | InclusionFault => {
  const { index, size } = place;
  if (!Number.isInteger(index) || index < 0 || index >= size || size > 2 ** 31) return fault('index-out-of-range', { index, size });
  const sides = sidesOf(index, size);
  if (sides.length !== branch.length) return fault('branch-length', { length: branch.length, wanted: sides.length });
  const computed = branch.reduce((hash, sibling, i) => (sides[i] === 'left' ? hashNode(sibling, hash) : hashNode(hash, sibling)), leafHash);
  return equalBytes(computed, root) ? true : fault('merkle-root');
};
