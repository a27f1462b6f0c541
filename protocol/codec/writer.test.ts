import { expect, test } from 'vitest';
import { encodeBytes } from './writer.ts';

test('CO3 each kind of field writes the same bytes where the buffer must grow for it', () => {
  for (let before = 0; before < 20; before++) {
    const written = encodeBytes((w) => {
      for (let i = 0; i < before; i++) w.u8(i);
      w.u8(0xaa).u16(0x0102).u16be(0x0102).u32(1).u32be(1).u64(1n).u128(1n).compactSize(300).varBytes(Uint8Array.of(7)).u8(0xbb);
    }, 1);
    const roomy = encodeBytes((w) => {
      for (let i = 0; i < before; i++) w.u8(i);
      w.u8(0xaa).u16(0x0102).u16be(0x0102).u32(1).u32be(1).u64(1n).u128(1n).compactSize(300).varBytes(Uint8Array.of(7)).u8(0xbb);
    }, 1_000);
    expect(written).toEqual(roomy);
    expect(written.length).toBe(before + 43);
  }
});
