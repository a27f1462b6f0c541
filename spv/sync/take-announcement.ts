import { computeHeaderHash, decodeHeader } from '#protocol/block/header-codec';
import { decodeField } from '#protocol/codec/schema';
import { type Fault, isFault } from '#protocol/fault';
import type { ChainedHeader } from '#protocol/stake/header-view';
import { readStakeProof } from '#protocol/stake/stake-source';
import { headerAnnouncement } from '#protocol/wire/messages';
import { findHeader, headerKey, type LightChain } from '../headers/light-chain.ts';
import { isUnanswered, type Task } from '../task.ts';
import { verifyFilter } from './follow-peer.ts';
import { takeHeader } from './take-header.ts';

/**
 * What became of an announced header. `behind`: its parent is not known, the announcer is to be followed;
 * `waiting`: it cannot be judged now, and nobody is blamed.
 */
export type Announced =
  | { readonly kind: 'added'; readonly chain: LightChain; readonly header: ChainedHeader; readonly filter: Uint8Array | undefined }
  | { readonly kind: 'known' | 'behind' | 'waiting'; readonly chain: LightChain }
  | { readonly kind: 'refused'; readonly chain: LightChain; readonly reason: Fault };

/**
 * Judges a header that a peer announced, with its stake proof and filter.
 *
 * @unit now: unix seconds
 * @source SPEC LC4, LC6; spec 07, following
 */
export function* takeAnnouncement(chain: LightChain, peer: string, message: Uint8Array, now: number): Task<Announced> {
  const announced = decodeField(headerAnnouncement, message);
  if (isFault(announced)) return { kind: 'refused', chain, reason: announced };
  const header = decodeHeader(announced.header);
  if (isFault(header)) return { kind: 'refused', chain, reason: header };
  const hash = computeHeaderHash(header);
  if (findHeader(chain, hash) !== undefined) return { kind: 'known', chain };
  const filter = announced.filter === undefined ? undefined : verifyFilter(announced.filter, header.filterHash);
  if (isFault(filter)) return { kind: 'refused', chain, reason: filter };
  if (chain.headers.get(headerKey(header.previous)) === undefined) return { kind: 'behind', chain };
  const taken = yield* takeHeader(chain, peer, { header, stakes: readStakeProof(announced.stakeProof) }, now);
  if (isUnanswered(taken.verdict)) return { kind: 'waiting', chain: taken.chain };
  if (isFault(taken.verdict)) return { kind: 'refused', chain: taken.chain, reason: taken.verdict };
  return { kind: 'added', chain: taken.chain, header: taken.verdict, filter };
}
