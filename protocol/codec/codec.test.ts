import { describe, expect, test } from 'vitest';
import { sha256 } from '#protocol/crypto/hash';
import { type ByteReader, decodeBytes } from './reader.ts';
import { encodeBytes } from './writer.ts';

describe('compact size', () => {
  test('CO1 refuses a size that is not in its shortest form', () => {
    expect(decodeBytes(Uint8Array.of(0xfd, 1, 0), (reader) => reader.compactSize(1000))).toMatchObject({ fault: 'varint' });
    expect(
      decodeBytes(
        encodeBytes((w) => w.compactSize(300)),
        (reader: ByteReader) => reader.compactSize(1000),
      ),
    ).toBe(300);
    expect(sha256(new Uint8Array(0)).length).toBe(32);
  });
});
