import type { Coin } from '../ledger/coin.ts';
import type { Parameters } from '../params/parameters.ts';
import { matchDebtScript } from '../script/forms/debt.ts';

const LOCK_TIME_THRESHOLD = 500_000_000;
const TIME_UNIT = 512;
const LAST_TIME = 0xffff_ffff;

/** First block height, or first median time past, at which a debt is overdue. @unit time: unix seconds */
export interface Due {
  readonly kind: 'height' | 'time';
  readonly due: number;
}

/**
 * When a debt falls due: the block after which an input of the next one would meet its term.
 *
 * @shape coin: a debt; result: both numbers fit a u32; undefined for the one expiry that no median time is ever after
 * @source SPEC CN9; spec 02, economy; spec 04, overdue
 */
export const computeDue = (coin: Coin, { badDebtAge }: Parameters): Due | undefined => {
  const term = matchDebtScript(coin.script)?.term;
  if (term === undefined) return { kind: 'height', due: coin.height + badDebtAge + 1 };
  if (term.kind === 'blocks') return { kind: 'height', due: coin.height + term.blocks - 1 };
  if (term.kind === 'time') return { kind: 'time', due: coin.medianTime + term.intervals * TIME_UNIT };
  if (term.lockTime < LOCK_TIME_THRESHOLD) return { kind: 'height', due: term.lockTime };
  return term.lockTime === LAST_TIME ? undefined : { kind: 'time', due: term.lockTime + 1 };
};

export const isDue = (due: Due | undefined, height: number, medianTime: number): boolean =>
  due !== undefined && due.due <= (due.kind === 'height' ? height : medianTime);
