import { isFault } from '#protocol/fault';
import { checkTransaction } from '#protocol/ledger/check-transaction';
import { type ResolvedInput, referencesOf, spendsOf } from '#protocol/ledger/resolve';
import type { ScriptRun } from '#protocol/ledger/run-scripts';
import type { Outpoint } from '#protocol/tx/outpoint';
import type { PoolChain } from '../mempool/judge.ts';
import type { Chain } from './chain.ts';

const outpointOf = ({ coin }: ResolvedInput): Outpoint => coin.outpoint;

/** The chain as the pool asks it: every rule of the ledger at the place of the next block. */
export const makePoolChain = (chain: Chain): PoolChain => {
  const nextHeight = (): number => chain.tip().header.height + 1;
  return {
    nextHeight,
    medianTime: chain.medianTime,
    findCoin: chain.findCoin,
    overdue: () => chain.tip().header.economy.overdue,
    isConfirmed: chain.isConfirmed,
    judge: (transaction, findCoin, known) => {
      const place = { height: nextHeight(), medianTime: chain.medianTime() };
      const findRun = (): ScriptRun | undefined => known;
      const { findRecord, findSeat, findFrozen } = chain.ledgerOf();
      const checked = checkTransaction(transaction, {
        place,
        parameters: chain.parameters,
        findCoin,
        findRecord,
        findSeat,
        findFrozen,
        findRun,
      });
      if (isFault(checked)) return checked;
      const { fee, checks, run } = checked;
      return { fee, checks, run, spends: spendsOf(checked).map(outpointOf), references: referencesOf(checked).map(outpointOf) };
    },
  };
};
