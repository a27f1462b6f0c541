import { decodeBitcoinHeader } from '#protocol/bitcoin/header-codec';
import { findCheckpointHeader } from '#protocol/bitcoin/known-headers';
import { equalBytes } from '#protocol/codec/bytes';
import type { Hash32 } from '#protocol/codec/hash32';
import { type Fault, fault, isFault } from '#protocol/fault';
import type { BitcoinParameters } from '#protocol/params/parameters';
import { type BitcoinWindow, extendBitcoin, verifyBitcoinRun } from '../headers/bitcoin-window.ts';
import type { LightChain } from '../headers/light-chain.ts';
import { ask, isUnanswered, type Task, type Unanswered } from '../task.ts';

/** headers before the named one: a latest time rests on all before it, and none carries one that far ahead of so many */
const BEFORE = 144;
const MOST_AFTER = 1_900;
const LOCATOR_STEPS = [0, 1, 2, 3, 5, 8, 13, 21];

/** @unit seconds between two Bitcoin headers, about: it only decides how many are asked for */
const spacingOf = (parameters: BitcoinParameters): number => (parameters.retargets ? 600 : 2);

/** The measure of Bitcoin's work: the checkpoint's own bits, which are built in. */
const rulesOf = (parameters: BitcoinParameters): BitcoinParameters => {
  const checkpoint = findCheckpointHeader(parameters);
  const header = checkpoint && decodeBitcoinHeader(checkpoint);
  return header === undefined || isFault(header) ? parameters : { ...parameters, limitBits: header.bits };
};

/**
 * Fetches the run of Bitcoin headers around those that a run of ours names.
 *
 * @unit seconds: time between the first and the last of our headers
 * @fault those of `verifyBitcoinRun`; `answer-to-another-question`
 * @source SPEC LC2
 */
export function* fetchBitcoinWindow(
  peer: string,
  first: Hash32,
  seconds: number,
  parameters: BitcoinParameters,
): Task<{ readonly bitcoin: BitcoinWindow; readonly bitcoinRules: BitcoinParameters } | Unanswered | Fault> {
  const bitcoinRules = rulesOf(parameters);
  const after = Math.min(MOST_AFTER, Math.ceil((seconds / spacingOf(parameters)) * 2) + 64);
  const answer = yield* ask(peer, 'bitcoinHeaders', { kind: 'around', hash: first, before: BEFORE, after });
  if (isUnanswered(answer) || isFault(answer)) return answer;
  if (answer.headers.length > BEFORE + after + 1) return fault('answer-to-another-question');
  const bitcoin = verifyBitcoinRun(answer.headers, answer.height, bitcoinRules);
  if (isFault(bitcoin)) return bitcoin;
  const place = bitcoin.entries.findIndex(({ hash }) => equalBytes(hash, first));
  return place < BEFORE && bitcoin.firstJudged > 0 ? fault('answer-to-another-question') : { bitcoin, bitcoinRules };
}

/** Asks for the Bitcoin headers after those that are known. @fault those of `extendBitcoin` @source SPEC LC2 */
export function* followBitcoin(chain: LightChain, peer: string): Task<LightChain | Unanswered | Fault> {
  const { entries } = chain.bitcoin;
  const hashes = LOCATOR_STEPS.map((step) => entries[entries.length - 1 - step]?.hash).filter((hash) => hash !== undefined);
  if (hashes.length === 0) return { unanswered: 'no-window' };
  const answer = yield* ask(peer, 'bitcoinHeaders', { kind: 'locator', hashes, count: 500 });
  if (isUnanswered(answer) || isFault(answer)) return answer;
  const bitcoin = extendBitcoin(chain.bitcoin, answer.headers, chain.bitcoinRules);
  if (isFault(bitcoin)) return bitcoin.fault === 'bitcoin-run' ? { unanswered: 'bitcoin-parted' } : bitcoin;
  return { ...chain, bitcoin };
}
