/** What one message may hold; deadlines and rates are the node's (protocol/node/network). @source SPEC WI3 */
export const MAX_REQUEST_BYTES = 16 * 1024;
export const MAX_ANSWER_BYTES = 1024 * 1024;
/** one block body, or the headers of one answer with their stake proofs and filters, may exceed an answer's bound */
export const MAX_BODY_BYTES = 4 * 1024 * 1024;
export const MAX_HEADERS = 512;
export const MAX_BITCOIN_HEADERS = 2_000;
export const MAX_BLOCKS = 16;
export const MAX_RANGES = 256;
export const MAX_FILTERS = 1_000;
export const MAX_LOCATOR = 64;
export const MAX_STAKE_PROOF_BYTES = 256 * 1024;
export const MAX_FILTER_BYTES = 512 * 1024;
export const MAX_TRANSACTION_BYTES = 400_000;
export const MAX_HISTORY_PROOF = 40;
export const MAX_HISTORY_QUESTIONS = 128;
export const MAX_PEER_ADDRESSES = 32;
export const MAX_ADDRESS_CHARACTERS = 160;
export const MAX_MAILBOX_POSTS = 256;
/** a post with the largest content, its keys and signatures */
export const MAX_POST_BYTES = 66 * 1024;
/** a transaction, a post, or a header with its stake proof and filter */
export const MAX_GOSSIP_BYTES = 1024 * 1024;
