import { type Fault, fault } from '../fault.ts';

const DIGITS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Two lower-case digits a byte. */
export const encodeHex = (bytes: Uint8Array): string => {
  let text = '';
  for (const byte of bytes) text += DIGITS[byte];
  return text;
};

/** @fault `hex`: odd length or a character that is not a hexadecimal digit */
export const decodeHex = (text: string): Uint8Array | Fault<'hex'> => {
  if (text.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(text)) return fault('hex', { length: text.length });
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(text.slice(i * 2, i * 2 + 2), 16);
  return bytes;
};
