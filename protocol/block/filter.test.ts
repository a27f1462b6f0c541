import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeHex, encodeHex } from '../codec/hex.ts';
import { checkBlockFilters } from '../conformance/filter.ts';
import { sha256 } from '../crypto/hash.ts';
import { SipHash } from '../crypto/siphash.ts';
import { decodeFilter, encodeFilter, type Filter, filterKey, matchFilter } from './filter.ts';
import { GolombWriter } from './golomb.ts';

const FILE = join(process.env.VC_VECTORS ?? '', 'bips', 'bip-0158_testnet-19.json');
const key = filterKey(sha256(Uint8Array.of(1)));
const element = (i: number): Uint8Array => sha256(Uint8Array.of(i & 255, (i >> 8) & 255, i >> 16)).subarray(0, 20);
const elements = (count: number, from = 0): Uint8Array[] => Array.from({ length: count }, (_, i) => element(from + i));
const bytes = (hex: string): Uint8Array => decodeHex(hex) as Uint8Array;

/** The definition with big integers: sorted floor(siphash × N × M / 2^64). */
const naivePlaces = (items: readonly Uint8Array[]): number[] => {
  const sip = new SipHash(key);
  return items
    .map((item) => {
      const { high, low } = sip.hash(item);
      return Number((((BigInt(high) << 32n) | BigInt(low)) * BigInt(items.length) * 784931n) >> 64n);
    })
    .sort((a, b) => a - b);
};

describe('siphash', () => {
  test('FI2 gives the values of the reference for messages of 0 to 15 bytes', () => {
    const sip = new SipHash(bytes('000102030405060708090a0b0c0d0e0f'));
    const expected = (
      '310e0edd47db6f72 fd67dc93c539f874 5a4fa9d909806c0d 2d7efbd796666785 b7877127e09427cf 8da699cd64557618 cee3fe586e46c9cb 37d1018bf50002ab ' +
      '6224939a79f5f593 b0e4a90bdf82009e f3b9dd94c5bb5d7a a7ad6b22462fb3f4 fbe50e86bc8f1e75 903d84c02756ea14 eef27a8e90ca23f7 e545be4961ca29a1'
    ).split(' ');
    expected.forEach((digest, length) => {
      const { high, low } = sip.hash(Uint8Array.from({ length }, (_, i) => i));
      const out = new DataView(new ArrayBuffer(8));
      out.setUint32(0, low, true);
      out.setUint32(4, high, true);
      expect(encodeHex(new Uint8Array(out.buffer))).toBe(digest);
    });
  });
});

describe('filter', () => {
  test('FI1 holds no element as one zero byte', () => {
    expect(encodeFilter([], key)).toEqual(Uint8Array.of(0));
    expect(matchFilter(Uint8Array.of(0), key, elements(5))).toBe(false);
  });

  test('FI1 FI2 places elements as the definition in big integers does, at sizes to 3,000', () => {
    for (const count of [1, 2, 17, 252, 253, 3_000]) {
      const { places } = decodeFilter(encodeFilter(elements(count), key)) as Filter;
      expect([...places]).toEqual(naivePlaces(elements(count)));
    }
  });

  test.skipIf(!existsSync(FILE))('FI1 FI2 gives the bytes of BIP158 for its ten blocks', () => {
    expect(checkBlockFilters(readFileSync(FILE))).toMatchObject({ cases: 10, passed: 10, failed: [] });
  });

  test('FI4 finds every element that is in, whatever it is asked with, and little else', () => {
    const filter = encodeFilter(elements(500), key);
    for (let i = 0; i < 500; i++) expect(matchFilter(filter, key, [element(i), ...elements(20, 10_000)])).toBe(true);
    let found = 0;
    for (let i = 0; i < 300; i++) if (matchFilter(filter, key, elements(10, 20_000 + 10 * i)) === true) found++;
    expect(found).toBeLessThan(3);
    expect(matchFilter(filter, key, [])).toBe(false);
  });

  test('FI4 the order of elements does not matter', () => {
    expect(encodeFilter(elements(50).reverse(), key)).toEqual(encodeFilter(elements(50), key));
  });
});

describe('lying filters, attack row B12', () => {
  const filter = encodeFilter(elements(100), key);

  test('FI3 refuses counts that lie, up to 2^32 and beyond, without taking memory for them', () => {
    expect(decodeFilter(bytes('feffffffff00'))).toMatchObject({ fault: 'size' });
    expect(decodeFilter(bytes('ff000000000100000000'))).toMatchObject({ fault: 'size' });
    expect(decodeFilter(bytes('fe00001000'))).toMatchObject({ fault: 'size' });
    expect(decodeFilter(bytes('feffff0f00'))).toMatchObject({ fault: 'short' });
    expect(decodeFilter(bytes('fd6400'))).toMatchObject({ fault: 'varint' });
    expect(decodeFilter(bytes('fd'))).toMatchObject({ fault: 'short' });
    expect(decodeFilter(new Uint8Array(0))).toMatchObject({ fault: 'short' });
    expect(decodeFilter(bytes('0000'))).toMatchObject({ fault: 'trailing' });
  });

  test('FI3 refuses a filter cut at any byte, or with a byte more', () => {
    for (let length = 0; length < filter.length; length++)
      expect(decodeFilter(filter.subarray(0, length))).toMatchObject({ fault: 'short' });
    expect(decodeFilter(Uint8Array.from([...filter, 0]))).toMatchObject({ fault: 'trailing' });
    expect(matchFilter(Uint8Array.from([...filter, 0]), key, elements(1))).toMatchObject({ fault: 'trailing' });
  });

  test('FI3 refuses padding that is not zero and places outside the range', () => {
    const one = encodeFilter(elements(1), key);
    expect(one.length * 8 - 8 - 20).toBeGreaterThan(0);
    const padded = one.slice();
    padded[padded.length - 1]! |= 1;
    expect(decodeFilter(padded)).toMatchObject({ fault: 'padding' });
    const writer = new GolombWriter(Uint8Array.of(1), 1);
    writer.write(784_931);
    expect(decodeFilter(writer.finish())).toMatchObject({ fault: 'filter-range' });
    const last = new GolombWriter(Uint8Array.of(1), 1);
    last.write(784_930);
    expect([...(decodeFilter(last.finish()) as Filter).places]).toEqual([784_930]);
  });

  test('FI3 has one encoding: what is decoded encodes to the same bytes, and nothing throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.nat(12), (data, count) => {
        const claimed = Uint8Array.from([count, ...data]);
        const decoded = decodeFilter(claimed);
        if ('fault' in decoded) return;
        const writer = new GolombWriter(Uint8Array.of(decoded.count), decoded.count);
        let before = 0;
        for (const place of decoded.places) {
          writer.write(place - before);
          before = place;
        }
        expect(writer.finish()).toEqual(claimed);
      }),
      { numRuns: 2_000 },
    );
  });

  test('FI3 a flipped bit, another key and an omission give other bytes, so the header refuses them', () => {
    const other = filterKey(sha256(Uint8Array.of(2)));
    const hash = encodeHex(sha256(filter));
    expect(encodeHex(sha256(encodeFilter(elements(100), other)))).not.toBe(hash);
    expect(encodeHex(sha256(encodeFilter(elements(99), key)))).not.toBe(hash);
    expect(encodeHex(sha256(encodeFilter(elements(101), key)))).not.toBe(hash);
  });
});
