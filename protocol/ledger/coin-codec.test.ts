import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { asHash32 } from '../codec/hash32.ts';
import { encodeHex } from '../codec/hex.ts';
import { sha256 } from '../crypto/hash.ts';
import { isFault } from '../fault.ts';
import { ELEMENTS } from '../tx/element.ts';
import type { Layer } from '../tx/layer.ts';
import { encodeOutpoint } from '../tx/outpoint.ts';
import type { TransactionType } from '../tx/transaction-type.ts';
import type { Coin } from './coin.ts';
import { decodeCoin, encodeCoin } from './coin-codec.ts';
import { computeBucketRange, computeCoinKey, computeOwnerRange } from './coin-key.ts';

const u32 = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const coins: fc.Arbitrary<Coin> = fc.record({
  outpoint: fc.record({ txid: bytes(32).map(asHash32), index: u32 }),
  element: fc.constantFrom(...ELEMENTS),
  amount: fc.bigInt({ min: 0n, max: 2n ** 53n - 1n }),
  script: fc.uint8Array({ maxLength: 300 }),
  layer: fc.constantFrom<Layer>(0, 1, 2),
  type: fc.constantFrom<TransactionType>(0, 1, 2, 3, 4),
  height: u32,
  medianTime: u32,
});

describe('the leaf of a coin', () => {
  test('LE2 says in this order: outpoint, amount field, script, layer, type, height, median time', () => {
    const coin: Coin = {
      outpoint: { txid: asHash32(new Uint8Array(32).fill(0xaa)), index: 1 },
      element: 'debt',
      amount: 5n,
      script: Uint8Array.of(0x51, 0x52),
      layer: 1,
      type: 4,
      height: 0x0102_0304,
      medianTime: 0x0506_0708,
    };
    const text = `${'aa'.repeat(32)}01000000${'0500000000000080'}025152${'01'}${'04'}${'04030201'}${'08070605'}`;
    expect(encodeHex(encodeCoin(coin))).toBe(text);
  });

  test('LE2 reads what it wrote', () => {
    fc.assert(
      fc.property(coins, (coin) => {
        expect(decodeCoin(encodeCoin(coin))).toEqual(coin);
      }),
    );
  });

  test('LE2 has one form: bytes that are read are what would be written', () => {
    fc.assert(
      fc.property(coins, fc.nat(), fc.integer({ min: 1, max: 255 }), (coin, place, change) => {
        const altered = encodeCoin(coin);
        altered[place % altered.length] = (altered[place % altered.length] as number) ^ change;
        const decoded = decodeCoin(altered);
        if (!isFault(decoded)) expect(encodeCoin(decoded as Coin)).toEqual(altered);
      }),
    );
  });

  test('LE2 refuses a leaf cut short, continued, of no layer, of no type', () => {
    fc.assert(
      fc.property(coins, fc.nat(), (coin, place) => {
        const leaf = encodeCoin(coin);
        expect(decodeCoin(leaf.subarray(0, place % leaf.length))).toHaveProperty('fault');
        expect(decodeCoin(Uint8Array.of(...leaf, 0))).toMatchObject({ fault: 'trailing' });
        for (const [from, wrong] of [
          [10, 3],
          [9, 5],
        ] as const)
          expect(decodeCoin(leaf.with(leaf.length - from, wrong))).toMatchObject({ fault: 'form' });
      }),
    );
  });
});

describe('where a coin is filed', () => {
  test('LE1 under its owner, then by its outpoint', () => {
    fc.assert(
      fc.property(bytes(20), coins, (tag, { outpoint }) => {
        const key = computeCoinKey(tag, outpoint);
        expect(encodeHex(key)).toBe(encodeHex(sha256(tag)).slice(0, 24) + encodeHex(sha256(encodeOutpoint(outpoint))).slice(0, 40));
      }),
    );
  });

  test('LE1 all coins of an owner and no other lie in his range, and his range in his bucket', () => {
    const inside = (key: Uint8Array, { lo, hi }: { lo: Uint8Array; hi: Uint8Array }) =>
      encodeHex(lo) <= encodeHex(key) && encodeHex(key) <= encodeHex(hi);
    fc.assert(
      fc.property(bytes(20), bytes(20), coins, fc.integer({ min: 0, max: 96 }), (tag, other, { outpoint }, bits) => {
        fc.pre(encodeHex(tag) !== encodeHex(other));
        const owner = computeOwnerRange(tag);
        expect(inside(computeCoinKey(tag, outpoint), owner)).toBe(true);
        expect(inside(computeCoinKey(other, outpoint), owner)).toBe(false);
        const bucket = computeBucketRange(tag, bits);
        expect(inside(owner.lo, bucket) && inside(owner.hi, bucket)).toBe(true);
        const width = BigInt(`0x${encodeHex(bucket.hi)}`) - BigInt(`0x${encodeHex(bucket.lo)}`) + 1n;
        expect(width).toBe(1n << BigInt(256 - bits));
      }),
    );
  });
});
