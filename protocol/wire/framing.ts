import { concatBytes } from '../codec/bytes.ts';
import { type Fault, fault } from '../fault.ts';
import { invariant } from '../invariant.ts';

export type FrameFault = Fault<'frame-size' | 'frame-length'>;

/** Lengths stay below 2^28, far above every message's bound. */
const MAX_LENGTH_BYTES = 4;

/** @shape unsigned LEB128 in its shortest form, at most 4 bytes */
export const encodeFrameLength = (length: number): Uint8Array => {
  invariant(Number.isSafeInteger(length) && length >= 0 && length < 2 ** 28, 'a frame length is below 2^28');
  const bytes: number[] = [];
  let rest = length;
  while (rest > 0x7f) {
    bytes.push((rest & 0x7f) | 0x80);
    rest >>>= 7;
  }
  bytes.push(rest);
  return Uint8Array.from(bytes);
};

/**
 * @shape length as unsigned LEB128 ‖ payload
 * @source SPEC WI1
 */
export const encodeFrame = (payload: Uint8Array): Uint8Array => concatBytes(encodeFrameLength(payload.length), payload);

/** What is held is at most four times what is pending, and this. */
const KEPT_CAPACITY = 16 * 1024;

/**
 * Takes frames off a stream of bytes as they become complete. What it holds is bounded by what it was given: no memory
 * is taken for a length that was only announced. After a fault it gives nothing else.
 *
 * @fault `frame-size`: the announced length is above `maximum`; `frame-length`: not the shortest form
 * @source SPEC WI1, WI2; attack P1
 */
export class FrameReader {
  private readonly maximum: number;
  private buffer = new Uint8Array(0);
  private start = 0;
  private end = 0;
  private length: number | undefined;
  private broken: FrameFault | undefined;

  constructor(maximum: number) {
    this.maximum = maximum;
  }

  /** bytes held that belong to no frame given so far */
  get pending(): number {
    return this.end - this.start;
  }

  /** bytes of memory taken */
  get heldCapacity(): number {
    return this.buffer.length;
  }

  append(chunk: Uint8Array): void {
    if (this.broken !== undefined) return;
    if (this.end + chunk.length > this.buffer.length) this.makeRoom(chunk.length);
    this.buffer.set(chunk, this.end);
    this.end += chunk.length;
  }

  /** The next complete frame's payload, in memory of its own; undefined while it is incomplete. */
  next(): Uint8Array | FrameFault | undefined {
    if (this.broken !== undefined) return this.broken;
    this.length ??= this.readLength();
    if (this.broken !== undefined) return this.broken;
    if (this.length === undefined || this.pending < this.length) return undefined;
    const payload = this.buffer.slice(this.start, this.start + this.length);
    this.start += this.length;
    this.length = undefined;
    if (this.pending === 0 && this.buffer.length > KEPT_CAPACITY) this.forget();
    return payload;
  }

  /** Appends and gives every frame that is complete now: for callers that bound what a chunk may cost them by other means. */
  push(chunk: Uint8Array): readonly Uint8Array[] | FrameFault {
    this.append(chunk);
    const payloads: Uint8Array[] = [];
    for (;;) {
      const payload = this.next();
      if (payload === undefined) return payloads;
      if (!(payload instanceof Uint8Array)) return payload;
      payloads.push(payload);
    }
  }

  private makeRoom(extra: number): void {
    const larger = new Uint8Array(Math.max((this.pending + extra) * 2, 64));
    larger.set(this.buffer.subarray(this.start, this.end));
    this.end = this.pending;
    this.start = 0;
    this.buffer = larger;
  }

  private forget(): void {
    this.buffer = new Uint8Array(0);
    this.start = 0;
    this.end = 0;
  }

  private readLength(): number | undefined {
    let value = 0;
    for (let i = 0; i < MAX_LENGTH_BYTES; i++) {
      if (i >= this.pending) return undefined;
      const byte = this.buffer[this.start + i] as number;
      value += (byte & 0x7f) * 2 ** (7 * i);
      if (byte > 0x7f) continue;
      if (byte === 0 && i > 0) return this.refuse(fault('frame-length', { bytes: i + 1 }));
      if (value > this.maximum) return this.refuse(fault('frame-size', { size: value, maximum: this.maximum }));
      this.start += i + 1;
      return value;
    }
    return this.refuse(fault('frame-size', { maximum: this.maximum }));
  }

  private refuse(reason: FrameFault): undefined {
    this.broken = reason;
    this.forget();
    return undefined;
  }
}
