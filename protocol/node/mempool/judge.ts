import type { Seizure } from '#protocol/debt/build-punishment';
import type { Fault } from '#protocol/fault';
import type { Coin } from '#protocol/ledger/coin';
import type { ScriptRun } from '#protocol/ledger/run-scripts';
import type { Outpoint } from '#protocol/tx/outpoint';
import type { Transaction } from '#protocol/tx/transaction';

/** What the rules say of a transaction that would stand in the next block. */
export interface JudgedTransaction {
  readonly fee: bigint;
  readonly checks: number;
  /** what its scripts accepted; undefined of a punishment */
  readonly run: ScriptRun | undefined;
  readonly spends: readonly Outpoint[];
  readonly references: readonly Outpoint[];
}

/** What the pool asks of the chain. */
export interface PoolChain {
  readonly nextHeight: () => number;
  /** median time past of the tip: the base of a coin made in the next block */
  readonly medianTime: () => number;
  readonly findCoin: (outpoint: Outpoint) => Coin | undefined;
  /** debts past their term after the tip @unit base units */
  readonly overdue: () => bigint;
  readonly isConfirmed: (txid: Uint8Array) => boolean;
  /** what may be seized of a transaction that breaks the freeze rule and no other */
  readonly planSeizure: (declined: Transaction, findCoin: (outpoint: Outpoint) => Coin | undefined) => Seizure | undefined;
  /** `run`: known where its scripts were run before on the same coins, so that they are not run again */
  readonly judge: (
    transaction: Transaction,
    findCoin: (outpoint: Outpoint) => Coin | undefined,
    run?: ScriptRun,
  ) => JudgedTransaction | Fault;
}
