import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_AMOUNT } from '#workers/rpc/amount';
import { differingGroups, groupFours } from './address-text.ts';
import { amountText, groupDecimals, parseAmount, plainAmount, splitAmount } from './amount-text.ts';

const code = (typed: string): string => {
  const read = parseAmount(typed);
  return typeof read === 'bigint' ? 'read' : read.fault;
};

describe('typed amounts', () => {
  test('WB3 reads exactly what was typed', () => {
    expect(parseAmount('12.5')).toBe(1_250_000_000n);
    expect(parseAmount(' 1,234.00000001 ')).toBe(123_400_000_001n);
    expect(parseAmount('.1')).toBe(10_000_000n);
    expect(parseAmount('５．０１')).toBe(501_000_000n);
    expect(parseAmount('90071992.54740991')).toBe(MAX_AMOUNT);
  });

  test('WB3 refuses the rest with a code', () => {
    expect(['', 'abc', '1e3', '-1', '1,5', '1.2.3', '0x10'].map(code)).toEqual(['amount-empty', ...Array(6).fill('amount-form')]);
    expect(code('0.123456789')).toBe('amount-decimals');
    expect(code('90071992.54740992')).toBe('amount-too-large');
    expect(code('9'.repeat(10_000))).toBe('amount-too-large');
    expect(code('0.00')).toBe('amount-zero');
  });

  test('WB3 reads back every plain amount', () => {
    fc.assert(fc.property(fc.bigInt({ min: 1n, max: MAX_AMOUNT }), (units) => parseAmount(plainAmount(units)) === units));
  });
});

describe('shown amounts', () => {
  test('WB4 shows all decimals, at least two, and groups by locale', () => {
    expect(splitAmount(421_875_000_000n, 'en')).toEqual({ sign: '', whole: '4,218', decimals: '75' });
    expect(amountText(-1n, 'zh')).toBe('−0.00000001');
    expect(amountText(0n, 'en')).toBe('0.00');
  });

  test('WB4 groups decimals without losing a digit', () => {
    expect(['75', '750', '00000282'].map(groupDecimals)).toEqual([['75'], ['75', '0'], ['00', '000', '282']]);
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: MAX_AMOUNT }),
        (units) => groupDecimals(splitAmount(units, 'en').decimals).join('') === splitAmount(units, 'en').decimals,
      ),
    );
  });

  test('WB4 loses nothing: what is shown reads back', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 1n, max: MAX_AMOUNT }),
        fc.constantFrom('en' as const, 'zh' as const),
        (units, language) => parseAmount(amountText(units, language)) === units,
      ),
    );
  });
});

describe('addresses', () => {
  test('WB6 groups by four and loses nothing', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme-ascii' }), (text) => groupFours(text).join('') === text));
    expect(groupFours('vcd1qw508')).toEqual(['vcd1', 'qw50', '8']);
  });

  test('WB6 marks the groups in which two addresses differ', () => {
    expect(differingGroups('aaaabbbbcc', 'aaaaXbbbcc')).toEqual([false, true, false]);
    expect(differingGroups('aaaa', 'aaaabb')).toEqual([false, true]);
  });
});
