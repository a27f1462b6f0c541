export type { BlockEffect, OwnTransaction } from './coins/block-effect.ts';
export {
  addEffect,
  addProof,
  type CoinLedger,
  computeOwnerCoins,
  EMPTY_LEDGER,
  type HeldCoin,
  type OwnerCoins,
  rollBack,
} from './coins/coin-ledger.ts';
export { makeWatchSet, type WatchedOwner, type WatchSet } from './coins/watch-set.ts';
export { emptyChain, findHeader, headerAt, isBest, type LightChain } from './headers/light-chain.ts';
export type { Trust } from './headers/trust.ts';
export { judgePeer } from './policy/judge-peer.ts';
export { planProof } from './policy/plan-proof.ts';
export { executeJob } from './proof/execute-job.ts';
export { type IncludedTx, proveTransaction } from './proof/included-tx.ts';
export type { ProvenCoins } from './proof/proven-coins.ts';
export type { ProvenRecords, RecordQuestion } from './proof/proven-record.ts';
export { encodeSnapshot, restoreSnapshot } from './snapshot.ts';
export { coldStart } from './sync/cold-start.ts';
export { followPeer } from './sync/follow-peer.ts';
export { fetchGenesis, greet } from './sync/greet.ts';
export { jumpAhead } from './sync/jump-ahead.ts';
export { proveCoins } from './sync/prove-coins.ts';
export { type ProvenPayee, provePayee } from './sync/prove-payee.ts';
export { proveRecords } from './sync/prove-records.ts';
export { readBlock } from './sync/read-block.ts';
export { takeAnnouncement } from './sync/take-announcement.ts';
export { isUnanswered, type Job, type Question, type Reply, type Task, type Unanswered } from './task.ts';
