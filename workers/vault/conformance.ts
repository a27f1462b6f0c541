import { argon2id } from '@noble/hashes/argon2.js';
import { entropyToMnemonic } from '@scure/bip39';
import { wordlist as czech } from '@scure/bip39/wordlists/czech.js';
import { wordlist as english } from '@scure/bip39/wordlists/english.js';
import { wordlist as french } from '@scure/bip39/wordlists/french.js';
import { wordlist as italian } from '@scure/bip39/wordlists/italian.js';
import { wordlist as japanese } from '@scure/bip39/wordlists/japanese.js';
import { wordlist as korean } from '@scure/bip39/wordlists/korean.js';
import { wordlist as portuguese } from '@scure/bip39/wordlists/portuguese.js';
import { wordlist as simplifiedChinese } from '@scure/bip39/wordlists/simplified-chinese.js';
import { wordlist as spanish } from '@scure/bip39/wordlists/spanish.js';
import { wordlist as traditionalChinese } from '@scure/bip39/wordlists/traditional-chinese.js';
import { equalBytes } from '#protocol/codec/bytes';
import { encodeHex } from '#protocol/codec/hex';
import { type AsyncConformanceAdapter, ConformanceTally, parseJson, toBytes } from '#protocol/conformance/report';
import { deriveMasterKey } from '#protocol/crypto/hd-key';
import { isFault } from '#protocol/fault';
import { readWords, seedOfWords, writeWords } from './mnemonic.ts';
import { deriveKey } from './password-key.ts';

/** Lists that are at hand here; the vault itself writes and reads English words only. */
const LISTS: Readonly<Record<string, string[]>> = {
  czech,
  english,
  french,
  italian,
  japanese,
  korean,
  portuguese,
  chinese_simplified: simplifiedChinese,
  spanish,
  chinese_traditional: traditionalChinese,
};

const isOwnReading = (words: string, entropy: string): boolean => {
  const read = readWords(words);
  // the vault makes and reads phrases of 12 and 24 words
  if (words.split(' ').length % 12 !== 0) return true;
  return !isFault(read) && encodeHex(read) === entropy && writeWords(read).join(' ') === words;
};

const isWordsOf = (language: string, words: string, entropy: string): boolean => {
  const list = LISTS[language];
  const same = list === undefined || entropyToMnemonic(toBytes(entropy), list).normalize('NFKD') === words.normalize('NFKD');
  return same && (language !== 'english' || isOwnReading(words, entropy));
};

/**
 * mnemonic/trezor_vectors.json: of every language seed and master key, with the words composed and decomposed alike; of a
 * language whose list is at hand the entropy too, and of English what the vault reads and writes.
 */
export const checkMnemonics: AsyncConformanceAdapter = async (contents) => {
  const tally = new ConformanceTally();
  for (const [language, cases] of Object.entries(parseJson(contents) as Readonly<Record<string, readonly string[][]>>))
    for (const [place, [entropy = '', words = '', seed, xprv]] of cases.entries()) {
      const made = await seedOfWords(words.normalize('NFC'), 'TREZOR');
      const keys = encodeHex(made) === seed && deriveMasterKey(made, 'main').toBase58() === xprv;
      tally.judge(`${language} ${place}`, keys && isWordsOf(language, words, entropy));
    }
  return tally.report();
};

interface KdfFile {
  readonly argon2: readonly {
    readonly source: string;
    readonly type: string;
    readonly memoryKiB: number;
    readonly iterations: number;
    readonly parallelism: number;
    readonly tagLength: number;
    readonly password: string;
    readonly salt: string;
    readonly secret: string;
    readonly associatedData: string;
    readonly tag: string;
  }[];
  readonly scrypt: readonly { readonly source: string; readonly N: number }[];
}

const NOT_IN_USE = 'VT1: the vault derives its key by Argon2id and by nothing else';

/** The reference gives the tag, and the vault's own derivation what the reference gives without secret and data, which a vault has not. */
const isArgon2idRight = async (vector: KdfFile['argon2'][number]): Promise<boolean> => {
  const [password, salt] = [toBytes(vector.password), toBytes(vector.salt)];
  const cost = { t: vector.iterations, m: vector.memoryKiB, p: vector.parallelism, dkLen: vector.tagLength };
  const extra = { key: toBytes(vector.secret), personalization: toBytes(vector.associatedData) };
  const kdf = { memory: vector.memoryKiB, passes: vector.iterations, lanes: vector.parallelism };
  const own = await deriveKey(String.fromCharCode(...password), salt, kdf);
  const reference = equalBytes(argon2id(password, salt, { ...cost, ...extra }), toBytes(vector.tag));
  return reference && equalBytes(own, argon2id(password, salt, cost));
};

/** misc/kdf_rfc.json */
export const checkKeyDerivation: AsyncConformanceAdapter = async (contents) => {
  const tally = new ConformanceTally();
  const { argon2, scrypt } = parseJson(contents) as KdfFile;
  for (const vector of argon2) {
    const name = `${vector.source} ${vector.type}`;
    if (vector.type === 'argon2id') tally.judge(name, await isArgon2idRight(vector));
    else tally.skip(name, NOT_IN_USE);
  }
  for (const { source, N } of scrypt) tally.skip(`${source} scrypt N=${N}`, NOT_IN_USE);
  return tally.report();
};
