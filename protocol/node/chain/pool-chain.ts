import { planSeizure } from '#protocol/debt/build-punishment';
import { isFault } from '#protocol/fault';
import { checkTransaction, type LedgerContext } from '#protocol/ledger/check-transaction';
import { type ResolvedInput, referencesOf, spendsOf } from '#protocol/ledger/resolve';
import type { Outpoint } from '#protocol/tx/outpoint';
import type { PoolChain } from '../mempool/judge.ts';
import type { Chain } from './chain.ts';

const outpointOf = ({ coin }: ResolvedInput): Outpoint => coin.outpoint;

/** The chain as the pool asks it: every rule of the ledger at the place of the next block. */
export const makePoolChain = (chain: Chain): PoolChain => {
  const nextHeight = (): number => chain.tip().header.height + 1;
  const contextOf = (findCoin: LedgerContext['findCoin']): LedgerContext => {
    const { findRecord, findSeat, findFrozen } = chain.ledgerOf();
    const place = { height: nextHeight(), medianTime: chain.medianTime() };
    return { place, parameters: chain.parameters, findCoin, findRecord, findSeat, findFrozen };
  };
  return {
    nextHeight,
    medianTime: chain.medianTime,
    findCoin: chain.findCoin,
    overdue: () => chain.tip().header.economy.overdue,
    isConfirmed: chain.isConfirmed,
    planSeizure: (declined, findCoin) => planSeizure(declined, contextOf(findCoin)),
    judge: (transaction, findCoin, known) => {
      const checked = checkTransaction(transaction, { ...contextOf(findCoin), findRun: () => known });
      if (isFault(checked)) return checked;
      const { fee, checks, run } = checked;
      return { fee, checks, run, spends: spendsOf(checked).map(outpointOf), references: referencesOf(checked).map(outpointOf) };
    },
  };
};
