import { computeDue, type Due, isDue } from '#protocol/debt/due';
import type { Parameters } from '#protocol/params/parameters';
import { matchDebtScript } from '#protocol/script/forms/debt';
import type { HeldCoin } from '#spv/coins/coin-ledger';
import { type LightChain, medianTimeUpTo } from '#spv/headers/light-chain';
import type { DebtView } from '../rpc/chain-view.ts';

const DAY = 86_400;
const SOON_SECONDS = 14 * DAY;
/** the last fifth of a term is soon, whatever its length */
const SOON_PART = 5;

/** When a debt of ours falls due; undefined: never. */
export const dueOf = (coin: HeldCoin, parameters: Parameters): Due | undefined =>
  computeDue({ ...coin, medianTime: coin.medianTime ?? coin.time }, parameters);

/** Whether it is overdue after the tip, so that the next block freezes whom it names. @source SPEC CN9, DE3 */
export const isOverdue = (coin: HeldCoin, chain: LightChain | undefined): boolean => {
  if (chain === undefined) return false;
  const { header } = chain.tip;
  return isDue(dueOf(coin, chain.trust.parameters), header.height, medianTimeUpTo(chain, chain.tip) ?? header.time);
};

/** When that will be by the clock: heights are counted on at the block time that the network aims at. @unit unix seconds */
const timeOfDue = (due: Due, { tip, trust }: LightChain): number =>
  due.kind === 'time' ? due.due : tip.header.time + (due.due - tip.header.height) * trust.parameters.targetSpacing;

/** @unit left, term: seconds */
const stateOf = (left: number, term: number): DebtView['state'] => {
  if (left <= DAY) return 'one-day';
  if (left <= 3 * DAY) return 'three-days';
  return left <= SOON_SECONDS || left * SOON_PART <= term ? 'due-soon' : 'on-track';
};

/** What one debt coin says of itself: how long it may still stand. @unit now: unix seconds @source SPEC CW45 */
export const describeDebt = (coin: HeldCoin, chain: LightChain, now: number): Pick<DebtView, 'due' | 'state' | 'standard'> => {
  const standard = matchDebtScript(coin.script) !== undefined;
  const due = dueOf(coin, chain.trust.parameters);
  if (due === undefined) return { due: undefined, state: 'on-track', standard };
  const time = timeOfDue(due, chain);
  const state = isOverdue(coin, chain) ? 'overdue' : stateOf(time - now, time - coin.time);
  return { due: { time, height: due.kind === 'height' ? due.due : undefined }, state, standard };
};
