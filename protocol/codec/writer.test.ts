import { expect, test } from 'vitest';
import { ByteWriter, encodeBytes } from './writer.ts';

const written = (capacity: number, write: (writer: ByteWriter) => void): Uint8Array => {
  const writer = new ByteWriter(capacity);
  write(writer);
  return writer.finish();
};

test('CO3 each kind of field writes the same bytes where the buffer must grow for it', () => {
  for (let before = 0; before < 20; before++) {
    const write = (w: ByteWriter): void => {
      for (let i = 0; i < before; i++) w.u8(i);
      w.u8(0xaa).u16(0x0102).u16be(0x0102).u32(1).u32be(1).u64(1n).u128(1n).compactSize(300).varBytes(Uint8Array.of(7)).u8(0xbb);
    };
    expect(written(1, write)).toEqual(written(1_000, write));
    expect(encodeBytes(write)).toEqual(written(1_000, write));
    expect(written(1, write).length).toBe(before + 43);
  }
});

test('CO3 a value that is encoded while another is, or after one that failed, is written by itself', () => {
  const inner = (): Uint8Array => encodeBytes((w) => w.u8(2).u8(3));
  const outer = encodeBytes((w) => w.u8(1).varBytes(inner()).varBytes(inner()).u8(4));
  expect(outer).toEqual(Uint8Array.of(1, 2, 2, 3, 2, 2, 3, 4));
  expect(() => encodeBytes((w) => w.u8(9).u64(-1n))).toThrow();
  const kept = inner();
  encodeBytes((w) => w.u8(7).u8(7).u8(7));
  expect(kept).toEqual(Uint8Array.of(2, 3));
});
