import { createBase58check } from '@scure/base';
import { concatBytes } from '#protocol/codec/bytes';
import { encodeHex } from '#protocol/codec/hex';
import { type AsyncConformanceAdapter, ConformanceTally, parseJson } from '#protocol/conformance/report';
import { sha256 } from '#protocol/crypto/hash';
import { deriveMasterKey } from '#protocol/crypto/hd-key';
import { isFault } from '#protocol/fault';
import { encodeWitnessAddress } from '#protocol/script/witness-address';
import { matchWitnessProgram } from '#protocol/script/witness-program';
import { deriveSeed, readWords, writeWords } from './mnemonic.ts';
import { Secrets } from './secrets.ts';
import { VAULT_CONTENT_VERSION } from './vault-content.ts';

type Section = Readonly<Record<string, string>> & { readonly section: string };

const base58 = createBase58check(sha256);
/** SLIP132's prefixes, which the BIP's examples carry; ours are Bitcoin's own */
const ZPRV = Uint8Array.of(0x04, 0xb2, 0x43, 0x0c);
const ZPUB = Uint8Array.of(0x04, 0xb2, 0x47, 0x46);
const BITCOIN = { coinType: 0, prefix: 'main' } as const;

const withPrefix = (extendedKey: string, prefix: Uint8Array): string =>
  base58.encode(concatBytes(prefix, base58.decode(extendedKey).subarray(4)));

const encodeImportKey = (key: Uint8Array): string => base58.encode(concatBytes(Uint8Array.of(0x80), key, Uint8Array.of(1)));

const encodeBitcoinAddress = (script: Uint8Array): string => {
  const program = matchWitnessProgram(script);
  return program === undefined ? '' : encodeWitnessAddress({ prefix: 'bc', ...program });
};

/** What the vault derives at the path that a section's title names. */
const deriveSection = (title: string, entropy: Uint8Array, seed: Uint8Array, secrets: Secrets): Readonly<Record<string, string>> => {
  const place = /m\/84'\/0'\/0'\/([01])\/(\d+)$/.exec(title);
  const master = deriveMasterKey(seed, BITCOIN.prefix);
  if (place !== null) {
    const at = { account: 0, change: Number(place[1]) as 0 | 1, index: Number(place[2]) };
    const [privkey, pubkey] = secrets.withKey(at, (key, publicKey) => [encodeImportKey(key), encodeHex(publicKey)]);
    return { privkey, pubkey, address: encodeBitcoinAddress(secrets.scriptAt(at)) } as Record<string, string>;
  }
  if (!title.startsWith('Account'))
    return {
      mnemonic: writeWords(entropy).join(' '),
      rootpriv: withPrefix(master.toBase58(), ZPRV),
      rootpub: withPrefix(master.neutered().toBase58(), ZPUB),
    };
  const account = master.derivePath("m/84'/0'/0'");
  return { xpriv: withPrefix(account.toBase58(), ZPRV), xpub: withPrefix(secrets.watched()[0]?.xpub ?? '', ZPUB) };
};

/** bips/bip-0084.json: every value, as the vault derives it from the words. */
export const checkBip84: AsyncConformanceAdapter = async (contents) => {
  const tally = new ConformanceTally();
  const sections = parseJson(contents) as readonly Section[];
  const entropy = readWords(sections[0]?.mnemonic ?? '');
  if (isFault(entropy)) {
    tally.judge('mnemonic', false);
    return tally.report();
  }
  const nothing = new Uint8Array(0);
  const accounts = [{ account: 0, name: nothing }];
  const content = { version: VAULT_CONTENT_VERSION, coinType: BITCOIN.coinType, entropy, passphrase: nothing, accounts, createdAt: 0 };
  const [seed, secrets] = [await deriveSeed(entropy, nothing), await Secrets.open(content, BITCOIN)];
  for (const { section, ...values } of sections) {
    const derived = deriveSection(section, entropy, seed, secrets);
    for (const [label, value] of Object.entries(values)) tally.judge(`${section}: ${label}`, derived[label] === value);
  }
  return tally.report();
};
