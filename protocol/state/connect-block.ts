import type { Block, BlockBody } from '../block/block.ts';
import { computeBlockWeight, computeTxRoot, computeVersionsRoot, computeWitnessRoot } from '../block/body-roots.ts';
import type { Economy, Header, StakeRight } from '../block/header.ts';
import { equalBytes } from '../codec/bytes.ts';
import type { Hash32 } from '../codec/hash32.ts';
import { type Fault, fault, isFault } from '../fault.ts';
import { appendPeak } from '../merkle/peaks.ts';
import { hashLeaf } from '../merkle/tree.ts';
import { checkStakeInState } from '../stake/check-stake-state.ts';
import type { ChainedHeader } from '../stake/header-view.ts';
import type { StakeLeaf } from '../stake/stake-leaf.ts';
import { COINBASE } from '../tx/transaction-type.ts';
import { type AppliedEffect, applyEffect, type DerivedFields } from './apply-effect.ts';
import { type BlockEffect, checkCoinbase, computeBlockEffect, type EffectContext } from './block-effect.ts';
import type { ChangeSet, StateView } from './view.ts';

/** Faults that say only that a body is not this header's: another body may be. @source SPEC CN1 */
export const BODY_FAULTS: ReadonlySet<string> = new Set(['tx-root', 'witness-root', 'versions-root', 'coinbase-witness']);

/**
 * No root commits to the first transaction's witness: a peer can add one to a coinbase on the way. What is no coinbase in
 * that place condemns the header, whatever its witness.
 *
 * @source SPEC CN1; CVE-2024-52921
 */
const hasCoinbaseWitness = ({ transactions: [first] }: BlockBody): boolean =>
  first?.type === COINBASE && first.inputs.some(({ witness }) => witness.length > 0);

/**
 * @fault `tx-root`, `witness-root`, `versions-root`, `coinbase-witness`: the body of another header; `block-weight`;
 * `not-yet-supported`: referenced versions
 * @source SPEC CN1, CN4
 */
export const checkBody = (
  block: Block,
  { maxBlockWeight }: { readonly maxBlockWeight: number },
): undefined | Fault<'tx-root' | 'witness-root' | 'versions-root' | 'coinbase-witness' | 'block-weight' | 'not-yet-supported'> => {
  const { header, body } = block;
  if (!equalBytes(computeTxRoot(body), header.txRoot)) return fault('tx-root');
  if (!equalBytes(computeWitnessRoot(body), header.witnessRoot)) return fault('witness-root');
  if (!equalBytes(computeVersionsRoot(body), header.versionsRoot)) return fault('versions-root');
  if (hasCoinbaseWitness(body)) return fault('coinbase-witness');
  if (body.versions.length > 0) return fault('not-yet-supported', { versions: body.versions.length });
  const weight = computeBlockWeight(body);
  return weight > maxBlockWeight ? fault('block-weight', { weight }) : undefined;
};

const equalEconomy = (a: Economy, b: Economy): boolean =>
  a.value === b.value &&
  a.locked === b.locked &&
  a.credit === b.credit &&
  a.debt === b.debt &&
  a.overdue === b.overdue &&
  a.fees === b.fees;

/** @fault `economy-inexact`, `state-root`, `history-root`, `filter-hash` @source SPEC CN6, CN7 */
const checkDerived = (header: Header, derived: DerivedFields): undefined | Fault => {
  if (!equalEconomy(header.economy, derived.economy)) return fault('economy-inexact', { ...derived.economy });
  if (!equalBytes(header.stateRoot, derived.stateRoot)) return fault('state-root');
  if (!equalBytes(header.historyRoot, derived.historyRoot)) return fault('history-root');
  return equalBytes(header.filterHash, derived.filterHash) ? undefined : fault('filter-hash');
};

const findMaker = (view: StateView, header: Header, right: StakeRight, context: EffectContext): StakeLeaf | Fault =>
  checkStakeInState({ ...header, right }, view.tip, view.findStake(right.outpoint), context.parameters);

export const makeChangeSet = (
  view: StateView,
  block: { readonly header: Header; readonly hash: Hash32 },
  effect: BlockEffect,
  applied: AppliedEffect,
): ChangeSet => {
  const { header, hash } = block;
  const { peaks } = appendPeak(view.historyPeaks, header.height, hashLeaf(hash, header.filterHash));
  return {
    header,
    hash,
    before: { roots: view.roots, historyPeaks: view.historyPeaks },
    after: { roots: applied.roots, historyPeaks: peaks },
    createdCoins: effect.created,
    spentCoins: effect.spent,
    stakes: effect.stakes,
    due: effect.due,
    liabilities: effect.liabilities,
    records: effect.records,
    tries: applied.tries,
    filter: applied.filter,
    economy: effect.economy,
  };
};

/**
 * Judges a block's body on the state of its parent and says everything that the block changes.
 *
 * @shape chained: its header, which keeps the rules of headers and extends the view's tip
 * @fault the first broken rule: body, maker, coinbase, transactions in order, economy, roots, filter
 * @source SPEC CN1, CN2, CN3, CN4, CN5, CN6, CN7
 */
export const connectBlock = (view: StateView, chained: ChainedHeader, block: Block, context: EffectContext): ChangeSet | Fault => {
  const { header } = chained;
  if (!equalBytes(header.previous, view.tipHash) || header.right.kind !== 'stake') return fault('unknown-parent');
  const early = checkBody(block, context.parameters);
  if (early !== undefined) return early;
  const leaf = findMaker(view, header, header.right, context);
  if (isFault(leaf)) return leaf;
  const coinbase = checkCoinbase(view, leaf, block.body);
  if (isFault(coinbase)) return coinbase;
  const plan = { time: header.time, right: header.right, leaf, transactions: block.body.transactions.slice(1) };
  const effect = computeBlockEffect(view, plan, context);
  if (isFault(effect)) return effect;
  const applied = applyEffect(view, effect, header.txRoot, context.parameters);
  if (isFault(applied)) return applied;
  return checkDerived(header, applied.derived) ?? makeChangeSet(view, chained, effect, applied);
};
