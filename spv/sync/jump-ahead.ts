import { type Fault, isFault } from '#protocol/fault';
import { headerAt, headerKey, type LightChain } from '../headers/light-chain.ts';
import { isUnanswered, type Task, type Unanswered } from '../task.ts';
import { coldStart } from './cold-start.ts';
import { openHistory } from './open-history.ts';

/** What a peer's chain is to ours: it contains our past, or it left it deeper than a reorganisation goes. */
export type Jump = { readonly kind: 'joined'; readonly chain: LightChain } | { readonly kind: 'parted' };

/**
 * Starts anew from a peer far ahead and proves that our own verified past is in its history, at most `maxReorg` blocks of
 * ours left behind. What lies between is never fetched.
 *
 * @unit now: unix seconds
 * @fault those of `coldStart` and `openHistory`
 * @source SPEC LC13; attacks N4, S11
 */
export function* jumpAhead(own: LightChain, peer: string, height: number, now: number): Task<Jump | Unanswered | Fault> {
  const theirs = yield* coldStart(own.trust, peer, height, now);
  if (isUnanswered(theirs) || isFault(theirs)) return theirs;
  const lowest = Math.max(0, own.tip.header.height - own.trust.parameters.maxReorg);
  const mark = headerAt(own, lowest);
  if (mark === undefined || lowest === 0) return { kind: 'joined', chain: theirs };
  const known = headerAt(theirs, lowest);
  if (known !== undefined) return headerKey(known.hash) === headerKey(mark.hash) ? { kind: 'joined', chain: theirs } : { kind: 'parted' };
  if (lowest >= theirs.tip.header.height) return { kind: 'parted' };
  const opened = yield* openHistory(peer, theirs.tip, [lowest]);
  if (isUnanswered(opened) || isFault(opened)) return opened;
  const there = opened.get(lowest);
  return there !== undefined && headerKey(there.hash) === headerKey(mark.hash) ? { kind: 'joined', chain: theirs } : { kind: 'parted' };
}
