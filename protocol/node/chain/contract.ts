import type { BitcoinEntry, BitcoinView } from '../../bitcoin/header.ts';
import type { Header } from '../../block/header.ts';
import type { Hash32 } from '../../codec/hash32.ts';
import type { Fault } from '../../fault.ts';
import type { MailboxPost } from '../../mailbox/post.ts';
import type { Parameters } from '../../params/parameters.ts';
import type { KeyRange } from '../../trie/node.ts';
import type { Transaction } from '../../tx/transaction.ts';

export interface StoredHeader {
  readonly header: Header;
  readonly hash: Hash32;
  /** 512 bytes */
  readonly bytes: Uint8Array;
}

export type TrieName = 'coins' | 'records' | 'stakes';

export interface RangeProof {
  readonly otherRoots: readonly [Hash32, Hash32];
  readonly upTo: Uint8Array;
  readonly proof: Uint8Array;
  readonly nodesRead: number;
}

/**
 * What became of a header: judged alone by the rules of headers, before any body is stored.
 *
 * - `unknown-bitcoin`, `early`: kept aside (bounded) and judged again when Bitcoin's header or its time comes
 * - `equivocation`: valid, but the third or later of one kernel: neither announced nor fetched until a child of it appears
 * - `far-ahead`: too many headers wait for their bodies; nothing was kept, ask again when bodies have come
 */
export type HeaderVerdict = 'accepted' | 'known' | 'unknown-parent' | 'unknown-bitcoin' | 'early' | 'equivocation' | 'far-ahead';

export type BodyVerdict = 'connected' | 'stored' | 'known' | 'unknown-header';

export interface TipChange {
  readonly tip: StoredHeader;
  /** oldest first */
  readonly connected: readonly StoredHeader[];
  readonly disconnected: readonly StoredHeader[];
}

/** The node's chain: one owner of store, state and fork choice; everything around it asks and hands in. */
export interface NodeChain {
  readonly parameters: Parameters;
  readonly network: string;
  readonly genesis: Hash32;
  readonly configHash: Hash32;
  readonly tip: () => StoredHeader;
  readonly coinCount: () => bigint;
  readonly headerByHash: (hash: Uint8Array) => StoredHeader | undefined;
  /** on the best chain */
  readonly headerAt: (height: number) => StoredHeader | undefined;
  readonly isBest: (hash: Uint8Array) => boolean;
  /** one proof for all the stakes of these headers at that epoch height, on their branch */
  readonly stakeProofFor: (headers: readonly StoredHeader[], epochHeight: number) => Promise<Uint8Array | undefined>;
  readonly filterOf: (hash: Uint8Array) => Promise<Uint8Array | undefined>;
  readonly bodyOf: (hash: Uint8Array) => Promise<Uint8Array | undefined>;
  readonly findTransaction: (
    txid: Uint8Array,
  ) => Promise<
    { transaction: Uint8Array; block: Hash32; height: number; index: number; size: number; branch: readonly Hash32[] } | undefined
  >;
  readonly proveState: (block: Uint8Array, trie: TrieName, ranges: readonly KeyRange[]) => Promise<RangeProof | Fault>;
  readonly proveHistory: (tip: Uint8Array, heights: readonly number[]) => Promise<readonly (readonly Hash32[])[] | Fault>;
  readonly proveConsistency: (tip: Uint8Array, oldSize: number) => Promise<readonly Hash32[] | Fault>;
  /** oldest height whose state can be proved; oldest epoch whose stakes can */
  readonly proofsFrom: () => number;
  readonly epochsFrom: () => number;
  readonly acceptHeader: (bytes: Uint8Array, stakeProof: Uint8Array) => Promise<HeaderVerdict | Fault>;
  /**
   * Headers in ascending height with their stake proofs as headers/1 sends them: one for each epoch that occurs, ascending,
   * whose ranges are the sorted keys of all stakes in `headers` that are proved there. Stops at the first header that is
   * neither accepted nor known: `taken` were, `verdict` is the last one's.
   */
  readonly acceptHeaders: (
    headers: readonly Uint8Array[],
    stakeProofs: readonly Uint8Array[],
  ) => Promise<{ readonly taken: number; readonly verdict: HeaderVerdict } | Fault>;
  /** headers of heavier branches whose bodies are missing, oldest first */
  readonly wantedBodies: (limit: number) => readonly StoredHeader[];
  readonly acceptBody: (hash: Uint8Array, bytes: Uint8Array) => Promise<BodyVerdict | Fault>;
  readonly onTip: (listener: (change: TipChange) => void) => () => void;
  /** a branch that would reorganise deeper than maxReorg was seen: the node stops making blocks and says so */
  readonly deepRival: () => StoredHeader | undefined;
  readonly close: () => Promise<void>;
}

export interface NodeMempool {
  readonly submit: (bytes: Uint8Array) => Promise<{ readonly txid: Hash32 } | Fault>;
  readonly has: (txid: Uint8Array) => boolean;
  readonly get: (txid: Uint8Array) => { readonly transaction: Transaction; readonly bytes: Uint8Array } | undefined;
  readonly onAccepted: (listener: (txid: Hash32, bytes: Uint8Array) => void) => () => void;
}

/** A post with the number under which this node gives it. @shape sequence: below 2^53, rising */
export interface StoredPost {
  readonly sequence: number;
  readonly post: MailboxPost;
}

/** What the node keeps for people who prepare something together. */
export interface NodeMailbox {
  readonly post: (post: MailboxPost) => Promise<'stored' | 'known' | Fault>;
  readonly list: (topic: Uint8Array, after: number, count: number) => readonly StoredPost[];
  readonly onStored: (listener: (post: MailboxPost) => void) => () => void;
}

/** Bitcoin's headers as the node follows them: the view consensus asks, and what other peers are served. */
export interface NodeBitcoin extends BitcoinView {
  readonly tip: () => BitcoinEntry;
  readonly headersAfter: (
    locator: readonly Uint8Array[],
    count: number,
  ) => { readonly height: number; readonly headers: readonly Uint8Array[] };
  readonly headersAround: (
    hash: Uint8Array,
    before: number,
    after: number,
  ) => { readonly height: number; readonly headers: readonly Uint8Array[] } | undefined;
  /** adds 80-byte headers from any source; every one is checked */
  readonly accept: (headers: readonly Uint8Array[]) => Promise<{ readonly added: number } | Fault>;
  readonly onTip: (listener: (tip: BitcoinEntry) => void) => () => void;
}

/** Node's own time, injectable so that tests and prefilled chains run on another clock. */
export interface Clock {
  /** unix seconds, fractional */
  readonly now: () => number;
}
