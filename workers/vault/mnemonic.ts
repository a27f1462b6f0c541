import { pbkdf2, sha512 } from '@noble/hashes/webcrypto.js';
import { entropyToMnemonic, mnemonicToEntropy, mnemonicToSeedWebcrypto } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import { concatBytes } from '#protocol/codec/bytes';
import { encodeUtf8 } from '#protocol/codec/utf8';
import { sha256 } from '#protocol/crypto/hash';
import { type Fault, fault } from '#protocol/fault';

export type WordsFault = Fault<'words-count' | 'words-unknown' | 'words-checksum'>;

const splitWords = (text: string): string[] => text.normalize('NFKD').trim().toLowerCase().split(/\s+/u);

/**
 * Reads recovery words as a person types or pastes them.
 *
 * @shape result: 16 or 32 bytes of entropy
 * @fault `words-count`: neither 12 nor 24; `words-unknown`: the place, from 1, of a word that is not in the list;
 * `words-checksum`: all are in the list, but one is not the right one
 * @source SPEC VT4; BIP39
 */
export const readWords = (text: string): Uint8Array | WordsFault => {
  const words = splitWords(text);
  if (words.length !== 12 && words.length !== 24) return fault('words-count', { count: words.length });
  const unknown = words.findIndex((word) => !wordlist.includes(word));
  if (unknown !== -1) return fault('words-unknown', { place: unknown + 1 });
  try {
    return mnemonicToEntropy(words.join(' '), wordlist);
  } catch {
    return fault('words-checksum');
  }
};

export const writeWords = (entropy: Uint8Array): string[] => entropyToMnemonic(entropy, wordlist).split(' ');

/** The host's own PBKDF2. @shape 64 bytes; words of any language @source SPEC HK3; BIP39 */
export const seedOfWords = (words: string, passphrase: string): Promise<Uint8Array> => mnemonicToSeedWebcrypto(words, passphrase);

const ENTROPY_WORD_BITS = 11;
const SEED_ROUNDS = 2_048;
const SEED_BYTES = 64;
const SPACE = encodeUtf8(' ');

/** Places of the words in the list: 11 bits each of the entropy and the beginning of its hash. */
const wordPlaces = (entropy: Uint8Array): number[] => {
  const hash = sha256(entropy);
  const count = (entropy.length * 8 * 33) / 32 / ENTROPY_WORD_BITS;
  const bitAt = (bit: number): number => {
    const byte = bit < entropy.length * 8 ? entropy[bit >> 3] : hash[(bit >> 3) - entropy.length];
    return ((byte as number) >> (7 - (bit & 7))) & 1;
  };
  return Array.from({ length: count }, (_, word) => {
    let place = 0;
    for (let bit = 0; bit < ENTROPY_WORD_BITS; bit++) place = place * 2 + bitAt(word * ENTROPY_WORD_BITS + bit);
    return place;
  });
};

/** The phrase as bytes, never as a text, which nobody could wipe. @shape the caller wipes them @source BIP39 */
const encodePhrase = (entropy: Uint8Array): Uint8Array => {
  const words = wordPlaces(entropy).map((place) => encodeUtf8(WORD_LIST[place] as string));
  return concatBytes(...words.flatMap((word, i) => (i === 0 ? [word] : [SPACE, word])));
};

/** @shape passphrase: UTF-8, taken as it is where it is ASCII */
const saltOf = (passphrase: Uint8Array): Uint8Array => {
  const normal = passphrase.every((byte) => byte < 0x80) ? passphrase : encodeUtf8(new TextDecoder().decode(passphrase).normalize('NFKD'));
  return concatBytes(encodeUtf8('mnemonic'), normal);
};

/** The host's own PBKDF2. @shape 64 bytes; passphrase: UTF-8 @source SPEC VT8; BIP39 */
export const deriveSeed = async (entropy: Uint8Array, passphrase: Uint8Array): Promise<Uint8Array> => {
  const [phrase, salt] = [encodePhrase(entropy), saltOf(passphrase)];
  const seed = await pbkdf2(sha512, phrase, salt, { c: SEED_ROUNDS, dkLen: SEED_BYTES });
  phrase.fill(0);
  salt.fill(0);
  return seed;
};

export const WORD_LIST: readonly string[] = wordlist;
