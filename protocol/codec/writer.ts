import { invariant } from '../invariant.ts';

/** Grows as it is written to; integers are little-endian unless the name says otherwise. */
export class ByteWriter {
  private buffer: Uint8Array;
  private data: DataView;
  private length = 0;

  constructor(capacity = 256) {
    this.buffer = new Uint8Array(capacity);
    this.data = new DataView(this.buffer.buffer);
  }

  private reserve(extra: number): number {
    const start = this.length;
    this.length += extra;
    if (this.length > this.buffer.length) {
      const larger = new Uint8Array(Math.max(this.length, this.buffer.length * 2));
      larger.set(this.buffer.subarray(0, start));
      this.buffer = larger;
      this.data = new DataView(larger.buffer);
    }
    return start;
  }

  u8(value: number): this {
    const at = this.reserve(1);
    this.data.setUint8(at, value);
    return this;
  }

  u16(value: number): this {
    const at = this.reserve(2);
    this.data.setUint16(at, value, true);
    return this;
  }

  u16be(value: number): this {
    const at = this.reserve(2);
    this.data.setUint16(at, value, false);
    return this;
  }

  u32(value: number): this {
    const at = this.reserve(4);
    this.data.setUint32(at, value, true);
    return this;
  }

  u32be(value: number): this {
    const at = this.reserve(4);
    this.data.setUint32(at, value, false);
    return this;
  }

  u64(value: bigint): this {
    invariant(value >= 0n && value < 1n << 64n, 'a u64 is in range');
    const at = this.reserve(8);
    this.data.setBigUint64(at, value, true);
    return this;
  }

  u128(value: bigint): this {
    return this.u64(value & 0xffff_ffff_ffff_ffffn).u64(value >> 64n);
  }

  bytes(value: Uint8Array): this {
    const at = this.reserve(value.length);
    this.buffer.set(value, at);
    return this;
  }

  compactSize(value: number): this {
    invariant(Number.isSafeInteger(value) && value >= 0, 'a compact size is a count');
    if (value < 0xfd) return this.u8(value);
    if (value < 0x1_0000) return this.u8(0xfd).u16(value);
    if (value < 0x1_0000_0000) return this.u8(0xfe).u32(value);
    return this.u8(0xff).u64(BigInt(value));
  }

  varBytes(value: Uint8Array): this {
    return this.compactSize(value.length).bytes(value);
  }

  list<T>(items: readonly T[], item: (writer: this, value: T) => void): this {
    this.compactSize(items.length);
    for (const value of items) item(this, value);
    return this;
  }

  /** @unit bytes */
  get capacity(): number {
    return this.buffer.length;
  }

  /** Forgets what was written and keeps the memory. */
  restart(): this {
    this.length = 0;
    return this;
  }

  /** As `restart`, and nothing of what was written stays in memory. */
  wipe(): this {
    this.buffer.fill(0, 0, this.length);
    return this.restart();
  }

  /** What was written, in the writer's own memory: valid until it is written to again. */
  view(): Uint8Array {
    return this.buffer.subarray(0, this.length);
  }

  /** What was written, in memory of its own. */
  finish(): Uint8Array {
    return this.buffer.slice(0, this.length);
  }
}

/** Writers at rest, empty: what is encoded inside of another takes one of its own. */
const idle: ByteWriter[] = [];
const MAX_IDLE = 8;
/** Memory of a writer that is kept. @unit bytes */
const KEPT_CAPACITY = 65_536;

export const encodeBytes = (write: (writer: ByteWriter) => void, capacity?: number): Uint8Array => {
  const writer = idle.pop() ?? new ByteWriter(capacity);
  write(writer);
  const bytes = writer.finish();
  if (idle.length < MAX_IDLE && writer.capacity <= KEPT_CAPACITY) idle.push(writer.wipe());
  return bytes;
};
