import { type Fault, type FaultValue, fault } from '../fault.ts';

export type CodecFaultCode = 'short' | 'trailing' | 'varint' | 'size' | 'form';
/** Bytes are not the one encoding of anything. */
export type CodecFault = Fault<CodecFaultCode>;

class DecodeError extends Error {
  readonly reason: Fault;

  constructor(reason: Fault) {
    super(reason.fault);
    this.reason = reason;
  }
}

/** Reads forward over bytes that are not trusted; every method may refuse, which `decodeBytes` turns into a fault. */
export class ByteReader {
  readonly bytes: Uint8Array;
  offset = 0;
  private readonly view: DataView;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get remaining(): number {
    return this.bytes.length - this.offset;
  }

  /** Besides the codec's own codes a decoder may use codes of its own, which it names to `decodeBytes`. */
  refuse<const Code extends string>(code: CodecFaultCode | Code, detail: Readonly<Record<string, FaultValue>> = {}): never {
    throw new DecodeError(fault(code, { offset: this.offset, ...detail }));
  }

  private advance(length: number): number {
    if (length > this.remaining) this.refuse('short', { wanted: length });
    const start = this.offset;
    this.offset += length;
    return start;
  }

  u8(): number {
    return this.view.getUint8(this.advance(1));
  }

  u16(): number {
    return this.view.getUint16(this.advance(2), true);
  }

  u16be(): number {
    return this.view.getUint16(this.advance(2), false);
  }

  u32(): number {
    return this.view.getUint32(this.advance(4), true);
  }

  u32be(): number {
    return this.view.getUint32(this.advance(4), false);
  }

  u64(): bigint {
    return this.view.getBigUint64(this.advance(8), true);
  }

  u128(): bigint {
    const low = this.u64();
    return low | (this.u64() << 64n);
  }

  /** Shares memory with the input: copy before keeping it beyond the input's life. */
  take(length: number): Uint8Array {
    const start = this.advance(length);
    return this.bytes.subarray(start, start + length);
  }

  /**
   * @fault `varint`: not the shortest encoding; `size`: above `maximum`
   * @source SPEC CO1
   */
  compactSize(maximum: number): number {
    const first = this.u8();
    const value = first < 0xfd ? first : first === 0xfd ? this.u16() : first === 0xfe ? this.u32() : this.u64();
    const least = first < 0xfd ? 0 : first === 0xfd ? 0xfd : first === 0xfe ? 0x1_0000 : 0x1_0000_0000;
    if (value < least) this.refuse('varint');
    if (value > maximum) this.refuse('size', { size: value, maximum });
    return Number(value);
  }

  varBytes(maximum: number): Uint8Array {
    return this.take(this.compactSize(maximum));
  }

  /**
   * Each item takes at least `itemBytes`, so the count is bounded by what is left before memory is taken.
   *
   * @source SPEC CO2
   */
  list<T>(maximum: number, itemBytes: number, item: (reader: ByteReader) => T): T[] {
    const count = this.compactSize(maximum);
    if (count * itemBytes > this.remaining) this.refuse('short', { wanted: count * itemBytes });
    const items: T[] = [];
    for (let i = 0; i < count; i++) items.push(item(this));
    return items;
  }
}

/**
 * Runs a decoder over all of `bytes`.
 *
 * @fault `trailing`: bytes are left over; and whatever the decoder refuses
 * @source SPEC CO3
 */
export const decodeBytes = <T, Code extends string = CodecFaultCode>(
  bytes: Uint8Array,
  decode: (reader: ByteReader) => T,
): T | Fault<Code | CodecFaultCode> => {
  const reader = new ByteReader(bytes);
  try {
    const value = decode(reader);
    return reader.remaining === 0 ? value : fault('trailing', { extra: reader.remaining });
  } catch (error) {
    if (error instanceof DecodeError) return error.reason as Fault<Code | CodecFaultCode>;
    throw error;
  }
};
