import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_AMOUNT } from './amount.ts';
import { formatAmount, parseAmount } from './amount-text.ts';

describe('amounts as text', () => {
  test.each([
    ['0', 0n],
    ['1', 100_000_000n],
    ['0.00000001', 1n],
    ['.5', 50_000_000n],
    ['3.', 300_000_000n],
    ['007.10', 710_000_000n],
    ['90071992.54740991', MAX_AMOUNT],
  ])('AD5 reads %s', (text, units) => {
    expect(parseAmount(text)).toBe(units);
  });

  test.each([
    ['', 'amount-form'],
    ['.', 'amount-form'],
    ['-1', 'amount-form'],
    ['+1', 'amount-form'],
    ['1e3', 'amount-form'],
    ['1,5', 'amount-form'],
    [' 1', 'amount-form'],
    ['0x10', 'amount-form'],
    ['١', 'amount-form'],
    ['1.000000000', 'amount-decimals'],
    ['0.000000001', 'amount-decimals'],
    ['90071992.54740992', 'amount-too-large'],
    ['9'.repeat(400), 'amount-too-large'],
  ])('AD5 refuses "%s" with %s', (text, code) => {
    expect(parseAmount(text)).toMatchObject({ fault: code });
  });

  test('AD5 reads what it wrote', () => {
    fc.assert(fc.property(fc.bigInt({ min: 0n, max: MAX_AMOUNT }), (units) => void expect(parseAmount(formatAmount(units))).toBe(units)));
    expect(formatAmount(150_000_000n)).toBe('1.5');
  });
});
