import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { mnemonicToSeedSync } from '@scure/bip39';
import { describe, expect, test } from 'vitest';
import { decodeHex, encodeHex } from '../codec/hex.ts';
import { decodeExtendedKey, deriveMasterKey } from './hd-key.ts';

interface Vectors {
  readonly valid: readonly {
    readonly seed: string;
    readonly chains: readonly { readonly path: string; readonly xpub: string; readonly xprv: string }[];
  }[];
  readonly invalid: readonly { readonly key: string; readonly reason: string }[];
}

const read = (name: string): unknown => {
  const file = join(process.env.VC_VECTORS ?? '', name);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
};

const bip32 = read('bips/bip-0032.json') as Vectors | undefined;
const trezor = read('mnemonic/trezor_vectors.json') as Record<string, readonly string[][]> | undefined;
const bytes = (hex: string): Uint8Array => decodeHex(hex) as Uint8Array;

describe.skipIf(bip32 === undefined)('bips/bip-0032.json', () => {
  test('HK1 derives all 17 chains of the vectors', () => {
    let chains = 0;
    for (const { seed, chains: wanted } of bip32!.valid)
      for (const { path, xpub, xprv } of wanted) {
        const key = path === 'm' ? deriveMasterKey(bytes(seed), 'main') : deriveMasterKey(bytes(seed), 'main').derivePath(path);
        expect(key.toBase58()).toBe(xprv);
        expect(key.neutered().toBase58()).toBe(xpub);
        expect(decodeExtendedKey(xpub, 'main')).toMatchObject({ depth: key.depth });
        chains++;
      }
    expect(chains).toBe(17);
  });

  test.each(bip32?.invalid ?? [])('HK2 refuses $reason', ({ key }) => {
    expect(decodeExtendedKey(key, 'main')).toMatchObject({ fault: 'extended-key' });
  });
});

describe.skipIf(trezor === undefined)('mnemonic/trezor_vectors.json', () => {
  test('HK3 makes seed and master key of each of the 288 vectors', () => {
    let count = 0;
    for (const cases of Object.values(trezor!))
      for (const [, words, seed, xprv] of cases) {
        const made = mnemonicToSeedSync(words as string, 'TREZOR');
        expect(encodeHex(made)).toBe(seed);
        expect(deriveMasterKey(made, 'main').toBase58()).toBe(xprv);
        count++;
      }
    expect(count).toBe(288);
  });
});

test('HK1 reads no key of another network', () => {
  const key = deriveMasterKey(new Uint8Array(32).fill(7), 'test').toBase58();
  expect(key.startsWith('tprv')).toBe(true);
  expect(decodeExtendedKey(key, 'main')).toMatchObject({ fault: 'extended-key' });
  expect(decodeExtendedKey(key, 'test')).not.toHaveProperty('fault');
});
