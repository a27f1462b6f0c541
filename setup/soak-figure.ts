import { appendFileSync } from 'node:fs';

/** Whether heavy rows run at their full size. */
export const SOAK = process.env.VC_SOAK !== undefined;

/** A number alone is the most that a figure may be. */
export type SoakBar = number | { readonly atLeast: number };

export interface SoakFigure {
  readonly row: string;
  readonly what: string;
  readonly figure: number;
  readonly bar: SoakBar;
  readonly unit: string;
}

export const isFigureWithin = ({ figure, bar }: Pick<SoakFigure, 'figure' | 'bar'>): boolean =>
  typeof bar === 'number' ? figure <= bar : figure >= bar.atLeast;

const show = (value: number): string => (Number.isInteger(value) ? String(value) : value.toPrecision(4));

export const describeFigure = ({ row, what, figure, bar, unit }: SoakFigure): string =>
  `soak ${row} ${what}: ${show(figure)} ${unit} (bar ${typeof bar === 'number' ? 'at most' : 'at least'} ${show(typeof bar === 'number' ? bar : bar.atLeast)})`;

/**
 * Prints the figure of a heavy row beside its bar and keeps it for the summary of `npm run soak`, which fails where a bar is
 * missed. Does nothing in other runs: `npm test` counts, it never asserts on time or memory.
 */
export const reportFigure = (row: string, what: string, figure: number, bar: SoakBar, unit: string): void => {
  if (!SOAK) return;
  const entry: SoakFigure = { row, what, figure, bar, unit };
  console.log(describeFigure(entry));
  const file = process.env.VC_SOAK_FIGURES;
  if (file !== undefined) appendFileSync(file, `${JSON.stringify(entry)}\n`);
};
