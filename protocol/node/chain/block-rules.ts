import type { Block, BlockBody } from '#protocol/block/block';
import { decodeBody } from '#protocol/block/body-codec';
import type { Hash32 } from '#protocol/codec/hash32';
import type { Fault } from '#protocol/fault';
import type { ScriptRun } from '#protocol/ledger/run-scripts';
import type { Parameters } from '#protocol/params/parameters';
import type { ChainedHeader } from '#protocol/stake/header-view';
import { checkBody, connectBlock } from '#protocol/state/connect-block';
import type { ChangeSet, StateView } from '#protocol/state/view';
import { computeTxid } from '#protocol/tx/identity';
import type { Transaction } from '#protocol/tx/transaction';

export type FindRun = (transaction: Transaction) => ScriptRun | undefined;

/** The rules of blocks as the node applies them: one object, so that what judges is named in one place. */
export interface BlockRules {
  readonly decodeBody: (bytes: Uint8Array) => BlockBody | Fault;
  /** whether the body is the one the header commits to */
  readonly checkBody: (block: Block) => Fault | undefined;
  readonly connect: (view: StateView, chained: ChainedHeader, block: Block, findRun: FindRun | undefined) => ChangeSet | Fault;
}

export const txidsOf = (transactions: readonly Transaction[]): readonly Hash32[] => transactions.map((tx) => computeTxid(tx));

export const makeBlockRules = (parameters: Parameters): BlockRules => ({
  decodeBody,
  checkBody: (block) => checkBody(block, parameters),
  connect: (view, chained, block, findRun) => connectBlock(view, chained, block, { parameters, ...(findRun && { findRun }) }),
});
