import { type Fault, isFault } from '#protocol/fault';
import type { LedgerPlace } from '#protocol/ledger/check-locks';
import { type CheckedTransaction, checkTransaction } from '#protocol/ledger/check-transaction';
import type { Coin } from '#protocol/ledger/coin';
import type { Parameters } from '#protocol/params/parameters';
import { isFreeOutput } from '#protocol/script/forms/free-output';
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
import { collectInterest } from './collect-interest.ts';

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

type Verdict = 'taken' | 'full' | 'refused';

/** A block under way: what was taken so far, what room is left, and the state on top of it. */
class Selection {
  readonly selected: Transaction[] = [];
  private readonly context: SelectionContext;
  private readonly ledger: BlockLedger;
  private readonly place: LedgerPlace;
  private readonly left: { weight: number; checks: number; growth: number };
  private readonly made: Coin[] = [];
  private granted = 0n;

  constructor(view: StateView, context: SelectionContext) {
    const { parameters, medianTime } = context;
    this.context = context;
    this.ledger = new BlockLedger(view, medianTime);
    this.place = { height: view.tip.height + 1, medianTime };
    const { maxBlockWeight, maxBlockChecks, maxStateGrowth } = parameters;
    this.left = { weight: maxBlockWeight - RESERVED_WEIGHT, checks: maxBlockChecks, growth: maxStateGrowth };
  }

  private judge(transaction: Transaction): CheckedTransaction | Fault {
    const { parameters, findRun } = this.context;
    const { findCoin, findRecord, findSeat, findFrozen } = this.ledger;
    return checkTransaction(transaction, { place: this.place, parameters, findCoin, findRecord, findSeat, findFrozen, findRun });
  }

  /** Whether it takes interest that this block leaves its maker. */
  private takesInterest({ inputs }: CheckedTransaction): boolean {
    return inputs.some(({ coin, use }) => use === 'spend' && coin.height === this.place.height && isFreeOutput(coin));
  }

  private mayTake(checked: CheckedTransaction): boolean {
    const { stake, policy } = this.context;
    const { transaction, fee } = checked;
    if (checkCreditBound(this.granted + grantedBy(transaction), stake, this.place.height) !== undefined) return false;
    if (this.takesInterest(checked)) return false;
    return policy?.refuse({ transaction, fee, findCoin: this.ledger.findCoin }) === undefined;
  }

  tryTake(transaction: Transaction, checks: number): Verdict {
    const coins = coinsOf(transaction, this.place.height, this.place.medianTime);
    const cost = { weight: computeWeight(transaction), checks, growth: sizeOf(coins) };
    const { left } = this;
    if (cost.weight > left.weight || cost.checks > left.checks || cost.growth > left.growth) return 'full';
    const checked = this.judge(transaction);
    if (isFault(checked) || !this.mayTake(checked)) return 'refused';
    this.take(checked, coins);
    left.weight -= cost.weight;
    left.checks -= cost.checks;
    left.growth -= cost.growth;
    return 'taken';
  }

  private take(checked: CheckedTransaction, coins: readonly Coin[]): void {
    const { transaction } = checked;
    this.granted += grantedBy(transaction);
    this.context.policy?.take(transaction);
    for (const { coin, use } of checked.inputs) if (use === 'spend') this.ledger.coins.spend(coin);
    for (const coin of coins) this.ledger.coins.create(coin);
    this.made.push(...coins);
    this.ledger.write(checked.record);
    this.selected.push(transaction);
  }

  /** @source SPEC ND49 */
  collect(): void {
    const { stake, parameters } = this.context;
    const unspent = this.made.filter(({ outpoint }) => this.ledger.findCoin(outpoint) !== undefined);
    const collecting = collectInterest(unspent, stake, parameters);
    if (collecting === undefined || computeWeight(collecting) > this.left.weight || isFault(this.judge(collecting))) return;
    this.selected.push(collecting);
  }
}

/**
 * Takes transactions in the given order as far as they fit and hold on top of each other, and the interest they leave.
 *
 * @source SPEC ND15, ND49, MP1
 */
export const selectTransactions = (view: StateView, entries: readonly PoolEntry[], context: SelectionContext): readonly Transaction[] => {
  const selection = new Selection(view, context);
  let misses = 0;
  for (const { transaction, checks } of entries) {
    if (misses > MAX_MISSES) break;
    if (selection.tryTake(transaction, checks) === 'full') misses++;
  }
  selection.collect();
  return selection.selected;
};
