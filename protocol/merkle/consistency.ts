import { equalBytes } from '../codec/bytes.ts';
import type { Hash32 } from '../codec/hash32.ts';
import { type Fault, fault } from '../fault.ts';
import { computeRangeRoot, hashNode, type SubtreeReader, splitPoint } from './tree.ts';

const proveSubtree = (reader: SubtreeReader, oldSize: number, from: number, size: number, whole: boolean): Hash32[] => {
  if (oldSize === size) return whole ? [] : [computeRangeRoot(reader, from, from + size)];
  const split = splitPoint(size);
  return oldSize <= split
    ? [...proveSubtree(reader, oldSize, from, split, whole), computeRangeRoot(reader, from + split, from + size)]
    : [...proveSubtree(reader, oldSize - split, from + split, size - split, false), computeRangeRoot(reader, from, from + split)];
};

/** Proves that the tree of `size` leaves begins with the tree of `oldSize`. @source SPEC MK4; RFC 6962 section 2.1.2 */
export const proveConsistency = (reader: SubtreeReader, oldSize: number, size: number): Hash32[] =>
  oldSize === 0 ? [] : proveSubtree(reader, oldSize, 0, size, true);

export type ConsistencyFault = Fault<'index-out-of-range' | 'branch-length' | 'merkle-root'>;

interface Tree {
  readonly size: number;
  readonly root: Hash32;
}

const rebuild = (branch: readonly Hash32[], old: Tree, size: number): { readonly old: Hash32; readonly now: Hash32 } | undefined => {
  let place = branch.length;
  const next = (): Hash32 | undefined => branch[--place];
  const walk = (oldSize: number, count: number, whole: boolean): { readonly old: Hash32; readonly now: Hash32 } | undefined => {
    if (oldSize === count) {
      const hash = whole ? old.root : next();
      return hash && { old: hash, now: hash };
    }
    const split = splitPoint(count);
    const sibling = next();
    const inner = oldSize <= split ? walk(oldSize, split, whole) : walk(oldSize - split, count - split, false);
    if (sibling === undefined || inner === undefined) return undefined;
    return oldSize <= split
      ? { old: inner.old, now: hashNode(inner.now, sibling) }
      : { old: hashNode(sibling, inner.old), now: hashNode(sibling, inner.now) };
  };
  const result = walk(old.size, size, true);
  return place === 0 ? result : undefined;
};

/**
 * Verifies that the tree `now` has the leaves of the tree `old` as its first.
 *
 * @fault `index-out-of-range`: old larger than now; `branch-length`: not what the sizes ask; `merkle-root`: another root
 * @source SPEC MK4; RFC 6962 section 2.1.2
 */
export const verifyConsistency = (old: Tree, now: Tree, branch: readonly Hash32[]): true | ConsistencyFault => {
  if (old.size < 0 || old.size > now.size || now.size > 2 ** 31) return fault('index-out-of-range', { old: old.size, now: now.size });
  if (old.size === 0) return branch.length === 0 ? true : fault('branch-length', { length: branch.length });
  const rebuilt = rebuild(branch, old, now.size);
  if (rebuilt === undefined) return fault('branch-length', { length: branch.length });
  return equalBytes(rebuilt.old, old.root) && equalBytes(rebuilt.now, now.root) ? true : fault('merkle-root');
};
