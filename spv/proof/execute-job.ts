import { computeStateRoot, type TrieRoots } from '#protocol/block/state-root';
import { equalBytes } from '#protocol/codec/bytes';
import type { Hash32 } from '#protocol/codec/hash32';
import { verifySchnorr } from '#protocol/crypto/signature';
import { type Fault, isFault } from '#protocol/fault';
import { verifyRangesWhere } from '#protocol/trie/verify';
import type { Job, RangesJob, Reply, VerifiedLeaf } from '../task.ts';

const withRoot = (job: RangesJob, root: Hash32): TrieRoots => {
  const [first, second] = job.otherRoots;
  if (job.trie === 'coins') return { coins: root, records: first, stakes: second };
  if (job.trie === 'records') return { coins: first, records: root, stakes: second };
  return { coins: first, records: second, stakes: root };
};

/**
 * Verifies one multiproof against a state root: the leaves of the ranges, all of them.
 *
 * @fault the multiproof's closed set
 * @source SPEC LC7; TR6
 */
export const verifyRangesJob = (job: RangesJob): readonly VerifiedLeaf[] | Fault =>
  verifyRangesWhere((root) => equalBytes(computeStateRoot(withRoot(job, root)), job.stateRoot), job.ranges, job.proof);

/** Does one heavy job where it stands: the same work in a pool's thread, in the chain worker and in Node. */
export const executeJob = (job: Job): Reply => {
  if (job.kind === 'verify-signatures')
    return { kind: 'verdicts', valid: job.job.items.map((item) => verifySchnorr(item.signature, item.message, item.key)) };
  const leaves = verifyRangesJob(job.job);
  return { kind: 'leaves', leaves: isFault(leaves) ? { fault: leaves.fault, detail: leaves.detail } : leaves };
};
