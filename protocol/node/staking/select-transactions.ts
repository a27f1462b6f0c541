import { isFault } from '#protocol/fault';
import { checkTransaction } from '#protocol/ledger/check-transaction';
import type { Coin } from '#protocol/ledger/coin';
import type { Parameters } from '#protocol/params/parameters';
import { CoinOverlay } from '#protocol/state/coin-overlay';
import type { StateView } from '#protocol/state/view';
import { computeWeight } from '#protocol/tx/identity';
import type { Transaction } from '#protocol/tx/transaction';
import type { FindChecks } from '../chain/block-rules.ts';
import { coinsOf } from '../chain/coins-of.ts';
import type { PoolEntry } from '../mempool/pool.ts';

/** Room for header, coinbase and counts. @unit weight units */
const RESERVED_WEIGHT = 12_000;

/** Most a coin adds to the state besides its script: key, and the value's other fields. @unit bytes */
const COIN_OVERHEAD = 96;

/** Transactions that did not fit before the search for smaller ones is given up. */
const MAX_MISSES = 200;

const sizeOf = (coins: readonly Coin[]): number => coins.reduce((sum, { script }) => sum + COIN_OVERHEAD + script.length, 0);

export interface SelectionContext {
  readonly parameters: Parameters;
  /** of the tip @unit unix seconds */
  readonly medianTime: number;
  readonly findChecks: FindChecks;
}

/**
 * Takes transactions in the given order as far as they fit and hold on top of each other.
 *
 * @source SPEC ND15
 */
export const selectTransactions = (
  view: Pick<StateView, 'tip' | 'findCoin'>,
  entries: readonly PoolEntry[],
  { parameters, medianTime, findChecks }: SelectionContext,
): readonly Transaction[] => {
  const place = { height: view.tip.height + 1, medianTime };
  const overlay = new CoinOverlay(view.findCoin);
  const selected: Transaction[] = [];
  const left = {
    weight: parameters.maxBlockWeight - RESERVED_WEIGHT,
    checks: parameters.maxBlockChecks,
    growth: parameters.maxStateGrowth,
  };
  let misses = 0;
  for (const { transaction, checks } of entries) {
    if (misses > MAX_MISSES) break;
    const weight = computeWeight(transaction);
    const coins = coinsOf(transaction, place.height, medianTime);
    const growth = sizeOf(coins);
    if (weight > left.weight || checks > left.checks || growth > left.growth) {
      misses++;
      continue;
    }
    const checked = checkTransaction(transaction, { place, parameters, findCoin: overlay.find, findChecks });
    if (isFault(checked)) continue;
    for (const { coin, use } of checked.inputs) if (use === 'spend') overlay.spend(coin);
    for (const coin of coins) overlay.create(coin);
    left.weight -= weight;
    left.checks -= checks;
    left.growth -= growth;
    selected.push(transaction);
  }
  return selected;
};
