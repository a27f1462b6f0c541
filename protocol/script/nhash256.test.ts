import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concatBytes } from '../codec/bytes.ts';
import { type Evaluation, evaluateScript } from './interpreter.ts';
import { OP } from './opcodes.ts';
import { encodeNumberPush } from './push.ts';
import { CONSENSUS_RULES } from './rules.ts';
import type { ScriptFault } from './script-fault.ts';

const CHECKER = {
  prepareCode: (code: Uint8Array) => code,
  checkSignature: () => false,
  checkLockTime: () => false,
  checkSequence: () => false,
};

const run = (code: Uint8Array, stack: readonly Uint8Array[]): Evaluation | ScriptFault =>
  evaluateScript(code, [...stack], CONSENSUS_RULES, CHECKER);
const hashing = (count: number): Uint8Array => concatBytes(encodeNumberPush(count), Uint8Array.of(OP.NHASH256));
const codeOf = (result: Evaluation | ScriptFault): string => ('fault' in result ? result.fault : 'none');
const item = (...values: number[]): Uint8Array => Uint8Array.from(values);

/** Says the rule once more in other words, with another hash and from hexadecimal text. */
const pushText = (hex: string): string => {
  const length = hex.length / 2;
  if (length === 0) return '00';
  if (/^(0[1-9a-f]|10)$/.test(hex)) return (0x50 + Number.parseInt(hex, 16)).toString(16);
  if (hex === '81') return '4f';
  if (length < 76) return length.toString(16).padStart(2, '0') + hex;
  if (length < 256) return `4c${length.toString(16)}${hex}`;
  return `4d${(length % 256).toString(16).padStart(2, '0')}${Math.floor(length / 256)
    .toString(16)
    .padStart(2, '0')}${hex}`;
};

const expected = (items: readonly Uint8Array[]): Buffer => {
  const text = items.map((bytes) => pushText(Buffer.from(bytes).toString('hex'))).join('');
  const once = createHash('sha256').update(Buffer.from(text, 'hex')).digest();
  return createHash('sha256').update(once).digest();
};

describe('NHASH256', () => {
  const anyItem = fc.oneof(fc.uint8Array({ maxLength: 3 }), fc.uint8Array({ maxLength: 520, size: 'max' }));

  test('SC4 agrees with a second evaluator', () => {
    fc.assert(
      fc.property(fc.array(anyItem, { maxLength: 20 }), fc.integer({ min: 1, max: 16 }), (stack, count) => {
        const result = run(hashing(count), stack);
        if (stack.length < count) return codeOf(result) === 'invalid-stack-operation';
        const left = stack.length - count;
        const { stack: after } = result as Evaluation;
        return (
          after.length === left + 1 &&
          after.slice(0, left).every((bytes, index) => bytes === stack[index]) &&
          expected(stack.slice(left)).equals(after[left] as Uint8Array)
        );
      }),
      { numRuns: 300 },
    );
  });

  test('SC4 keeps ("ab", "c") apart from ("a", "bc")', () => {
    const [first, second] = [run(hashing(2), [item(97, 98), item(99)]), run(hashing(2), [item(97), item(98, 99)])];
    expect((first as Evaluation).stack).not.toEqual((second as Evaluation).stack);
  });

  test('SC4 takes 1 to 16 items', () => {
    const many = Array.from({ length: 20 }, () => item(7));
    expect(codeOf(run(hashing(0), many))).toBe('nhash256-count');
    expect(codeOf(run(hashing(-1), many))).toBe('nhash256-count');
    expect(codeOf(run(hashing(17), many))).toBe('nhash256-count');
    expect(codeOf(run(hashing(16), many))).toBe('none');
    expect(codeOf(run(Uint8Array.of(OP.NHASH256), []))).toBe('invalid-stack-operation');
    expect(codeOf(run(Uint8Array.of(OP.NHASH256), [item(7), item(1, 0)]))).toBe('scriptnum');
    expect(codeOf(run(Uint8Array.of(OP.NHASH256), [item(7), item(1, 0, 0, 0, 0)]))).toBe('scriptnum');
  });

  test('SC4 counts as n operations', () => {
    const nops = (count: number): Uint8Array => new Uint8Array(count).fill(OP.NOP);
    const sixteen = Array.from({ length: 16 }, () => item(7));
    expect(codeOf(run(concatBytes(nops(185), hashing(16)), sixteen))).toBe('none');
    expect(codeOf(run(concatBytes(nops(186), hashing(16)), sixteen))).toBe('op-count');
    expect(codeOf(run(concatBytes(nops(200), hashing(1)), sixteen))).toBe('none');
  });

  test('SC4 is unknown to Bitcoin', () => {
    const result = evaluateScript(hashing(1), [item(7)], { ...CONSENSUS_RULES, NHASH256: false }, CHECKER);
    expect(codeOf(result)).toBe('bad-opcode');
  });
});
