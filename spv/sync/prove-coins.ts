import { equalBytes } from '#protocol/codec/bytes';
import { type Fault, fault, isFault } from '#protocol/fault';
import type { StakeLimits } from '#protocol/script/forms/stake';
import type { ChainedHeader } from '#protocol/stake/header-view';
import type { KeyRange } from '#protocol/trie/node';
import { checkUpTo, cutRanges, MAX_RANGES, rangesAfter } from '#protocol/trie/ranges';
import type { WatchSet } from '../coins/watch-set.ts';
import { type ProvenCoins, verifyCoins } from '../proof/proven-coins.ts';
import { ask, askLeaves, isUnanswered, type Task, type TrieName, type Unanswered, type VerifiedLeaf } from '../task.ts';

/** answers one question may be cut into: a bound on how long a peer can keep a client busy with one proof */
const MAX_ROUNDS = 512;

/** One answer: the leaves of the ranges as far as it goes, and what is left to ask. */
function* askRanges(
  peer: string,
  header: ChainedHeader,
  question: { readonly trie: TrieName; readonly ranges: readonly KeyRange[] },
): Task<{ readonly leaves: readonly VerifiedLeaf[]; readonly rest: readonly KeyRange[] } | Unanswered | Fault> {
  const ranges = question.ranges.slice(0, MAX_RANGES);
  const answer = yield* ask(peer, 'proof', { block: header.hash, trie: question.trie, ranges });
  if (isUnanswered(answer) || isFault(answer)) return answer;
  const [first, second] = answer.otherRoots;
  if (!equalBytes(answer.block, header.hash) || answer.trie !== question.trie) return fault('answer-to-another-question');
  if (first === undefined || second === undefined) return fault('form', { roots: answer.otherRoots.length });
  const cut = cutRanges(ranges, answer.upTo);
  const { stateRoot } = header.header;
  const leaves = yield* askLeaves({ stateRoot, trie: question.trie, otherRoots: [first, second], ranges: cut, proof: answer.proof });
  if (isFault(leaves)) return leaves;
  const ended = checkUpTo(ranges, answer.upTo, leaves.at(-1)?.key);
  if (ended !== true) return ended;
  return { leaves, rest: [...rangesAfter(ranges, answer.upTo), ...question.ranges.slice(MAX_RANGES)] };
}

/**
 * Asks one peer for everything a trie holds in some ranges after one verified block, however many answers it takes.
 *
 * @fault the multiproof's; `answer-to-another-question`; `form`; `up-to`: stops neither at the end nor at a leaf
 * @source SPEC LC7, TR10
 */
export function* proveRanges(
  peer: string,
  header: ChainedHeader,
  question: { readonly trie: TrieName; readonly ranges: readonly KeyRange[] },
): Task<readonly VerifiedLeaf[] | Unanswered | Fault> {
  const leaves: VerifiedLeaf[] = [];
  let rest = question.ranges;
  for (let round = 0; rest.length > 0; round++) {
    if (round >= MAX_ROUNDS) return { unanswered: 'too-many-rounds' };
    const step = yield* askRanges(peer, header, { trie: question.trie, ranges: rest });
    if (isUnanswered(step) || isFault(step)) return step;
    leaves.push(...step.leaves);
    rest = step.rest;
  }
  return leaves;
}

/**
 * Proves the complete coins of the watched owners after one verified block.
 *
 * @shape ranges: what is asked for; it covers the prefixes of all owners (exactly, or as buckets)
 * @fault as `proveRanges`; `leaf-form`, `leaf-key`: the state holds what is not a coin at its place
 * @source SPEC LC7, LC8
 */
export function* proveCoins(
  peer: string,
  header: ChainedHeader,
  watched: WatchSet,
  question: { readonly ranges: readonly KeyRange[]; readonly limits: StakeLimits },
): Task<ProvenCoins | Unanswered | Fault> {
  const { ranges, limits } = question;
  const leaves = yield* proveRanges(peer, header, { trie: 'coins', ranges });
  if (isUnanswered(leaves) || isFault(leaves)) return leaves;
  return verifyCoins(header, watched, leaves, limits);
}
