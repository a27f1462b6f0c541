import { EMPTY_BYTES } from '../codec/bytes.ts';

const NUMBER_BYTES = 4;

const isMinimalNumber = (bytes: Uint8Array): boolean => {
  const last = bytes[bytes.length - 1] ?? 0;
  if ((last & 0x7f) !== 0) return true;
  return bytes.length > 1 && ((bytes[bytes.length - 2] as number) & 0x80) !== 0;
};

/**
 * Reads a script number: little-endian, the top bit is the sign. Undefined where it is too long or, if asked, not minimal.
 *
 * @shape at most `maximum` bytes, itself at most 5, so that every value and every sum of two is an exact number
 */
export const readScriptNumber = (bytes: Uint8Array, minimal: boolean, maximum = NUMBER_BYTES): number | undefined => {
  if (bytes.length > maximum) return undefined;
  if (bytes.length === 0) return 0;
  if (minimal && !isMinimalNumber(bytes)) return undefined;
  let magnitude = 0;
  for (let i = bytes.length - 1; i >= 0; i--) magnitude = magnitude * 256 + (bytes[i] as number);
  const sign = 2 ** (8 * bytes.length - 1);
  return magnitude >= sign ? 0 - (magnitude - sign) : magnitude;
};

export const encodeScriptNumber = (value: number): Uint8Array => {
  if (value === 0) return EMPTY_BYTES;
  const bytes: number[] = [];
  for (let rest = Math.abs(value); rest > 0; rest = Math.floor(rest / 256)) bytes.push(rest % 256);
  const sign = value < 0 ? 0x80 : 0;
  const last = bytes[bytes.length - 1] as number;
  if (last >= 0x80) bytes.push(sign);
  else bytes[bytes.length - 1] = last | sign;
  return Uint8Array.from(bytes);
};

/** What a script takes for true: any byte not zero, a lone sign bit in the last excepted. */
export const isTruthy = (bytes: Uint8Array): boolean => {
  for (let i = 0; i < bytes.length; i++) if (bytes[i] !== 0) return !(i === bytes.length - 1 && bytes[i] === 0x80);
  return false;
};
