import {
  ascii,
  bytes,
  type Field,
  type FieldValue,
  hash,
  list,
  oneOf,
  optional,
  struct,
  u16,
  u32,
  u64,
  varBytes,
  variant,
} from '../codec/schema.ts';
import { mailboxPost } from '../mailbox/post.ts';
import {
  MAX_ADDRESS_CHARACTERS,
  MAX_BITCOIN_HEADERS,
  MAX_BLOCKS,
  MAX_BODY_BYTES,
  MAX_FILTER_BYTES,
  MAX_FILTERS,
  MAX_HEADERS,
  MAX_HISTORY_PROOF,
  MAX_HISTORY_QUESTIONS,
  MAX_LOCATOR,
  MAX_MAILBOX_POSTS,
  MAX_PEER_ADDRESSES,
  MAX_RANGES,
  MAX_STAKE_PROOF_BYTES,
  MAX_TRANSACTION_BYTES,
} from './limits.ts';

const header = bytes(512);
const stakeProof = varBytes(MAX_STAKE_PROOF_BYTES);
const filter = varBytes(MAX_FILTER_BYTES);
const branch = list(MAX_HISTORY_PROOF, hash);
const roots = struct({ coins: hash, records: hash, stakes: hash });
const empty = struct({});

/** A peer that cannot answer says why with a code; codes are mapped to our own sentences, never shown. @source SPEC WI4 */
const refusal = struct({ code: ascii(48) });

/** status/1: both sides send theirs; the asker's may be empty-handed (height 0). */
export const statusRequest = empty;
export const statusAnswer = variant({
  status: struct({
    network: ascii(32),
    genesis: hash,
    config: hash,
    tip: header,
    services: u32,
    coins: u64,
    proofsFrom: u32,
    epochsFrom: u32,
  }),
  refused: refusal,
});

/** headers/1: by locator (highest first; the answer begins after the first one known on the best chain) or by heights. */
export const headersRequest = variant({
  locator: struct({ hashes: list(MAX_LOCATOR, hash), count: u16, filters: oneOf(['without', 'with']) }),
  range: struct({ from: u32, count: u16, filters: oneOf(['without', 'with']) }),
  byHash: struct({ hashes: list(MAX_LOCATOR, hash), filters: oneOf(['without', 'with']) }),
});

/**
 * Headers in ascending height. `stakeProofs` has one proof per epoch that occurs, ascending by epoch height; each covers
 * all headers of the answer whose stake is proved at that epoch. `filters` is empty, or as long as `headers`.
 */
export const headersAnswer = variant({
  headers: struct({
    headers: list(MAX_HEADERS, header),
    stakeProofs: list(MAX_HEADERS, stakeProof),
    filters: list(MAX_HEADERS, filter),
  }),
  refused: refusal,
});

export const bitcoinHeadersRequest = variant({
  locator: struct({ hashes: list(MAX_LOCATOR, hash), count: u16 }),
  /** `before` headers below the header named, itself, and `after` headers above it on the best chain: a linked run */
  around: struct({ hash, before: u16, after: u16 }),
});
export const bitcoinHeadersAnswer = variant({
  headers: struct({ height: u32, headers: list(MAX_BITCOIN_HEADERS, bytes(80)) }),
  refused: refusal,
});

export const blocksRequest = struct({ hashes: list(MAX_BLOCKS, hash) });
export const blocksAnswer = variant({
  /** in the order asked for; the answer ends before the first body that is not had or does not fit */
  bodies: struct({ bodies: list(MAX_BLOCKS, varBytes(MAX_BODY_BYTES)) }),
  refused: refusal,
});

const range = struct({ lo: bytes(32), hi: bytes(32) });

export const proofRequest = struct({
  block: hash,
  trie: oneOf(['coins', 'records', 'stakes']),
  ranges: list(MAX_RANGES, range),
});
export const proofAnswer = variant({
  proof: struct({
    block: hash,
    trie: oneOf(['coins', 'records', 'stakes']),
    /** the other two roots in the order coins, records, stakes */
    otherRoots: list(2, hash),
    upTo: bytes(32),
    proof: varBytes(MAX_BODY_BYTES),
  }),
  refused: refusal,
});

