import type { EconomyPoint } from '#workers/rpc/chain-view';

export interface Series {
  readonly key: 'circulating' | 'locked' | 'credit' | 'debt' | 'overdue';
  /** token of its colour, the same in text, chart and badge */
  readonly token: string;
  readonly swatch: string;
  readonly dash: readonly number[];
  readonly of: (point: EconomyPoint) => bigint;
}

const circulating: Series = {
  key: 'circulating',
  token: '--value',
  swatch: 'bg-value',
  dash: [],
  of: ({ value, locked }) => value - locked,
};
const locked: Series = { key: 'locked', token: '--locked', swatch: 'bg-locked', dash: [], of: (point) => point.locked };
const credit: Series = { key: 'credit', token: '--credit', swatch: 'bg-credit', dash: [], of: (point) => point.credit };
const debt: Series = { key: 'debt', token: '--debt', swatch: 'bg-debt', dash: [], of: (point) => point.debt };
const overdue: Series = { key: 'overdue', token: '--alarm', swatch: 'bg-alarm', dash: [4, 3], of: (point) => point.overdue };

/** What is drawn together: each panel has a scale of its own, from zero, so that the small is seen beside the large. */
export const PANELS: readonly (readonly [Series, ...Series[]])[] = [[circulating], [locked], [credit], [debt, overdue]];

export const SERIES: readonly Series[] = PANELS.flat();
