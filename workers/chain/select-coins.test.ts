import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isFault } from '#protocol/fault';
import { CHANGE_WEIGHT, feeForWeight, INPUT_WEIGHT, selectCoins, settleCoins, sweepCoins } from './select-coins.ts';

const coins = (...amounts: readonly bigint[]) => amounts.map((amount, i) => ({ outpoint: String(i), amount }));
const target = (amount: bigint, feeRate = 1n) => ({ amount, feeRate, baseWeight: 168n, leastChange: feeForWeight(INPUT_WEIGHT, feeRate) });
const inputFee = feeForWeight(INPUT_WEIGHT, 1n);

describe('choosing coins', () => {
  test('CW1 coins that pay exactly are found, and there is no change', () => {
    const goal = 5_000n + feeForWeight(168n, 1n) + inputFee;
    const chosen = selectCoins(coins(90_000n, goal, 200n), target(5_000n));
    expect(chosen).toMatchObject({ change: 0n, coins: [{ amount: goal }] });
  });

  test('CW1 else the largest pay, and what is over comes back', () => {
    const chosen = selectCoins(coins(10_000n, 70_000n, 20_000n), target(50_000n));
    if (isFault(chosen)) throw new Error(chosen.fault);
    expect(chosen.coins.map((coin) => coin.amount)).toEqual([70_000n]);
    expect(chosen.change).toBe(20_000n - chosen.fee);
    expect(chosen.fee).toBe(feeForWeight(168n + INPUT_WEIGHT + CHANGE_WEIGHT, 1n));
  });

  test('CW1 change that is not worth its own spending goes to the fee', () => {
    const chosen = selectCoins(coins(50_000n + feeForWeight(168n + INPUT_WEIGHT, 1n) + 40n), target(50_000n));
    expect(chosen).toMatchObject({ change: 0n });
  });

  test('CW1 what cannot be paid is refused with what there is and what is needed', () => {
    expect(selectCoins(coins(100n, 200n), target(500n))).toMatchObject({ fault: 'insufficient-funds', detail: { available: 300n } });
    expect(selectCoins([], target(1n))).toMatchObject({ fault: 'insufficient-funds' });
  });

  test('CW1 CW2 whatever is chosen adds up: inputs are amount, fee and change, and the fee pays the rate', () => {
    const amounts = fc.array(fc.bigInt({ min: 1n, max: 10_000_000n }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(amounts, fc.bigInt({ min: 1n, max: 20_000_000n }), fc.bigInt({ min: 1n, max: 50n }), (given, amount, rate) => {
        const wanted = target(amount, rate);
        const chosen = selectCoins(coins(...given), wanted);
        if (isFault(chosen)) return;
        const total = chosen.coins.reduce((sum, coin) => sum + coin.amount, 0n);
        expect(total).toBe(amount + chosen.fee + chosen.change);
        expect(new Set(chosen.coins.map((coin) => coin.outpoint)).size).toBe(chosen.coins.length);
        const weight = wanted.baseWeight + INPUT_WEIGHT * BigInt(chosen.coins.length) + (chosen.change > 0n ? CHANGE_WEIGHT : 0n);
        expect(chosen.fee >= feeForWeight(weight, rate)).toBe(true);
        expect(chosen.change === 0n || chosen.change >= wanted.leastChange).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test('CW2 coins chosen by hand all go, and everything can be sent', () => {
    expect(settleCoins(coins(10_000n, 20_000n), target(5_000n))).toMatchObject({ coins: [{}, {}] });
    expect(settleCoins(coins(1_000n), target(5_000n))).toMatchObject({ fault: 'insufficient-funds' });
    const swept = sweepCoins(coins(10_000n, 20_000n), target(0n));
    if (isFault(swept)) throw new Error(swept.fault);
    expect(swept.amount + swept.fee).toBe(30_000n);
    expect(sweepCoins(coins(10n), target(0n))).toMatchObject({ fault: 'insufficient-funds' });
  });
});
