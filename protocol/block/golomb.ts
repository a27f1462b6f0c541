/** @source SPEC FI1; BIP158: the low bits of each difference, after its quotient in ones and a zero */
export const REMAINDER_BITS = 19;
const REMAINDER_RANGE = 2 ** REMAINDER_BITS;

/** Writes differences as Golomb-Rice codes, most significant bit first, behind bytes already there. */
export class GolombWriter {
  private buffer: Uint8Array;
  private bits: number;

  constructor(head: Uint8Array, expected: number) {
    this.buffer = new Uint8Array(head.length + Math.ceil((expected * (REMAINDER_BITS + 3)) / 8) + 16);
    this.buffer.set(head);
    this.bits = head.length * 8;
  }

  private put(value: number, count: number): void {
    for (let left = count; left > 0; ) {
      const free = 8 - (this.bits & 7);
      const taken = Math.min(free, left);
      const chunk = (value >> (left - taken)) & ((1 << taken) - 1);
      const at = this.bits >> 3;
      this.buffer[at] = (this.buffer[at] as number) | (chunk << (free - taken));
      this.bits += taken;
      left -= taken;
    }
  }

  private reserve(bits: number): void {
    const bytes = (this.bits + bits + 7) >> 3;
    if (bytes <= this.buffer.length) return;
    const larger = new Uint8Array(Math.max(bytes, this.buffer.length * 2));
    larger.set(this.buffer);
    this.buffer = larger;
  }

  write(difference: number): void {
    const quotient = Math.floor(difference / REMAINDER_RANGE);
    this.reserve(quotient + 1 + REMAINDER_BITS);
    for (let left = quotient; left > 0; left -= 16) this.put(0xffff, Math.min(left, 16));
    this.put(difference % REMAINDER_RANGE, REMAINDER_BITS + 1);
  }

  finish(): Uint8Array {
    return this.buffer.slice(0, (this.bits + 7) >> 3);
  }
}

/** Reads Golomb-Rice codes; past the end it reads zeros and `isShort` is true. */
export class GolombReader {
  private readonly bytes: Uint8Array;
  private bits: number;

  constructor(bytes: Uint8Array, offset: number) {
    this.bytes = bytes;
    this.bits = offset * 8;
  }

  /** At least 25 bits from the current place, at the top of 32. */
  private window(): number {
    const { bytes } = this;
    const at = this.bits >> 3;
    const word = ((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
    return word << (this.bits & 7);
  }

  /** Each turn consumes bits that are there, or ends. */
  read(): number {
    let quotient = 0;
    let ones = Math.min(Math.clz32(~this.window()), 25);
    while (ones === 25) {
      quotient += 25;
      this.bits += 25;
      ones = Math.min(Math.clz32(~this.window()), 25);
    }
    quotient += ones;
    this.bits += ones + 1;
    const remainder = this.window() >>> (32 - REMAINDER_BITS);
    this.bits += REMAINDER_BITS;
    return quotient * REMAINDER_RANGE + remainder;
  }

  get isShort(): boolean {
    return this.bits > this.bytes.length * 8;
  }

  get bytesLeft(): number {
    return this.bytes.length - ((this.bits + 7) >> 3);
  }

  /** Whether the bits left in the last byte are zero. @shape after `bytesLeft` was found to be 0 */
  get isPadded(): boolean {
    return (this.bits & 7) === 0 || this.window() === 0;
  }
}
