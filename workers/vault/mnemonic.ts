import { entropyToMnemonic, mnemonicToEntropy, mnemonicToSeedWebcrypto } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english.js';
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

/** @shape 64 bytes @source BIP39 */
export const deriveSeed = (entropy: Uint8Array, passphrase: string): Promise<Uint8Array> =>
  seedOfWords(entropyToMnemonic(entropy, wordlist), passphrase);

export const WORD_LIST: readonly string[] = wordlist;
