import type { BlockBody } from '../block/block.ts';
import { buildCoinbase } from '../block/coinbase.ts';
import type { Economy, StakeRight } from '../block/header.ts';
import { computeMedianTime, MEDIAN_SPAN } from '../block/median-time.ts';
import { equalBytes } from '../codec/bytes.ts';
import { computeLiabilityChanges, type LiabilityChange } from '../debt/liabilities.ts';
import { type Fault, fault, isFault } from '../fault.ts';
import { type CheckedTransaction, checkTransaction, type LedgerContext } from '../ledger/check-transaction.ts';
import type { Coin } from '../ledger/coin.ts';
import type { RecordChange } from '../records/check-record.ts';
import { isDataOutput } from '../script/forms/data-output.ts';
import type { PlacedOutput } from '../script/forms/stake.ts';
import { computeStakeKey, decodeStakeLeaf, type StakeLeaf } from '../stake/stake-leaf.ts';
import { findLeaf } from '../trie/find.ts';
import { computeTxid } from '../tx/identity.ts';
import type { Transaction } from '../tx/transaction.ts';
import { encodeTransaction } from '../tx/transaction-codec.ts';
import { BlockLedger, recordsOf } from './block-ledger.ts';
import { checkCreditBound, grantedBy } from './check-credit-bound.ts';
import { computeDueChanges, computeEconomy } from './compute-economy.ts';
import { computeStakeChanges } from './stake-changes.ts';
import type { DueChange, StakeChange, StateView } from './view.ts';

/** A block under way: when, by whom, and what it holds after its coinbase. */
export interface BlockPlan {
  readonly time: number;
  readonly right: StakeRight;
  /** the maker's stake in the parent's state */
  readonly leaf: StakeLeaf;
  readonly transactions: readonly Transaction[];
}

export type EffectContext = Pick<LedgerContext, 'parameters' | 'findRun'>;

/** What the transactions of a block do, before anything is hashed. */
export interface BlockEffect {
  readonly transactions: readonly Transaction[];
  readonly checked: readonly CheckedTransaction[];
  readonly created: readonly Coin[];
  readonly spent: readonly Coin[];
  readonly touched: readonly PlacedOutput[];
  readonly stakes: readonly StakeChange[];
  readonly due: readonly DueChange[];
  readonly liabilities: readonly LiabilityChange[];
  readonly records: readonly RecordChange[];
  readonly economy: Economy;
}

/** @unit unix seconds: median time past of the block at `height`, itself included when its time is given */
export const computeMedianPast = (view: Pick<StateView, 'tip' | 'headerAt'>, ...own: readonly number[]): number => {
  const times = own.slice();
  for (let height = view.tip.height; height >= 0 && times.length < MEDIAN_SPAN; height--) times.push(view.headerAt(height).time);
  return computeMedianTime(times);
};

/** The parent's maker as the stakes trie before the parent has him: the parent may have withdrawn the stake itself. */
const findParentMaker = (view: StateView): StakeLeaf | undefined => {
  const { right, height } = view.tip;
  if (right.kind !== 'stake') return undefined;
  const value = findLeaf(view.stakeNodes, view.rootsAt(height - 1).stakes, computeStakeKey(right.outpoint));
  const leaf = value === undefined ? undefined : decodeStakeLeaf(right.outpoint, value);
  return leaf === undefined || 'fault' in leaf ? undefined : leaf;
};

export const planCoinbase = (view: StateView, maker: StakeLeaf): Transaction =>
  buildCoinbase({
    height: view.tip.height + 1,
    fees: view.tip.economy.fees,
    maker,
    parentMaker: findParentMaker(view),
    otherMakers: [],
  });

/** @fault `coinbase`: not the one that the rewards give @source SPEC CN2 */
export const checkCoinbase = (view: StateView, maker: StakeLeaf, { transactions }: BlockBody): Transaction | Fault<'coinbase'> => {
  const wanted = planCoinbase(view, maker);
  const [first] = transactions;
  return first !== undefined && equalBytes(encodeTransaction(first), encodeTransaction(wanted)) ? first : fault('coinbase');
};

