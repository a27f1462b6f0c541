import { decodeHeader, hashHeaderBytes } from '../../block/header-codec.ts';
import { equalBytes } from '../../codec/bytes.ts';
import type { Hash32 } from '../../codec/hash32.ts';
import { Failure } from '../../failure.ts';
import { type Fault, fault, isFault } from '../../fault.ts';
import { MAX_HEADERS } from '../../wire/limits.ts';
import type { HeadersAnswer } from '../../wire/messages.ts';
import type { HeaderVerdict, NodeChain } from '../chain/contract.ts';
import type { ConnectedPeer } from '../network/contract.ts';
import { buildLocator } from './locator.ts';

/** a peer's whole chain, as far as one pull follows it */
const MAX_ROUNDS = 1_000;

export type HeaderSyncEnd =
  | { readonly kind: 'complete' }
  /** the validated tip has to come after first */
  | { readonly kind: 'ahead' }
  | { readonly kind: 'stopped'; readonly verdict: HeaderVerdict; readonly header: Uint8Array }
  | { readonly kind: 'lied'; readonly reason: Fault }
  | { readonly kind: 'failed' };

type Batch = Extract<HeadersAnswer, { kind: 'headers' }>;

/**
 * What holds of an honest answer whatever the chain is: it is linked, and begins at something asked for or known.
 *
 * @fault `headers-excess`: filters that nobody asked for; `headers-unlinked`; the codec's
 */
const checkLinks = (chain: NodeChain, { headers, filters }: Batch): Fault | undefined => {
  if (filters.length > 0) return fault('headers-excess', { filters: filters.length });
  let previous: Hash32 | undefined;
  for (const bytes of headers) {
    const header = decodeHeader(bytes);
    if (isFault(header)) return header;
    const linked = previous === undefined ? chain.headerByHash(header.previous) !== undefined : equalBytes(header.previous, previous);
    if (!linked) return fault('headers-unlinked', { height: header.height });
    previous = hashHeaderBytes(bytes);
  }
  return undefined;
};

/**
 * Takes headers with their proofs from one peer until it has no more.
 *
 * @source SPEC NW11; spec 03, order of checks; attack S1
 */
export const pullHeaders = async (chain: NodeChain, peer: ConnectedPeer, progressed: () => void): Promise<HeaderSyncEnd> => {
  let last: Hash32 | undefined;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const answer = await askHeaders(chain, peer, last);
    if (answer === undefined) return { kind: 'failed' };
    if (isFault(answer)) return { kind: 'lied', reason: answer };
    const [lastBytes] = answer.headers.slice(-1);
    if (lastBytes === undefined) return { kind: 'complete' };
    const unlinked = checkLinks(chain, answer);
    if (unlinked !== undefined) return { kind: 'lied', reason: unlinked };
    const result = await chain.acceptHeaders(answer.headers, answer.stakeProofs);
    if (isFault(result)) return { kind: 'lied', reason: result };
    if (result.taken < answer.headers.length) {
      if (result.verdict === 'far-ahead') return { kind: 'ahead' };
      return { kind: 'stopped', verdict: result.verdict, header: answer.headers[result.taken] ?? lastBytes };
    }
    progressed();
    const next = hashHeaderBytes(lastBytes);
    if (last !== undefined && equalBytes(next, last)) return { kind: 'complete' };
    last = next;
  }
  return { kind: 'ahead' };
};

const askHeaders = async (chain: NodeChain, peer: ConnectedPeer, last: Hash32 | undefined): Promise<Batch | Fault | undefined> => {
  try {
    const answer = await peer.client.ask('headers', {
      kind: 'locator',
      hashes: buildLocator(chain, last),
      count: MAX_HEADERS,
      filters: 'without',
    });
    return isFault(answer) || answer.kind === 'headers' ? answer : undefined;
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
};
