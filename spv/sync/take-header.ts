import type { Header } from '#protocol/block/header';
import { type Fault, isFault } from '#protocol/fault';
import type { ChainedHeader } from '#protocol/stake/header-view';
import { computeEpochHeight } from '#protocol/stake/heights';
import type { StakeSource } from '#protocol/stake/stake-source';
import { addHeader, findHeader, type LightChain } from '../headers/light-chain.ts';
import { verifyHeader } from '../headers/verify-header.ts';
import { isUnanswered, type Task, type Unanswered } from '../task.ts';
import { fetchBitcoinWindow, followBitcoin } from './fetch-bitcoin.ts';
import { openHistory } from './open-history.ts';

export interface TakenHeader {
  readonly chain: LightChain;
  readonly verdict: ChainedHeader | Unanswered | Fault;
}

/** Opens the ancestor whose stakes prove a child of `parent`, under the verified parent's own history. */
function* openEpoch(chain: LightChain, peer: string, header: Header): Task<LightChain | Unanswered | Fault> {
  const parent = findHeader(chain, header.previous);
  if (parent === undefined) return { unanswered: 'no-parent' };
  const height = computeEpochHeight(header.height, chain.trust.parameters);
  const opened = yield* openHistory(peer, parent, [height]);
  if (isUnanswered(opened) || isFault(opened)) return opened;
  return { ...chain, opened: new Map([...chain.opened, ...opened]) };
}

function* fetchBitcoin(chain: LightChain, peer: string, header: Header): Task<LightChain | Unanswered | Fault> {
  if (chain.bitcoin.entries.length > 0) return yield* followBitcoin(chain, peer);
  const found = yield* fetchBitcoinWindow(peer, header.bitcoin, 0, chain.trust.parameters.bitcoin);
  return isUnanswered(found) || isFault(found) ? found : { ...chain, ...found };
}

/**
 * Judges one header; what the judgement lacks (an epoch's ancestor, Bitcoin headers) is asked for once each.
 *
 * @unit now: unix seconds
 * @fault those of `verifyHeader`, `openHistory`, `followBitcoin`
 * @source SPEC LC1
 */
export function* takeHeader(
  start: LightChain,
  peer: string,
  given: { readonly header: Header; readonly stakes: StakeSource },
  now: number,
): Task<TakenHeader> {
  let chain = start;
  const asked = new Set<string>();
  for (;;) {
    const verdict = verifyHeader(chain, given.header, given.stakes, now);
    if (!isFault(verdict)) return { chain: addHeader(chain, verdict), verdict };
    const lacks = verdict.fault === 'unknown-epoch' || verdict.fault === 'unknown-bitcoin';
    if (!lacks || asked.has(verdict.fault)) return { chain, verdict };
    asked.add(verdict.fault);
    const help =
      verdict.fault === 'unknown-epoch' ? yield* openEpoch(chain, peer, given.header) : yield* fetchBitcoin(chain, peer, given.header);
    if (isUnanswered(help) || isFault(help)) return { chain, verdict: help };
    chain = help;
  }
}
