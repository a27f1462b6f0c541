import { bech32, bech32m } from '@scure/base';
import { type Fault, fault } from '../fault.ts';

const MAX_LENGTH = 90;
const CHECKSUM_WORDS = 6;
const CHARSET = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';

export type Bech32Variant = 'bech32' | 'bech32m';
export type Bech32Fault = Fault<'address-length' | 'address-character' | 'address-mixed-case' | 'address-separator' | 'address-checksum'>;

/** @shape prefix: lower case; words: 5 bits each, without version meaning and without checksum */
export interface Bech32Text {
  readonly prefix: string;
  readonly words: readonly number[];
  readonly variant: Bech32Variant;
}

const findOutside = (text: string, isInside: (character: string) => boolean): number =>
  [...text].findIndex((character) => !isInside(character));

const isPrintable = (character: string): boolean => character >= '!' && character <= '~' && character.length === 1;

const checkCharacters = (text: string): Bech32Fault | undefined => {
  const outside = findOutside(text, isPrintable);
  if (outside >= 0) return fault('address-character', { index: outside });
  return text !== text.toLowerCase() && text !== text.toUpperCase() ? fault('address-mixed-case') : undefined;
};

const checkParts = (text: string): Bech32Fault | undefined => {
  const separator = text.lastIndexOf('1');
  if (separator < 1) return fault('address-separator');
  const outside = findOutside(text.slice(separator + 1), (character) => CHARSET.includes(character));
  if (outside >= 0) return fault('address-character', { index: separator + 1 + outside });
  return text.length - separator - 1 < CHECKSUM_WORDS ? fault('address-length', { length: text.length }) : undefined;
};

/**
 * Takes a bech32 or bech32m string apart.
 *
 * @fault `address-length`: over 90 characters, or no room for a checksum; `address-character`: outside the alphabet;
 * `address-mixed-case`; `address-separator`: no `1`, or nothing before it; `address-checksum`: of neither variant
 * @source SPEC AD1; BIP173, BIP350
 */
export const decodeBech32 = (text: string): Bech32Text | Bech32Fault => {
  if (text.length > MAX_LENGTH) return fault('address-length', { length: text.length });
  const lower = text.toLowerCase();
  const broken = checkCharacters(text) ?? checkParts(lower);
  if (broken !== undefined) return broken;
  const plain = bech32.decodeUnsafe(lower);
  if (plain !== undefined) return { prefix: plain.prefix, words: plain.words, variant: 'bech32' };
  const modified = bech32m.decodeUnsafe(lower);
  return modified === undefined ? fault('address-checksum') : { prefix: modified.prefix, words: modified.words, variant: 'bech32m' };
};

/** @shape prefix: lower case; words: 5 bits each @source SPEC AD1 */
export const encodeBech32 = ({ prefix, words, variant }: Bech32Text): string =>
  (variant === 'bech32' ? bech32 : bech32m).encode(prefix, [...words], MAX_LENGTH);
