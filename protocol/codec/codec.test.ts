import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeHex, encodeHex } from './hex.ts';
import { type ByteReader, decodeBytes } from './reader.ts';
import { ascii, decodeField, encodeField, flag, hash, list, oneOf, optional, struct, u16, u32, u64, varBytes, variant } from './schema.ts';
import { encodeBytes } from './writer.ts';

const readSize = (reader: ByteReader): number => reader.compactSize(0xffff_ffff);

describe('compact size', () => {
  test.each([
    ['fd at 252', [0xfd, 0xfc, 0x00]],
    ['fe at 65,535', [0xfe, 0xff, 0xff, 0x00, 0x00]],
    ['ff at 2^32 − 1', [0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]],
  ])('CO1 refuses a longer form than needed: %s', (_, form) => {
    expect(decodeBytes(Uint8Array.from(form), readSize)).toMatchObject({ fault: 'varint' });
  });

  test('CO1 takes every shortest form', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffff_ffff }), (size) => {
        expect(
          decodeBytes(
            encodeBytes((w) => w.compactSize(size)),
            readSize,
          ),
        ).toBe(size);
      }),
    );
  });
});

describe('bounds', () => {
  test('CO2 refuses a count that lies before it reads an item', () => {
    let read = 0;
    const bytes = Uint8Array.of(0xfe, 0xff, 0xff, 0xff, 0x7f, 1, 2, 3);
    const result = decodeBytes(bytes, (reader) => reader.list(0xffff_ffff, 4, () => read++));
    expect(result).toMatchObject({ fault: 'short' });
    expect(read).toBe(0);
  });

  test('CO2 refuses a count above its maximum', () => {
    expect(decodeField(list(2, u16), Uint8Array.of(3, 0, 0, 0, 0, 0, 0))).toMatchObject({ fault: 'size' });
  });

  test('CO2 refuses a length of 2^64 − 1', () => {
    expect(decodeField(varBytes(10), new Uint8Array(9).fill(0xff))).toMatchObject({ fault: 'size' });
  });

  test('CO3 refuses what is left over', () => {
    expect(decodeField(u16, Uint8Array.of(1, 2, 3))).toMatchObject({ fault: 'trailing', detail: { extra: 1 } });
  });
});

const message = struct({
  name: ascii(8),
  id: hash,
  list: list(4, struct({ a: u32, b: flag })),
  maybe: optional(u64),
  choice: oneOf(['x', 'y']),
  rest: variant({ data: struct({ bytes: varBytes(16) }), none: struct({}) }),
});

describe('declared messages', () => {
  const anyMessage = fc.record({
    name: fc.string({ maxLength: 8 }).map((s) => s.replace(/[^ -~]/g, '?')),
    id: fc.uint8Array({ minLength: 32, maxLength: 32 }),
    list: fc.array(fc.record({ a: fc.nat(), b: fc.boolean() }), { maxLength: 4 }),
    maybe: fc.option(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), { nil: undefined }),
    choice: fc.constantFrom('x' as const, 'y' as const),
    rest: fc.oneof(
      fc.uint8Array({ maxLength: 16 }).map((bytes) => ({ kind: 'data' as const, bytes })),
      fc.constant({ kind: 'none' as const }),
    ),
  });

  test('CO1 decodes what it encoded', () => {
    fc.assert(
      fc.property(anyMessage, (value) => {
        const bytes = encodeField(message, value as never);
        expect(encodeField(message, decodeField(message, bytes) as never)).toEqual(bytes);
      }),
    );
  });

  test('CO2 never throws on any bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void decodeField(message, bytes)));
  });

  test('CO3 knows no choice, flag or text but those declared', () => {
    expect(decodeField(oneOf(['x', 'y']), Uint8Array.of(2))).toMatchObject({ fault: 'form' });
    expect(decodeField(flag, Uint8Array.of(2))).toMatchObject({ fault: 'form' });
    expect(decodeField(ascii(4), Uint8Array.of(1, 0x80))).toMatchObject({ fault: 'form' });
  });
});

describe('hexadecimal', () => {
  test('CO1 decodes what it encoded and refuses other text', () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => void expect(decodeHex(encodeHex(bytes))).toEqual(bytes)));
    expect(decodeHex('abc')).toMatchObject({ fault: 'hex' });
    expect(decodeHex('zz')).toMatchObject({ fault: 'hex' });
  });
});

test('CO3 writes each byte at its place, wherever the buffer has to grow', () => {
  for (let length = 0; length < 40; length++) {
    const written = encodeBytes((w) => {
      for (let i = 0; i < length; i++) w.u8(i);
      w.u16(0xbbaa).u8(0xcc);
    }, 1);
    expect([...written]).toEqual([...Array.from({ length }, (_, i) => i), 0xaa, 0xbb, 0xcc]);
  }
});
