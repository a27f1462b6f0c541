import { bech32m } from '@scure/base';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concatBytes } from '../codec/bytes.ts';
import { type Fault, isFault } from '../fault.ts';
import { encodeBech32 } from '../script/bech32-text.ts';
import { decodeRealNameAddress, encodeRealNameAddress, isRealNameText } from './real-name-address.ts';

const DEV = { plain: 'dvc', realName: 'dvcr' };
const ACCOUNT = Uint8Array.from({ length: 20 }, (_, i) => 200 + i);
const codeOf = (text: string): string => (decodeRealNameAddress(text, DEV) as Fault).fault;
const textOf = (words: readonly number[], variant: 'bech32' | 'bech32m' = 'bech32m', prefix = 'dvcr'): string =>
  encodeBech32({ prefix, words, variant });
const wordsOf = (...payload: readonly number[]): readonly number[] => bech32m.toWords(concatBytes(ACCOUNT, Uint8Array.from(payload)));

describe('real-name addresses', () => {
  test('AD6 point to a key of an account, as far as the longest path', () => {
    for (const path of [[], [0], [0, 0], [7, 2 ** 31 - 1], [1, 2, 3, 4, 5, 6]]) {
      const text = encodeRealNameAddress({ account: ACCOUNT, path }, DEV);
      expect(decodeRealNameAddress(text, DEV)).toEqual({ account: ACCOUNT, path });
      expect(decodeRealNameAddress(text.toUpperCase(), DEV)).toEqual({ account: ACCOUNT, path });
      expect(isRealNameText(text, DEV)).toBe(true);
    }
    const longest = encodeRealNameAddress({ account: ACCOUNT, path: [...Array(5).fill(2 ** 31 - 1), 2 ** 21 - 1] }, DEV);
    expect(longest).toHaveLength(89);
  });

  test('AD6 have a reason of their own for each way to be wrong', () => {
    expect(codeOf(textOf([0, ...wordsOf(1)], 'bech32'))).toBe('address-variant');
    expect(codeOf(textOf([1, ...wordsOf(1)]))).toBe('address-version');
    expect(codeOf(textOf([]))).toBe('address-version');
    expect(codeOf(textOf([0, ...wordsOf(1)], 'bech32m', 'tvcr'))).toBe('address-network');
    expect(codeOf(textOf([0, ...wordsOf(1).slice(0, -1), 1 + (wordsOf(1).at(-1) ?? 0)]))).toBe('address-padding');
    expect(codeOf(textOf([0, ...bech32m.toWords(ACCOUNT.subarray(0, 19))]))).toBe('short');
    expect(codeOf(textOf([0, ...wordsOf(0x80, 0)]))).toBe('varint');
    expect(codeOf(textOf([0, ...wordsOf(0x80)]))).toBe('short');
    expect(codeOf(textOf([0, ...wordsOf(0x80, 0x80, 0x80, 0x80, 0x08)]))).toBe('size');
    expect(codeOf(textOf([0, ...wordsOf(1, 2, 3, 4, 5, 6, 7)]))).toBe('size');
    expect(codeOf(encodeRealNameAddress({ account: ACCOUNT, path: [5] }, DEV).replace(/.$/, 'b'))).toBe('address-character');
  });

  test('AD6 are never another address after one changed character, and no text is read that is not written so', () => {
    const path = fc.array(fc.nat(2 ** 31 - 1), { maxLength: 5 });
    const account = fc.uint8Array({ minLength: 20, maxLength: 20 });
    fc.assert(
      fc.property(account, path, fc.nat(), fc.constantFrom(...'qpzry9x8gf2tvdw0s3jn54khce6mua7l'), (id, indices, at, character) => {
        const text = encodeRealNameAddress({ account: id, path: indices }, DEV);
        expect(decodeRealNameAddress(text, DEV)).toEqual({ account: id, path: indices });
        const place = 5 + (at % (text.length - 5));
        const changed = text.slice(0, place) + character + text.slice(place + 1);
        if (changed !== text) expect(isFault(decodeRealNameAddress(changed, DEV))).toBe(true);
      }),
    );
    fc.assert(
      fc.property(fc.array(fc.nat(31), { maxLength: 79 }), (words) => {
        const text = textOf([0, ...words]);
        const child = decodeRealNameAddress(text, DEV);
        if (!isFault(child)) expect(encodeRealNameAddress(child, DEV)).toBe(text);
      }),
    );
  });
});
