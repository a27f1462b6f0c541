import { concatBytes } from '../codec/bytes.ts';
import { type Fault, fault } from '../fault.ts';

/** @shape u32 little-endian length ‖ message */
export const encodeFrame = (message: Uint8Array): Uint8Array => {
  const frame = new Uint8Array(4 + message.length);
  new DataView(frame.buffer).setUint32(0, message.length, true);
  frame.set(message, 4);
  return frame;
};

/**
 * Cuts a stream of bytes into messages; a length above `maximum` is refused before a byte of that message is kept.
 *
 * @source SPEC WI1
 */
export class FrameReader {
  private pending: Uint8Array[] = [];
  private held = 0;
  private readonly maximum: number;

  constructor(maximum: number) {
    this.maximum = maximum;
  }

  /** @fault `frame-size`: the length announced is above the maximum; the stream is of no further use */
  push(chunk: Uint8Array): readonly Uint8Array[] | Fault<'frame-size'> {
    this.pending.push(chunk);
    this.held += chunk.length;
    const messages: Uint8Array[] = [];
    for (;;) {
      const length = this.announced();
      if (length === undefined || length > this.maximum || this.held < 4 + length) {
        return length !== undefined && length > this.maximum ? fault('frame-size', { size: length, maximum: this.maximum }) : messages;
      }
      const all = concatBytes(...this.pending);
      messages.push(all.slice(4, 4 + length));
      this.pending = all.length === 4 + length ? [] : [all.subarray(4 + length)];
      this.held -= 4 + length;
    }
  }

  private announced(): number | undefined {
    if (this.held < 4) return undefined;
    const [first] = this.pending;
    if (first !== undefined && first.length < 4) this.pending = [concatBytes(...this.pending)];
    const head = this.pending[0] as Uint8Array;
    return new DataView(head.buffer, head.byteOffset, 4).getUint32(0, true);
  }
}
