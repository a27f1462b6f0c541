import { entropyToMnemonic, mnemonicToSeedSync } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import { describe, expect, test } from 'vitest';
import { encodeUtf8 } from '#protocol/codec/utf8';
import { sha256 } from '#protocol/crypto/hash';
import { deriveSeed } from './mnemonic.ts';

describe('the seed', () => {
  const entropies = [...Array.from({ length: 6 }, (_, i) => sha256(Uint8Array.of(i))), new Uint8Array(32), new Uint8Array(32).fill(255)];
  const cases = entropies.flatMap((bytes) => [16, 32].map((length) => bytes.slice(0, length)));

  test.each(['', 'TREZOR', 'pässwörd ①', '\u212b'])(
    'HK3 VT8 of entropy and passphrase “%s” as bytes is the one of BIP39’s words',
    async (passphrase) => {
      for (const entropy of cases)
        expect(await deriveSeed(entropy, encodeUtf8(passphrase))).toEqual(
          mnemonicToSeedSync(entropyToMnemonic(entropy, wordlist), passphrase),
        );
    },
  );
});