export const txRequest = variant({
  /** a transaction in a block of the best chain, with its branch to txRoot */
  find: struct({ txid: hash }),
  submit: struct({ transaction: varBytes(MAX_TRANSACTION_BYTES) }),
});
export const txAnswer = variant({
  found: struct({ transaction: varBytes(MAX_TRANSACTION_BYTES), block: hash, height: u32, index: u32, size: u32, branch }),
  pooled: struct({ transaction: varBytes(MAX_TRANSACTION_BYTES) }),
  accepted: struct({ txid: hash }),
  refused: refusal,
});

export const filtersRequest = struct({ from: u32, count: u16 });
export const filtersAnswer = variant({
  /** `tip`: the header in whose history the leaves are proved; heads: header hash of each height */
  filters: struct({
    tip: hash,
    heads: list(MAX_FILTERS, hash),
    filters: list(MAX_FILTERS, filter),
    first: branch,
    last: branch,
  }),
  refused: refusal,
});

/** history/1: everything is proved in the historyRoot of `tip`. */
export const historyRequest = variant({
  inclusion: struct({ tip: hash, heights: list(MAX_HISTORY_QUESTIONS, u32) }),
  consistency: struct({ tip: hash, oldSize: u32 }),
});
export const historyAnswer = variant({
  inclusion: struct({ headers: list(MAX_HISTORY_QUESTIONS, header), branches: list(MAX_HISTORY_QUESTIONS, branch) }),
  consistency: struct({ branch: list(2 * MAX_HISTORY_PROOF, hash) }),
  refused: refusal,
});

/** peers/1: addresses of other nodes that the asked one has reached itself, as multiaddresses with peer id. */
export const peersRequest = empty;
export const peersAnswer = variant({
  peers: struct({ addresses: list(MAX_PEER_ADDRESSES, ascii(MAX_ADDRESS_CHARACTERS)) }),
  refused: refusal,
});

/** @shape u64 below 2^53 */
const sequence: Field<number> = {
  read: (reader) => {
    const value = reader.u64();
    return value > BigInt(Number.MAX_SAFE_INTEGER) ? reader.refuse('size', { sequence: value }) : Number(value);
  },
  write: (writer, value) => writer.u64(BigInt(value)),
  least: 8,
};

export const storedPost = struct({ sequence, post: mailboxPost });

/** mailbox/1: leaves a post, or asks for those that came to a topic after the number of one that this node gave. */
export const mailboxRequest = variant({
  post: struct({ post: mailboxPost }),
  list: struct({ topic: bytes(32), after: sequence, count: u16 }),
});
export const mailboxAnswer = variant({
  posted: empty,
  /** in the order in which they came; the answer ends before the first that does not fit */
  posts: struct({ posts: list(MAX_MAILBOX_POSTS, storedPost) }),
  refused: refusal,
});

/** gossip `mailbox`: a post, among the nodes of one operator. */
export const postAnnouncement = struct({ post: mailboxPost });

/** gossip `header`: a new tip with its own stake proof and filter; gossip `tx`: the transaction's bytes. */
export const headerAnnouncement = struct({ header, stakeProof, filter: optional(filter) });
export const txAnnouncement = struct({ transaction: varBytes(MAX_TRANSACTION_BYTES) });

export type StatusAnswer = FieldValue<typeof statusAnswer>;
export type HeadersRequest = FieldValue<typeof headersRequest>;
export type HeadersAnswer = FieldValue<typeof headersAnswer>;
export type BitcoinHeadersRequest = FieldValue<typeof bitcoinHeadersRequest>;
export type BitcoinHeadersAnswer = FieldValue<typeof bitcoinHeadersAnswer>;
export type BlocksRequest = FieldValue<typeof blocksRequest>;
export type BlocksAnswer = FieldValue<typeof blocksAnswer>;
export type ProofRequest = FieldValue<typeof proofRequest>;
export type ProofAnswer = FieldValue<typeof proofAnswer>;
export type TxRequest = FieldValue<typeof txRequest>;
export type TxAnswer = FieldValue<typeof txAnswer>;
export type FiltersRequest = FieldValue<typeof filtersRequest>;
export type FiltersAnswer = FieldValue<typeof filtersAnswer>;
export type HistoryRequest = FieldValue<typeof historyRequest>;
export type HistoryAnswer = FieldValue<typeof historyAnswer>;
export type MailboxRequest = FieldValue<typeof mailboxRequest>;
export type MailboxAnswer = FieldValue<typeof mailboxAnswer>;
export type PeersAnswer = FieldValue<typeof peersAnswer>;
export type HeaderAnnouncement = FieldValue<typeof headerAnnouncement>;
export type WireRoots = FieldValue<typeof roots>;
