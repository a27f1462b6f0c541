import type { Hash32 } from '#protocol/codec/hash32';
import { decodeField, encodeField, type Field } from '#protocol/codec/schema';
import { type Fault, fault, isFault } from '#protocol/fault';
import type { KeyRange } from '#protocol/trie/node';
import { type AnswerOf, PROTOCOLS, type ProtocolName, type RequestOf } from '#protocol/wire/protocols';

export type TrieName = 'coins' | 'records' | 'stakes';

/** What spv wants to know next; the driver finds it out and says nothing else. */
export type Question = { readonly kind: 'ask'; readonly peer: string; readonly protocol: ProtocolName; readonly request: Uint8Array } | Job;

/** Work that is heavy enough for a thread of its own. */
export type Job =
  | { readonly kind: 'verify-ranges'; readonly job: RangesJob }
  | { readonly kind: 'verify-signatures'; readonly job: SignaturesJob };

/** One multiproof to be checked. */
export interface RangesJob {
  readonly stateRoot: Hash32;
  readonly trie: TrieName;
  /** the roots of the other two tries, in the order coins, records, stakes */
  readonly otherRoots: readonly [Hash32, Hash32];
  readonly ranges: readonly KeyRange[];
  readonly proof: Uint8Array;
}

export interface SignaturesJob {
  /** 64 bytes r ‖ s, the signed hash, the x-only key */
  readonly items: readonly { readonly signature: Uint8Array; readonly message: Uint8Array; readonly key: Uint8Array }[];
}

export interface VerifiedLeaf {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/** `unanswered`: the world did not bring an answer; never held against the peer's honesty. */
export type Reply =
  | { readonly kind: 'answer'; readonly bytes: Uint8Array }
  | { readonly kind: 'unanswered'; readonly code: string }
  | { readonly kind: 'leaves'; readonly leaves: readonly VerifiedLeaf[] | Fault }
  | { readonly kind: 'verdicts'; readonly valid: readonly boolean[] };

/** A piece of the light client that runs until it needs something from outside: no clock, no network, no store. */
export type Task<T> = Generator<Question, T, Reply>;

/** The peer did not answer, or said with a code that it cannot: ask another one. */
export interface Unanswered {
  readonly unanswered: string;
}

/** Whether a peer brought no answer, which says nothing against it. */
export const isUnanswered = (value: unknown): value is Unanswered => typeof value === 'object' && value !== null && 'unanswered' in value;

export type Given<N extends ProtocolName> = Exclude<AnswerOf<N>, { readonly kind: 'refused' }>;

/**
 * Asks one peer one question.
 *
 * @fault every codec fault: an answer that is not in form is a lie
 */
export function* ask<N extends ProtocolName>(peer: string, name: N, request: RequestOf<N>): Task<Given<N> | Unanswered | Fault> {
  const protocol = PROTOCOLS[name];
  const reply = yield {
    kind: 'ask',
    peer,
    protocol: name,
    request: encodeField(protocol.request as unknown as Field<RequestOf<N>>, request),
  };
  if (reply.kind === 'unanswered') return { unanswered: reply.code };
  if (reply.kind !== 'answer') return { unanswered: 'driver' };
  const answer = decodeField(protocol.answer as unknown as Field<AnswerOf<N>>, reply.bytes);
  if (isFault(answer)) return answer;
  return answer.kind === 'refused' ? { unanswered: answer.code } : (answer as Given<N>);
}

/** @fault whatever the verification of multiproofs refuses */
export function* askLeaves(job: RangesJob): Task<readonly VerifiedLeaf[] | Fault> {
  const reply = yield { kind: 'verify-ranges', job };
  return reply.kind === 'leaves' ? reply.leaves : fault('aborted');
}
