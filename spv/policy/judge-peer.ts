import type { Fault } from '#protocol/fault';
import { BLAMELESS_HEADER_FAULTS } from '#protocol/stake/check-header';

/** `lied`: what it sent cannot be true, and it is shown the door; `nothing`: the same may come from an honest peer. */
export type PeerJudgement = 'lied' | 'nothing';

/** Besides what the rules of headers call blameless: another branch, another network, work that we ended ourselves. */
const BLAMELESS: ReadonlySet<string> = new Set([
  ...BLAMELESS_HEADER_FAULTS,
  'too-deep',
  'not-yet-supported',
  'config-unknown',
  'wrong-network',
  'aborted',
]);

/**
 * The one table by which peers are judged: every coded fault in what a peer sent is a lie, but for those named. A peer
 * that does not answer in time has told no lie.
 *
 * @source SPEC LC11; attack B13
 */
export const judgePeer = (found: Fault): PeerJudgement => (BLAMELESS.has(found.fault) ? 'nothing' : 'lied');
