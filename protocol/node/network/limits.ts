/** @source SPEC NW1, NW2, NW3, NW4; spec 08 */
export const MAX_INBOUND_PEERS = 64;
export const MAX_OUTBOUND_PEERS = 8;
export const MAX_STREAMS_IN = 16;
export const MAX_STREAMS_OUT = 32;
/** sockets that may exist before and beside the peers, handshakes included */
export const MAX_SOCKETS = 160;

/** @unit milliseconds */
export const REQUEST_DEADLINE = 10_000;
export const IDLE_DEADLINE = 30_000;
/** what a request may wait for its turn; the rest of the deadline is for the answer */
export const BUDGET_PATIENCE = 7_000;
/** a refusal comes no sooner, and nothing is read meanwhile: a flood costs two answers a second for each protocol */
export const REFUSAL_PAUSE = 1_000;

/** bytes queued for one peer beyond which nothing more is computed for it */
export const MAX_QUEUED_BYTES = 1024 * 1024;

/** entries of any ban table */
export const MAX_BANS = 4_096;

/** addresses known, and known of one group */
export const MAX_ADDRESSES = 1_024;
export const MAX_GROUP_ADDRESSES = 64;
