import type { Header } from '#protocol/block/header';
import { computeHeaderHash, decodeHeader } from '#protocol/block/header-codec';
import { equalBytes } from '#protocol/codec/bytes';
import { type Fault, fault, isFault } from '#protocol/fault';
import { computeEpochHeight } from '#protocol/stake/heights';
import { readStakeProofs, type StakeSource } from '#protocol/stake/stake-source';
import { addHeader, emptyChain, headerKey, type LightChain } from '../headers/light-chain.ts';
import type { Trust } from '../headers/trust.ts';
import { verifyHeader } from '../headers/verify-header.ts';
import { ask, isUnanswered, type Task, type Unanswered } from '../task.ts';
import { fetchBitcoinWindow } from './fetch-bitcoin.ts';
import { openHistory } from './open-history.ts';

/** headers asked for beyond the height a peer named, because its chain grows meanwhile */
const GROWTH = 8;

interface Suffix {
  readonly headers: readonly Header[];
  readonly stakes: StakeSource;
}

/** @fault `headers-heights`: not the heights asked for; `stake-proofs`; the codec's */
export function* askHeaderRange(peer: string, trust: Trust, from: number, count: number): Task<Suffix | Unanswered | Fault> {
  const answer = yield* ask(peer, 'headers', { kind: 'range', from, count, filters: 'without' });
  if (isUnanswered(answer) || isFault(answer)) return answer;
  const headers: Header[] = [];
  for (const [place, bytes] of answer.headers.entries()) {
    const header = decodeHeader(bytes);
    if (isFault(header)) return header;
    if (header.height !== from + place) return fault('headers-heights', { height: header.height, wanted: from + place });
    headers.push(header);
  }
  if (headers.length > count) return fault('headers-heights', { headers: headers.length, wanted: count });
  const stakes = readStakeProofs(headers, answer.stakeProofs, trust.parameters);
  return isFault(stakes) ? stakes : { headers, stakes };
}

/** Heights below the suffix that its headers are judged by: two predecessors, the ancestors that prove stakes, genesis. */
const neededHeights = (headers: readonly Header[], trust: Trust): readonly number[] => {
  const first = headers[0]?.height ?? 0;
  const last = headers.at(-1)?.height ?? 0;
  const epochs = headers.map((header) => computeEpochHeight(header.height, trust.parameters));
  const next = computeEpochHeight(last + 1, trust.parameters);
  const wanted = new Set([0, first - 1, first - 2, ...epochs, next].filter((height) => height >= 0 && height < first));
  return [...wanted].sort((a, b) => a - b);
};

/** What lies below the suffix, opened under the history of its last header; genesis must be ours. @fault `checkpoint` @source SPEC LC5 */
function* openBelow(peer: string, suffix: Suffix, trust: Trust): Task<LightChain | Unanswered | Fault> {
  const header = suffix.headers.at(-1) as Header;
  const tip = { header, hash: computeHeaderHash(header) };
  const opened = yield* openHistory(peer, tip, neededHeights(suffix.headers, trust));
  if (isUnanswered(opened) || isFault(opened)) return opened;
  const genesis = opened.get(0);
  if (genesis === undefined || !equalBytes(genesis.hash, trust.genesis.hash)) return fault('checkpoint', { height: 0 });
  const base = suffix.headers[0]?.height ?? 0;
  return { ...emptyChain(trust), opened, base, headers: base === 1 ? emptyChain(trust).headers : new Map() };
}

const verifySuffix = (below: LightChain, suffix: Suffix, now: number): LightChain | Fault => {
  let chain = below;
  for (const header of suffix.headers) {
    const verified = verifyHeader(chain, header, suffix.stakes, now);
    if (isFault(verified)) return verified;
    chain = addHeader(chain, verified);
  }
  return headerKey(chain.tip.hash) === headerKey(computeHeaderHash(suffix.headers.at(-1) as Header)) ? chain : fault('weight');
};

/**
 * Starts from nothing but genesis: the last `suffix` headers of one peer, judged by every rule, with the checkpoint proved
 * their ancestor. Its cost does not depend on the chain's length.
 *
 * @shape height: of the tip the peer named; it may have grown since
 * @unit now: unix seconds
 * @fault those of `verifyHeader`, `openHistory`, `fetchBitcoinWindow`; `checkpoint`: genesis is not in its history
 * @source SPEC LC5; spec 07, cold start
 */
export function* coldStart(trust: Trust, peer: string, height: number, now: number): Task<LightChain | Unanswered | Fault> {
  const { suffix: length, bitcoin: rules } = trust.parameters;
  const from = Math.max(1, height - length + 1);
  const suffix = yield* askHeaderRange(peer, trust, from, length + GROWTH);
  if (isUnanswered(suffix) || isFault(suffix)) return suffix;
  const [first, last] = [suffix.headers[0], suffix.headers.at(-1)];
  if (first === undefined || last === undefined) return height === 0 ? emptyChain(trust) : { unanswered: 'no-headers' };
  const below = yield* openBelow(peer, suffix, trust);
  if (isUnanswered(below) || isFault(below)) return below;
  const bitcoin = yield* fetchBitcoinWindow(peer, first.bitcoin, last.time - first.time + trust.parameters.bitcoinLag, rules);
  if (isUnanswered(bitcoin) || isFault(bitcoin)) return bitcoin;
  return verifySuffix({ ...below, ...bitcoin }, suffix, now);
}
