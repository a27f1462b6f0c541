import { bech32 } from '@scure/base';
import { invariant } from '../../protocol/invariant.ts';

const GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
const CHECKSUM_WORDS = 6;
/** words that are tried in all ways: five times as many bits as the end that has to be met */
const TRIED = 5;
const SEEN = 4;

const step = (state: number, word: number): number =>
  GENERATOR.reduce((next, part, bit) => (((state >>> 25) >> bit) & 1 ? next ^ part : next), ((state & 0x1ffffff) << 5) ^ word);

const fold = (words: readonly number[], from: number): number => words.reduce(step, from);

const expand = (prefix: string): readonly number[] => {
  const codes = [...prefix].map((character) => character.charCodeAt(0));
  return [...codes.map((code) => code >> 5), 0, ...codes.map((code) => code & 31)];
};

/**
 * Makes another address that begins and ends like this one, as a thief does who hopes for a glance at the ends.
 *
 * @source BIP173, checksum
 */
export const makeTwin = (address: string): string => {
  const { prefix, words } = bech32.decode(address as `${string}1${string}`);
  const kept = words.slice(0, words.length - TRIED);
  const wanted = address.slice(-SEEN);
  const start = fold(kept, fold(expand(prefix), 1));
  for (let tried = 0; tried < 2 ** (5 * TRIED); tried++) {
    const tail = Array.from({ length: TRIED }, (_, i) => (tried >> (5 * i)) & 31);
    const sum = fold(new Array<number>(CHECKSUM_WORDS).fill(0), fold(tail, start)) ^ 1;
    const end = Array.from({ length: SEEN }, (_, i) => 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'[(sum >> (5 * (SEEN - 1 - i))) & 31]).join('');
    if (end !== wanted) continue;
    const twin = bech32.encode(prefix, [...kept, ...tail]);
    if (twin !== address) return twin;
  }
  invariant(false, 'thirty-two in 2^25 tails have the wanted end');
};
