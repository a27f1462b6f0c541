import type { Draft } from '../draft/draft.ts';
import { type Funding, type FundingFault, fundDraft } from '../draft/fund-draft.ts';
import { type Fault, fault, isFault } from '../fault.ts';
import type { Coin } from '../ledger/coin.ts';
import { FREE_SCRIPT } from '../script/forms/free-output.ts';
import type { TransactionOutput } from '../tx/transaction.ts';
import { CREDIT_AUTHORISATION } from '../tx/transaction-type.ts';
import { isLiveSource } from './check-sources.ts';
import type { GroupMembers } from './group.ts';

/**
 * Credit to be authorised.
 *
 * @unit amount: base units of credit; free: base units of value for the block's maker
 * @shape sources: management credit; script: of whoever receives the credit
 */
export interface CreditGrant {
  readonly sources: readonly Coin[];
  readonly members: GroupMembers;
  readonly amount: bigint;
  readonly free: bigint;
  readonly script: Uint8Array;
}

type GrantFault = Fault<'sources-insufficient' | 'grant-empty' | 'group-small'>;

const sumOf = (coins: readonly Coin[]): bigint => coins.reduce((sum, { amount }) => sum + amount, 0n);

const compareAmounts = (a: Coin, b: Coin): number => (a.amount === b.amount ? 0 : a.amount < b.amount ? -1 : 1);

/**
 * Live sources that bear an amount, the smallest that serve: a whole amount is a sum of powers of two.
 *
 * @fault `sources-insufficient`: all live sources together bear less
 * @source SPEC BD4; spec 04, the source of credit
 */
export const selectSources = (sources: readonly Coin[], members: GroupMembers, amount: bigint): readonly Coin[] | GrantFault => {
  const live = sources.filter(({ script }) => isLiveSource(script, members)).toSorted(compareAmounts);
  let rest = amount;
  const chosen = new Set<Coin>();
  for (const source of live.toReversed()) {
    if (source.amount > rest) continue;
    chosen.add(source);
    rest -= source.amount;
  }
  if (rest > 0n) {
    const cover = live.find((source) => !chosen.has(source));
    if (cover === undefined) return fault('sources-insufficient', { amount, available: sumOf(live) });
    chosen.add(cover);
    rest -= cover.amount;
    for (const source of live) {
      if (source === cover || !chosen.has(source) || rest + source.amount > 0n) continue;
      chosen.delete(source);
      rest += source.amount;
    }
  }
  return live.filter((source) => chosen.has(source));
};

/**
 * Plans a credit authorisation: sources are referred to, somebody's value pays fee and interest.
 *
 * @fault `grant-empty`; `group-small`: fewer members than the network asks for; `sources-insufficient`; those of `fundDraft`
 * @source SPEC BD4; spec 04, credit 1
 */
export const planAuthorisation = (grant: CreditGrant, funding: Funding): Draft | GrantFault | FundingFault => {
  const { sources, members, amount, free, script } = grant;
  const { groupMin, minOutput } = funding.parameters;
  if (amount < 1n || (free > 0n && free < minOutput)) return fault('grant-empty', { amount, free });
  if (members.length < groupMin) return fault('group-small', { members: members.length, wanted: groupMin });
  const chosen = selectSources(sources, members, amount);
  if (isFault(chosen)) return chosen;
  const outputs: TransactionOutput[] = [
    { element: 'credit', amount, script },
    ...(free > 0n ? [{ element: 'value', amount: free, script: FREE_SCRIPT } as const] : []),
  ];
  return fundDraft({ type: CREDIT_AUTHORISATION, coins: chosen, outputs }, funding);
};