const coinsOf = (transaction: Transaction, height: number, medianTime: number): Coin[] => {
  const txid = computeTxid(transaction);
  const { layer, type } = transaction;
  return transaction.outputs.flatMap((output, index) =>
    isDataOutput(output) ? [] : [{ ...output, outpoint: { txid, index }, layer, type, height, medianTime }],
  );
};

interface Run {
  readonly ledger: BlockLedger;
  readonly plan: BlockPlan;
  readonly checked: CheckedTransaction[];
  readonly touched: PlacedOutput[];
  fees: bigint;
  checks: number;
  granted: bigint;
}

const createCoins = (run: Run, transaction: Transaction, height: number, medianTime: number): undefined | Fault<'duplicate-key'> => {
  for (const coin of coinsOf(transaction, height, medianTime)) {
    if (!run.ledger.coins.create(coin)) return fault('duplicate-key', { output: coin.outpoint.index });
    run.touched.push(coin);
  }
  return undefined;
};

const takeChecked = (run: Run, checked: CheckedTransaction): void => {
  for (const { coin, use } of checked.inputs) {
    run.touched.push(coin);
    if (use === 'spend') run.ledger.coins.spend(coin);
  }
  run.ledger.write(checked.record);
  run.checked.push(checked);
  run.fees += checked.fee;
  run.checks += checked.checks;
  run.granted += grantedBy(checked.transaction);
};

const runTransaction = (
  run: Run,
  transaction: Transaction,
  place: { readonly height: number; readonly medianTime: number },
  context: EffectContext,
): undefined | Fault => {
  const { findCoin, findRecord, findSeat, findFrozen } = run.ledger;
  const checked = checkTransaction(transaction, { place, ...context, findCoin, findRecord, findSeat, findFrozen });
  if (isFault(checked)) return checked;
  takeChecked(run, checked);
  if (run.checks > context.parameters.maxBlockChecks) return fault('block-checks', { checks: run.checks });
  return checkCreditBound(run.granted, run.plan.leaf, place.height) ?? createCoins(run, transaction, place.height, place.medianTime);
};

/**
 * Runs the coinbase and the transactions of a block on the state of its parent.
 *
 * @fault the first broken rule of a transaction, with its index; `duplicate-key`; `block-checks`; `credit-bound`,
 * `credit-period`
 * @source SPEC CN3, CN4, CN11
 */
export const computeBlockEffect = (view: StateView, plan: BlockPlan, context: EffectContext): BlockEffect | Fault => {
  const height = view.tip.height + 1;
  const before = computeMedianPast(view);
  const coinbase = planCoinbase(view, plan.leaf);
  const ledger = new BlockLedger(view, before);
  const run: Run = { ledger, plan, checked: [], touched: [], fees: 0n, checks: 0, granted: 0n };
  const first = createCoins(run, coinbase, height, before);
  if (first !== undefined) return first;
  for (const [index, transaction] of plan.transactions.entries()) {
    const broken = runTransaction(run, transaction, { height, medianTime: before }, context);
    if (broken !== undefined) return fault(broken.fault, { ...broken.detail, transaction: index + 1 });
  }
  const { created, spent } = ledger.coins;
  const records = ledger.recordChanges;
  const { parameters } = context;
  const place = { height, before, medianTime: computeMedianPast(view, plan.time) };
  return {
    transactions: [coinbase, ...plan.transactions],
    checked: run.checked,
    created,
    spent,
    touched: run.touched,
    stakes: computeStakeChanges(
      { created, spent },
      { ...plan, granted: run.granted },
      { height, time: plan.time },
      { parameters, findStake: view.findStake },
    ),
    due: computeDueChanges(created, spent, parameters),
    liabilities: computeLiabilityChanges({ created, spent }, records, { ...recordsOf(view), duesOf: view.duesOf }, parameters),
    records,
    economy: computeEconomy(view, { created, spent, fees: run.fees }, place, parameters),
  };
};
