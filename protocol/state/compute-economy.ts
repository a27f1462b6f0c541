import type { Economy } from '../block/header.ts';
import { computeDue, isDue } from '../debt/due.ts';
import type { Coin } from '../ledger/coin.ts';
import type { Parameters } from '../params/parameters.ts';
import { DEBT_LAYER } from '../tx/layer.ts';
import type { DueChange, StateView } from './view.ts';

/** @unit medianTime: unix seconds, median time past of the block itself; before: of its parent */
export interface EconomyPlace {
  readonly height: number;
  readonly medianTime: number;
  readonly before: number;
}

interface Totals {
  value: bigint;
  locked: bigint;
  credit: bigint;
  debt: bigint;
}

const add = (totals: Totals, coins: readonly Coin[], sign: bigint): void => {
  for (const { element, amount, layer } of coins) {
    if (element === 'debt') totals.debt += sign * amount;
    else if (element === 'value') {
      totals.value += sign * amount;
      if (layer === DEBT_LAYER) totals.locked += sign * amount;
    } else if (layer === 0) totals.credit += sign * amount;
  }
};

const sumDue = (coins: readonly Coin[], { height, medianTime }: EconomyPlace, parameters: Parameters): bigint =>
  coins
    .filter((coin) => coin.element === 'debt' && isDue(computeDue(coin, parameters), height, medianTime))
    .reduce((sum, { amount }) => sum + amount, 0n);

/** What a block adds to and takes from the index of due dates. */
export const computeDueChanges = (created: readonly Coin[], spent: readonly Coin[], parameters: Parameters): DueChange[] => {
  const debts = (coins: readonly Coin[], sign: bigint): DueChange[] =>
    coins.flatMap((coin) => {
      const due = coin.element === 'debt' ? computeDue(coin, parameters) : undefined;
      return due === undefined ? [] : [{ ...due, delta: sign * coin.amount }];
    });
  return [...debts(created, 1n), ...debts(spent, -1n)];
};

/**
 * Computes the economy after a block: O(coins it touches), however much falls due.
 *
 * @source SPEC CN6; spec 02, economy
 */
export const computeEconomy = (
  view: Pick<StateView, 'tip' | 'dueAtHeight' | 'dueBetween'>,
  coins: { readonly created: readonly Coin[]; readonly spent: readonly Coin[]; readonly fees: bigint },
  place: EconomyPlace,
  parameters: Parameters,
): Economy => {
  const { economy } = view.tip;
  const totals = { value: economy.value, locked: economy.locked, credit: economy.credit, debt: economy.debt };
  add(totals, coins.created, 1n);
  add(totals, coins.spent, -1n);
  const falling = view.dueAtHeight(place.height) + view.dueBetween(place.before, place.medianTime);
  const overdue = economy.overdue + falling + sumDue(coins.created, place, parameters) - sumDue(coins.spent, place, parameters);
  return { ...totals, overdue, fees: coins.fees };
};
