import { expect, test } from 'vitest';
import { describeFigure, isFigureWithin } from './soak-figure.ts';

test('a figure is within its bar up to the bar itself, from below or from above', () => {
  expect([31, 32, 33].map((figure) => isFigureWithin({ figure, bar: 32 }))).toEqual([true, true, false]);
  expect([31, 32, 33].map((figure) => isFigureWithin({ figure, bar: { atLeast: 32 } }))).toEqual([false, true, true]);
  expect(isFigureWithin({ figure: Number.NaN, bar: 1 })).toBe(false);
});

test('a figure is one line with row, unit and bar', () => {
  expect(describeFigure({ row: 'S1', what: 'memory', figure: 12.3456, bar: 32, unit: 'MB' })).toBe(
    'soak S1 memory: 12.35 MB (bar at most 32)',
  );
  expect(describeFigure({ row: 'B4', what: 'headers', figure: 60_000, bar: { atLeast: 50_000 }, unit: '1/s' })).toBe(
    'soak B4 headers: 60000 1/s (bar at least 50000)',
  );
});
