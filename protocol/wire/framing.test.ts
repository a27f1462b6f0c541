import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isFault } from '#protocol/fault';
import { encodeFrame, encodeFrameLength, FrameReader } from './framing.ts';

const cut = (bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] => {
  const chunks: Uint8Array[] = [];
  let at = 0;
  for (let i = 0; at < bytes.length; i++) {
    const size = Math.max(1, sizes[i % sizes.length] ?? 1);
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  return chunks;
};

const join = (parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(parts.flatMap((part) => [...part]));

describe('frames', () => {
  test('WI1 gives back every payload, however the stream is cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 12 }),
        fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 8 }),
        (payloads, sizes) => {
          const reader = new FrameReader(300);
          const read: Uint8Array[] = [];
          for (const chunk of cut(join(payloads.map(encodeFrame)), sizes)) {
            const frames = reader.push(chunk);
            if (isFault(frames)) throw new Error(frames.fault);
            read.push(...frames);
          }
          expect(read).toEqual(payloads);
          expect(reader.pending).toBe(0);
        },
      ),
    );
  });

  test('WI1 refuses a length that is not in its shortest form', () => {
    for (const bytes of [
      [0x80, 0x00],
      [0x85, 0x80, 0x00],
      [0xff, 0xff, 0xff, 0x00],
    ])
      expect(new FrameReader(1_000_000).push(Uint8Array.from(bytes))).toMatchObject({ fault: 'frame-length' });
  });

  test('WI2 takes the bound itself and refuses one byte more', () => {
    for (const maximum of [0, 1, 127, 128, 16_383, 16_384, 16 * 1024]) {
      expect(new FrameReader(maximum).push(encodeFrame(new Uint8Array(maximum)))).toHaveLength(1);
      expect(new FrameReader(maximum).push(encodeFrameLength(maximum + 1))).toMatchObject({ fault: 'frame-size' });
    }
  });

  test('WI2 attack P1: a length that lies takes no memory, and is refused at once where it is above the bound', () => {
    const reader = new FrameReader(4 * 1024 * 1024);
    reader.append(encodeFrameLength(4 * 1024 * 1024));
    expect(reader.next()).toBeUndefined();
    expect(reader.heldCapacity).toBeLessThan(1_024);
    for (const lie of [[0xff, 0xff, 0xff, 0xff, 0x0f], new Array(10).fill(0xff), [0xff, 0xff, 0xff, 0x7f]])
      expect(new FrameReader(4 * 1024 * 1024).push(Uint8Array.from(lie))).toMatchObject({ fault: 'frame-size' });
  });

  test('WI2 keeps a small multiple of what it was given, byte by byte', () => {
    const reader = new FrameReader(1024 * 1024);
    const frame = encodeFrame(new Uint8Array(200_000));
    for (let i = 0; i < frame.length - 1; i++) {
      reader.append(frame.subarray(i, i + 1));
      if (i % 10_000 === 0) expect(reader.heldCapacity).toBeLessThanOrEqual(4 * (i + 1) + 1_024);
    }
    expect(reader.next()).toBeUndefined();
    reader.append(frame.subarray(-1));
    expect(reader.next()).toHaveLength(200_000);
    expect(reader.heldCapacity).toBe(0);
  });

  test('WI2 gives nothing after a fault', () => {
    const reader = new FrameReader(10);
    expect(reader.push(encodeFrameLength(11))).toMatchObject({ fault: 'frame-size' });
    expect(reader.push(encodeFrame(new Uint8Array(3)))).toMatchObject({ fault: 'frame-size' });
  });
});
