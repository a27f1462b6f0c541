const FIRST_BYTES = 1024;

/** Writes a multiproof, which may be taken back to an earlier length. */
export class ProofWriter {
  length = 0;
  private buffer = new Uint8Array(FIRST_BYTES);

  private reserve(extra: number): number {
    const start = this.length;
    this.length += extra;
    if (this.length > this.buffer.length) {
      const larger = new Uint8Array(Math.max(this.length, this.buffer.length * 2));
      larger.set(this.buffer.subarray(0, start));
      this.buffer = larger;
    }
    return start;
  }

  byte(value: number): void {
    const at = this.reserve(1);
    this.buffer[at] = value;
  }

  bytes(value: Uint8Array): void {
    const at = this.reserve(value.length);
    this.buffer.set(value, at);
  }

  /** @shape value: below 2^16 bytes, its length as compactSize */
  varBytes(value: Uint8Array): void {
    if (value.length < 0xfd) this.byte(value.length);
    else this.bytes(Uint8Array.of(0xfd, value.length & 0xff, value.length >> 8));
    this.bytes(value);
  }

  /** Bits `from` to `to` (not included) of a key, most significant first, padded with zeros. */
  bits(key: Uint8Array, from: number, to: number): void {
    const count = to - from;
    const length = (count + 7) >> 3;
    const place = this.reserve(length);
    const shift = from & 7;
    for (let i = 0; i < length; i++) {
      const at = (from >> 3) + i;
      const pair = ((key[at] as number) << 8) | (key[at + 1] ?? 0);
      this.buffer[place + i] = (pair >> (8 - shift)) & 0xff;
    }
    if ((count & 7) !== 0) {
      const last = place + length - 1;
      this.buffer[last] = (this.buffer[last] as number) & (0xff00 >> (count & 7));
    }
  }

  truncate(length: number): void {
    this.length = length;
  }

  finish(): Uint8Array {
    return this.buffer.slice(0, this.length);
  }
}
