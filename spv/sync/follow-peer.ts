import type { Header } from '#protocol/block/header';
import { computeHeaderHash, decodeHeader } from '#protocol/block/header-codec';
import { equalBytes } from '#protocol/codec/bytes';
import type { Hash32 } from '#protocol/codec/hash32';
import { sha256 } from '#protocol/crypto/hash';
import { type Fault, fault, isFault } from '#protocol/fault';
import type { ChainedHeader } from '#protocol/stake/header-view';
import { readStakeProofs, type StakeSource } from '#protocol/stake/stake-source';
import { MAX_HEADERS, MAX_LOCATOR } from '#protocol/wire/limits';
import { ancestors, findHeader, headerKey, type LightChain } from '../headers/light-chain.ts';
import { ask, type Given, isUnanswered, type Task, type Unanswered } from '../task.ts';
import { takeHeader } from './take-header.ts';

/**
 * How far a peer's chain could be followed.
 * `complete`: it has no more; `more`: ask again; `parted`: its chain leaves ours deeper than what we hold or reorganise;
 * `waiting`: the next header cannot be judged yet.
 */
export interface Followed {
  readonly chain: LightChain;
  readonly end: 'complete' | 'more' | 'parted' | 'waiting';
  readonly added: readonly ChainedHeader[];
  /** verified against their headers, by header key */
  readonly filters: ReadonlyMap<string, Uint8Array>;
  /** a lie in what came after the headers that were added */
  readonly lie: Fault | undefined;
}

/** Our headers from the tip down, first each one, then in ever larger steps; genesis last. */
export const buildLocator = (chain: LightChain): readonly Hash32[] => {
  const held = [...ancestors(chain, chain.tip)];
  const hashes: Hash32[] = [];
  for (let at = 0, step = 1; at < held.length && hashes.length < MAX_LOCATOR - 2; at += step) {
    hashes.push((held[at] as ChainedHeader).hash);
    if (hashes.length > 10) step *= 2;
  }
  const lowest = held.at(-1)?.hash;
  const ends = [lowest, chain.trust.genesis.hash].filter((hash) => hash !== undefined && !hashes.some((known) => equalBytes(known, hash)));
  return [...hashes, ...(ends as Hash32[])];
};

/** @fault `filter-hash`: not the filter whose hash is in the header @source SPEC LC6 */
export const verifyFilter = (filter: Uint8Array, filterHash: Hash32): Uint8Array | Fault<'filter-hash'> =>
  equalBytes(sha256(filter), filterHash) ? filter : fault('filter-hash');

interface Batch {
  readonly items: readonly { readonly header: Header; readonly hash: Hash32; readonly filter: Uint8Array }[];
  readonly stakes: StakeSource;
}

/** @fault `headers-count`, `stake-proofs`, the codec's: the answer is no answer at all */
const readBatch = (answer: Given<'headers'>, chain: LightChain): Batch | Fault => {
  if (answer.filters.length !== answer.headers.length)
    return fault('headers-count', { headers: answer.headers.length, filters: answer.filters.length });
  const headers: Header[] = [];
  for (const bytes of answer.headers) {
    const header = decodeHeader(bytes);
    if (isFault(header)) return header;
    headers.push(header);
  }
  const stakes = readStakeProofs(headers, answer.stakeProofs, chain.trust.parameters);
  if (isFault(stakes)) return stakes;
  const items = headers.map((header, place) => ({ header, hash: computeHeaderHash(header), filter: answer.filters[place] as Uint8Array }));
  return { items, stakes };
};

/** Judges headers one by one until one cannot be added. */
function* takeBatch(start: LightChain, peer: string, batch: Batch, now: number): Task<Followed> {
  const added: ChainedHeader[] = [];
  const filters = new Map<string, Uint8Array>();
  let chain = start;
  const stop = (end: Followed['end'], lie?: Fault): Followed => ({ chain, end, added, filters, lie });
  for (const { header, hash, filter } of batch.items) {
    const verified = verifyFilter(filter, header.filterHash);
    if (isFault(verified)) return stop('waiting', verified);
    if (findHeader(chain, hash) === undefined) {
      const taken = yield* takeHeader(chain, peer, { header, stakes: batch.stakes }, now);
      chain = taken.chain;
      if (isUnanswered(taken.verdict)) return stop('waiting');
      if (isFault(taken.verdict)) return stop(taken.verdict.fault === 'too-deep' ? 'parted' : 'waiting', taken.verdict);
      added.push(taken.verdict);
    }
    filters.set(headerKey(hash), filter);
  }
  return stop('more');
}

/**
 * Follows one peer's chain from the last header it shares with ours, each header judged by every rule.
 *
 * @unit now: unix seconds
 * @fault `headers-count`, `stake-proofs`, the codec's: the answer is no answer at all
 * @source SPEC LC4, LC6
 */
export function* followPeer(chain: LightChain, peer: string, now: number): Task<Followed | Unanswered | Fault> {
  const answer = yield* ask(peer, 'headers', { kind: 'locator', hashes: buildLocator(chain), count: MAX_HEADERS, filters: 'with' });
  if (isUnanswered(answer) || isFault(answer)) return answer;
  const batch = readBatch(answer, chain);
  if (isFault(batch)) return batch;
  const still = { chain, added: [], filters: new Map<string, Uint8Array>(), lie: undefined };
  const first = batch.items[0]?.header;
  if (first === undefined) return { ...still, end: 'complete' };
  if (findHeader(chain, first.previous) === undefined) return { ...still, end: 'parted' };
  return yield* takeBatch(chain, peer, batch, now);
}
