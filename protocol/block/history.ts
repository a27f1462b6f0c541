import { equalBytes } from '../codec/bytes.ts';
import type { Hash32 } from '../codec/hash32.ts';
import { type Fault, fault } from '../fault.ts';
import { type InclusionFault, verifyInclusion } from '../merkle/inclusion.ts';
import { appendPeak, type FinishedSubtree } from '../merkle/peaks.ts';
import { computeRunRoot } from '../merkle/run.ts';
import { hashLeaf } from '../merkle/tree.ts';

/** What the history holds of a header. */
export interface HistoryEntry {
  readonly headerHash: Hash32;
  readonly filterHash: Hash32;
}

/** @source SPEC HI1 */
export const hashHistoryLeaf = ({ headerHash, filterHash }: HistoryEntry): Hash32 => hashLeaf(headerHash, filterHash);

/**
 * Appends the header at `height` to the history of those below it.
 *
 * @shape peaks: of `height` leaves
 * @source SPEC HI1, MK5
 */
export const appendHistory = (
  peaks: readonly Hash32[],
  height: number,
  entry: HistoryEntry,
): { readonly peaks: readonly Hash32[]; readonly finished: readonly FinishedSubtree[] } =>
  appendPeak(peaks, height, hashHistoryLeaf(entry));

/** A history as a verified header commits to it. @shape size: the header's height; root: its historyRoot */
export interface History {
  readonly size: number;
  readonly root: Hash32;
}

/**
 * Verifies that the header at `height` is an ancestor of the one that commits to the history.
 *
 * @fault `index-out-of-range`: not below the committing header; `branch-length`; `merkle-root`
 * @source SPEC HI1, HI2
 */
export const verifyAncestor = (history: History, height: number, entry: HistoryEntry, branch: readonly Hash32[]): true | InclusionFault =>
  verifyInclusion(hashHistoryLeaf(entry), { index: height, size: history.size }, branch, history.root);

/**
 * Verifies that consecutive headers, from height `from` on, are ancestors of the one that commits to the history: both
 * ends by their branches, and all between by the root that they give with the hashes outside the run.
 *
 * @shape entries: at least one, ascending; first, last: branches of the first and last entry
 * @fault `index-out-of-range`: an end not below the committing header, or no entries; `branch-length`; `merkle-root`
 * @source SPEC HI3
 */
export const verifyAncestorRun = (
  history: History,
  run: { readonly from: number; readonly entries: readonly HistoryEntry[] },
  first: readonly Hash32[],
  last: readonly Hash32[],
): true | InclusionFault => {
  const { from, entries } = run;
  const { size, root } = history;
  const leaves = entries.map(hashHistoryLeaf);
  const to = from + leaves.length - 1;
  const [start, end] = [leaves[0], leaves[leaves.length - 1]];
  if (start === undefined || end === undefined) return outOfRange(from, size);
  const low = verifyInclusion(start, { index: from, size }, first, root);
  if (low !== true) return low;
  const high = verifyInclusion(end, { index: to, size }, last, root);
  if (high !== true) return high;
  return equalBytes(computeRunRoot({ from, leaves, size }, first, last), root) ? true : fault('merkle-root', { from, size });
};

const outOfRange = (index: number, size: number): Fault<'index-out-of-range'> => fault('index-out-of-range', { index, size });
