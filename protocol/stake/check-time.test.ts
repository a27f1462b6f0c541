import { describe, expect, test } from 'vitest';
import type { Header } from '../block/header.ts';
import { DEV_PARAMETERS, MAIN_PARAMETERS } from '../params/networks.ts';
import { checkClock, checkTime } from './check-time.ts';

const at = (height: number, time: number): Header => ({ height, time }) as Header;
const codeOf = (verdict: true | { fault: string }): string | true => (verdict === true ? true : verdict.fault);

describe('time', () => {
  test.each([
    [1_600, 'time-not-after-parent'],
    [1_599, 'time-not-slot'],
    [1_601, 'time-not-slot'],
    [1_584, 'time-not-after-parent'],
    [1_615, 'time-not-slot'],
    [1_616, true],
    [1_617, 'time-not-slot'],
    [0xffff_fff0, true],
  ])('HD7 a slot of 16 s after 1,600: %i (S14)', (time, verdict) => {
    expect(codeOf(checkTime(at(8, time), at(7, 1_600), MAIN_PARAMETERS))).toBe(verdict);
  });

  test('ST11 a stake waits at burn heights, and only there', () => {
    const { burnTimeout } = DEV_PARAMETERS;
    const judge = (height: number, wait: number) => codeOf(checkTime(at(height, 1_000 + wait), at(height - 1, 1_000), DEV_PARAMETERS));
    expect([judge(99, burnTimeout - 1), judge(99, burnTimeout), judge(99, burnTimeout + 1)]).toEqual(['burn-time', true, true]);
    expect([judge(98, 1), judge(100, 1)]).toEqual([true, true]);
  });

  test.each([
    [-70, true],
    [-7_200, true],
    [-86_400, true],
    [14, true],
    [15, true],
    [16, 'early'],
    [70, 'early'],
    [7_200, 'early'],
    [86_400, 'early'],
  ])('HD10 a header %i s ahead of the clock (S14)', (ahead, verdict) => {
    expect(codeOf(checkClock({ time: 1_000_000 + ahead }, 1_000_000, MAIN_PARAMETERS))).toBe(verdict);
  });
});
