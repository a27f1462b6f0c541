import type { Header } from '#protocol/block/header';
import { computeHeaderHash, decodeHeader } from '#protocol/block/header-codec';
import type { Hash32 } from '#protocol/codec/hash32';
import { type Fault, fault, isFault } from '#protocol/fault';
import { verifyInclusion } from '#protocol/merkle/inclusion';
import { hashLeaf } from '#protocol/merkle/tree';
import type { KnownHeader } from '#protocol/stake/header-view';
import { MAX_HISTORY_QUESTIONS } from '#protocol/wire/limits';
import { ask, isUnanswered, type Task, type Unanswered } from '../task.ts';

/** The header under whose history others are opened. */
export interface HistoryTip {
  readonly header: Header;
  readonly hash: Hash32;
}

/**
 * Verifies that a header stands at its height in the history of a later one.
 *
 * @fault `history-height`: not the height asked for; the inclusion proof's
 * @source SPEC LC5; spec 02, history
 */
export const verifyAncestor = (bytes: Uint8Array, branch: readonly Hash32[], height: number, tip: HistoryTip): KnownHeader | Fault => {
  const header = decodeHeader(bytes);
  if (isFault(header)) return header;
  if (header.height !== height) return fault('history-height', { height: header.height, wanted: height });
  const hash = computeHeaderHash(header);
  const place = { index: height, size: tip.header.height };
  const included = verifyInclusion(hashLeaf(hash, header.filterHash), place, branch, tip.header.historyRoot);
  return included === true ? { header, hash } : included;
};

/**
 * Opens ancestors of `tip` at some heights under its history root.
 *
 * @shape heights: below the tip's, each once
 * @fault `answer-to-another-question`; those of `verifyAncestor`
 * @source SPEC LC5
 */
export function* openHistory(
  peer: string,
  tip: HistoryTip,
  heights: readonly number[],
): Task<ReadonlyMap<number, KnownHeader> | Unanswered | Fault> {
  const opened = new Map<number, KnownHeader>();
  for (let at = 0; at < heights.length; at += MAX_HISTORY_QUESTIONS) {
    const wanted = heights.slice(at, at + MAX_HISTORY_QUESTIONS);
    const answer = yield* ask(peer, 'history', { kind: 'inclusion', tip: tip.hash, heights: wanted });
    if (isUnanswered(answer) || isFault(answer)) return answer;
    if (answer.kind !== 'inclusion' || answer.headers.length !== wanted.length || answer.branches.length !== wanted.length)
      return fault('answer-to-another-question');
    for (const [place, height] of wanted.entries()) {
      const known = verifyAncestor(answer.headers[place] ?? new Uint8Array(), answer.branches[place] ?? [], height, tip);
      if (isFault(known)) return known;
      opened.set(height, known);
    }
  }
  return opened;
}
