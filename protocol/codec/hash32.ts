import type { Brand } from '../brand.ts';
import { type Fault, fault } from '../fault.ts';
import { invariant } from '../invariant.ts';
import { reverseBytes } from './bytes.ts';
import { decodeHex, encodeHex } from './hex.ts';

/** @shape 32 bytes, in internal (hashing) order */
export type Hash32 = Brand<Uint8Array, 'Hash32'>;

/** Takes 32 bytes for a hash; any other number is a bug of the caller. */
export const asHash32 = (bytes: Uint8Array): Hash32 => {
  invariant(bytes.length === 32, 'a hash has 32 bytes');
  return bytes as Hash32;
};

export const ZERO_HASH = asHash32(new Uint8Array(32));

export const isZeroHash = (hash: Uint8Array): boolean => hash.every((byte) => byte === 0);

/** Bitcoin's way to show txids and Bitcoin block hashes: bytes reversed. */
export const encodeReversedHex = (hash: Uint8Array): string => encodeHex(reverseBytes(hash));

/** @fault `hex`: not 64 hexadecimal digits */
export const decodeReversedHex = (text: string): Hash32 | Fault<'hex'> => {
  const bytes = decodeHex(text);
  if (!(bytes instanceof Uint8Array)) return bytes;
  return bytes.length === 32 ? asHash32(bytes.reverse()) : fault('hex', { length: text.length });
};
