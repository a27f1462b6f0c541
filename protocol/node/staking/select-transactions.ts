import { isFault } from '#protocol/fault';
import { checkTransaction } from '#protocol/ledger/check-transaction';
import type { Coin } from '#protocol/ledger/coin';
import type { Parameters } from '#protocol/params/parameters';
import type { StakeLeaf } from '#protocol/stake/stake-leaf';
import { BlockLedger } from '#protocol/state/block-ledger';
import { checkCreditBound, grantedBy } from '#protocol/state/check-credit-bound';
import type { StateView } from '#protocol/state/view';
import { computeWeight } from '#protocol/tx/identity';
import type { Transaction } from '#protocol/tx/transaction';
import type { FindRun } from '../chain/block-rules.ts';
import { coinsOf } from '../chain/coins-of.ts';
import type { PoolEntry } from '../mempool/pool.ts';
import type { BlockPolicy } from '../policy/maker-policy.ts';

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
  readonly findRun: FindRun;
  /** the maker's, which bounds the credit that its block grants */
  readonly stake: StakeLeaf;
  readonly policy?: BlockPolicy | undefined;
}

/**
 * Takes transactions in the given order as far as they fit and hold on top of each other.
 *
 * @source SPEC ND15, MP1
 */
export const selectTransactions = (
  view: StateView,
  entries: readonly PoolEntry[],
  { parameters, medianTime, findRun, stake, policy }: SelectionContext,
): readonly Transaction[] => {
  const place = { height: view.tip.height + 1, medianTime };
  const ledger = new BlockLedger(view, medianTime);
  const { findCoin, findRecord, findSeat, findFrozen } = ledger;
  const selected: Transaction[] = [];
  const left = {
    weight: parameters.maxBlockWeight - RESERVED_WEIGHT,
    checks: parameters.maxBlockChecks,
    growth: parameters.maxStateGrowth,
  };
  let [misses, granted] = [0, 0n];
  for (const { transaction, checks } of entries) {
    if (misses > MAX_MISSES) break;
    const weight = computeWeight(transaction);
    const coins = coinsOf(transaction, place.height, medianTime);
    const growth = sizeOf(coins);
    if (weight > left.weight || checks > left.checks || growth > left.growth) {
      misses++;
      continue;
    }
    const checked = checkTransaction(transaction, { place, parameters, findCoin, findRecord, findSeat, findFrozen, findRun });
    const grants = granted + grantedBy(transaction);
    if (isFault(checked) || checkCreditBound(grants, stake, place.height) !== undefined) continue;
    if (policy?.refuse({ transaction, fee: checked.fee, findCoin }) !== undefined) continue;
    granted = grants;
    policy?.take(transaction);
    for (const { coin, use } of checked.inputs) if (use === 'spend') ledger.coins.spend(coin);
    for (const coin of coins) ledger.coins.create(coin);
    ledger.write(checked.record);
    left.weight -= weight;
    left.checks -= checks;
    left.growth -= growth;
    selected.push(transaction);
  }
  return selected;
};
