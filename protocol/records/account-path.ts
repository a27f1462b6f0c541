import { type CodecFault, decodeBytes } from '../codec/reader.ts';

const MAX_INDICES = 6;
const MAX_BYTES = 28;
const HARDENED = 2 ** 31;
const GROUP = 0x80;

/**
 * A path below a registered account: non-hardened indices as LEB128 in their shortest form; none names the master key itself.
 *
 * @shape at most 6 indices and 28 bytes
 * @source SPEC RC8; spec 04, real-name accounts
 */
export const encodeAccountPath = (path: readonly number[]): Uint8Array => {
  const bytes: number[] = [];
  for (const index of path) {
    let rest = index;
    for (; rest >= GROUP; rest = Math.floor(rest / GROUP)) bytes.push((rest % GROUP) + GROUP);
    bytes.push(rest);
  }
  return Uint8Array.from(bytes);
};

/**
 * @fault `size`: more than 28 bytes or 6 indices, or a hardened index; `varint`: not the shortest form; `short`
 * @source SPEC RC8
 */
export const decodeAccountPath = (bytes: Uint8Array): readonly number[] | CodecFault =>
  decodeBytes(bytes, (reader) => {
    if (bytes.length > MAX_BYTES) reader.refuse('size', { size: bytes.length });
    const path: number[] = [];
    while (reader.remaining > 0) {
      let [index, scale, byte] = [0, 1, GROUP];
      while (byte >= GROUP) {
        byte = reader.u8();
        index += (byte % GROUP) * scale;
        scale *= GROUP;
        if (index >= HARDENED) reader.refuse('size', { index });
      }
      if (byte === 0 && scale > GROUP) reader.refuse('varint');
      path.push(index);
      if (path.length > MAX_INDICES) reader.refuse('size', { indices: path.length });
    }
    return path;
  });
