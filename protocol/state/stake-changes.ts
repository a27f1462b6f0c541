import type { StakeRight } from '../block/header.ts';
import type { Coin } from '../ledger/coin.ts';
import type { Parameters } from '../params/parameters.ts';
import { matchStake } from '../script/forms/stake.ts';
import { restStake } from '../stake/check-stake-state.ts';
import { computeStakeKey, encodeStakeLeaf, type StakeLeaf } from '../stake/stake-leaf.ts';
import type { TrieChange } from '../trie/node.ts';
import { outpointKey } from '../tx/outpoint.ts';
import type { StakeChange } from './view.ts';

/** @unit time: unix seconds, of the block */
export interface StakePlace {
  readonly height: number;
  readonly time: number;
}

const register = (coin: Coin, { height, time }: StakePlace, parameters: Parameters): StakeLeaf | undefined => {
  const form = matchStake(coin, parameters);
  if (form === undefined) return undefined;
  const { stakeMaturity, creditPeriod } = parameters;
  return {
    outpoint: coin.outpoint,
    amount: coin.amount,
    key: form.key.slice(),
    share: form.share,
    ownerScript: form.ownerScript.slice(),
    eligibleFrom: height === 0 ? 0 : height + stakeMaturity,
    registeredTime: time,
    creditFrom: height === 0 ? 0 : height + creditPeriod,
  };
};

/**
 * What a block changes among the registered stakes; its maker's comes to rest unless the block itself withdraws it, and
 * grants again a period after what it granted.
 *
 * @shape made: the right that made the block and its leaf in the parent's state
 * @unit granted: base units of credit
 * @source SPEC CN5, CN11; spec 02, state tries
 */
export const computeStakeChanges = (
  coins: { readonly created: readonly Coin[]; readonly spent: readonly Coin[] },
  made: { readonly right: StakeRight; readonly leaf: StakeLeaf; readonly granted: bigint } | undefined,
  place: StakePlace,
  context: { readonly parameters: Parameters; readonly findStake: (outpoint: Coin['outpoint']) => StakeLeaf | undefined },
): StakeChange[] => {
  const changes = new Map<string, StakeChange>();
  if (made !== undefined) {
    const { outpoint } = made.right;
    const rested = restStake(made.leaf, place.height, context.parameters);
    const after = made.granted > 0n ? { ...rested, creditFrom: place.height + context.parameters.creditPeriod } : rested;
    changes.set(outpointKey(outpoint), { outpoint, before: made.leaf, after });
  }
  for (const coin of coins.spent) {
    const before = coin.layer === 1 && coin.element === 'value' ? context.findStake(coin.outpoint) : undefined;
    if (before !== undefined) changes.set(outpointKey(coin.outpoint), { outpoint: coin.outpoint, before, after: undefined });
  }
  for (const coin of coins.created) {
    const after = register(coin, place, context.parameters);
    if (after !== undefined) changes.set(outpointKey(coin.outpoint), { outpoint: coin.outpoint, before: undefined, after });
  }
  return [...changes.values()];
};

export const toStakeTrieChanges = (changes: readonly StakeChange[]): TrieChange[] =>
  changes.map(({ outpoint, after }) => ({
    key: computeStakeKey(outpoint),
    value: after === undefined ? undefined : encodeStakeLeaf(after),
  }));
