import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concatBytes } from '../codec/bytes.ts';
import { type Fault, isFault } from '../fault.ts';
import { type Address, type AddressPrefix, decodeAddress, encodeAddress } from './address.ts';
import { encodeBech32 } from './bech32-text.ts';
import { buildPayToKeyHash } from './forms/pay-to-key.ts';
import { buildPayToScript } from './forms/pay-to-script.ts';
import { decodePaymentUri, encodePaymentUri, isPaymentUri } from './payment-uri.ts';
import { encodeWitnessAddress } from './witness-address.ts';

const DEV: AddressPrefix = { plain: 'dvc', realName: 'dvcr' };
const MAIN: AddressPrefix = { plain: 'vc', realName: 'vcr' };
const HASH = Uint8Array.from({ length: 20 }, (_, i) => i);
const collective = concatBytes(Uint8Array.of(0x52, 32), new Uint8Array(32).fill(3));
const address = encodeAddress(buildPayToKeyHash(HASH), DEV) as string;
const codeOf = (text: string, prefix = DEV): string => (decodeAddress(text, prefix) as Fault).fault;
const witnessAddress = (version: number, length: number, prefix = 'dvc'): string =>
  encodeWitnessAddress({ prefix, version, program: new Uint8Array(length) });

describe('addresses', () => {
  test('AD3 are of keys, scripts and collectives', () => {
    const forms: readonly [Address['kind'], Uint8Array][] = [
      ['key', buildPayToKeyHash(HASH)],
      ['script', buildPayToScript(HASH)],
      ['collective', collective],
    ];
    for (const [kind, script] of forms)
      for (const prefix of [DEV, MAIN]) expect(decodeAddress(encodeAddress(script, prefix) as string, prefix)).toEqual({ kind, script });
  });

  test('AD3 are not of any other script', () => {
    for (const script of [new Uint8Array(0), Uint8Array.of(0x51), HASH, concatBytes(Uint8Array.of(0x51, 32), new Uint8Array(32))])
      expect(encodeAddress(script, DEV)).toBeUndefined();
    expect(codeOf(witnessAddress(1, 32))).toBe('address-version');
    expect(codeOf(witnessAddress(16, 2))).toBe('address-version');
    expect(codeOf(witnessAddress(2, 20))).toBe('address-program-length');
    expect(codeOf(witnessAddress(0, 16))).toBe('address-program-length');
  });

  test('AD2 W10 are of one network', () => {
    expect(decodeAddress(address, MAIN)).toEqual({ fault: 'address-network', detail: { prefix: 'dvc', wanted: 'vc' } });
    expect(codeOf('bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4')).toBe('address-network');
    expect(codeOf(witnessAddress(0, 20, 'dvcr'))).toBe('address-real-name');
  });

  test('AD1 W10 are written in one case', () => {
    expect(decodeAddress(address.toUpperCase(), DEV)).toEqual(decodeAddress(address, DEV));
    expect(codeOf(address.slice(0, -1) + address.slice(-1).toUpperCase().replace(/\d/, 'Q'))).toBe('address-mixed-case');
    expect(codeOf(`D${address.slice(1)}`)).toBe('address-mixed-case');
  });

  test('AD1 W10 have their own code for each way to be broken', () => {
    expect(codeOf('')).toBe('address-separator');
    expect(codeOf(address.replace('1', '7'))).toMatch(/address-(separator|checksum|character)/);
    expect(codeOf(`${address.slice(0, 10)}b${address.slice(11)}`)).toBe('address-character');
    expect(codeOf(` ${address}`)).toBe('address-character');
    expect(codeOf(`${address.slice(0, 8)}ｑ${address.slice(9)}`)).toBe('address-character');
    expect(codeOf('dvc1qqqqq')).toBe('address-length');
    expect(codeOf(address.padEnd(91, 'q'))).toBe('address-length');
    const swapped = address[10] === address[11] ? undefined : address.slice(0, 10) + address[11] + address[10] + address.slice(12);
    if (swapped !== undefined) expect(codeOf(swapped)).toBe('address-checksum');
    const words = [0, ...Array(32).fill(0)];
    expect(codeOf(encodeBech32({ prefix: 'dvc', words, variant: 'bech32m' }))).toBe('address-variant');
    expect(codeOf(encodeBech32({ prefix: 'dvc', words: [2, ...Array(52).fill(0)], variant: 'bech32' }))).toBe('address-variant');
    expect(codeOf(encodeBech32({ prefix: 'dvc', words: [...words.slice(0, -1), 0, 1], variant: 'bech32' }))).toBe('address-padding');
    expect(codeOf(encodeBech32({ prefix: 'dvc', words: [17, 0], variant: 'bech32m' }))).toBe('address-version');
    expect(codeOf(encodeBech32({ prefix: 'dvc', words: [], variant: 'bech32m' }))).toBe('address-version');
  });

  test('AD1 are never another address after one changed character', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 20, maxLength: 20 }),
        fc.nat(),
        fc.constantFrom(...'qpzry9x8gf2tvdw0s3jn54khce6mua7l'),
        (hash, at, character) => {
          const text = encodeAddress(buildPayToKeyHash(hash), DEV) as string;
          const place = 4 + (at % (text.length - 4));
          const changed = text.slice(0, place) + character + text.slice(place + 1);
          if (changed !== text) expect(isFault(decodeAddress(changed, DEV))).toBe(true);
        },
      ),
    );
  });

  test('AD1 never throws on any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 100 }), (text) => void decodeAddress(text, DEV)));
    fc.assert(fc.property(fc.string({ maxLength: 90 }), (text) => void decodeAddress(`dvc1${text}`, DEV)));
  });
});

describe('payment URIs', () => {
  const readUri = (text: string, prefix: AddressPrefix) => decodePaymentUri(text, (to) => decodeAddress(to, prefix));
  const uri = (rest: string): ReturnType<typeof readUri> => readUri(`valuecyber:${address}${rest}`, DEV);

  test('AD4 carry address, amount, label and message', () => {
    const request = { address, amount: 150_000_000n, label: 'Zhāng & 张', message: 'rent = 50 %?' };
    expect(readUri(encodePaymentUri(request), DEV)).toMatchObject(request);
    expect(encodePaymentUri({ address, amount: 150_000_000n })).toBe(`valuecyber:${address}?amount=1.5`);
    expect(uri('')).toEqual({ address, to: { kind: 'key', script: buildPayToKeyHash(HASH) } });
    expect(uri('?')).toMatchObject({ address });
    expect(uri('?other=1&amount=2')).toMatchObject({ amount: 200_000_000n });
  });

  test('AD4 may be in capitals, as QR codes want them', () => {
    expect(readUri(`VALUECYBER:${address.toUpperCase()}?AMOUNT=1`, DEV)).toMatchObject({ address, amount: 100_000_000n });
    expect(isPaymentUri('ValueCyber:x')).toBe(true);
  });

  test.each([
    ['?amount=1.000000001', 'amount-decimals'],
    ['?amount=90071993', 'amount-too-large'],
    ['?amount=', 'amount-form'],
    ['?amount=1,5', 'amount-form'],
    ['?amount=-1', 'amount-form'],
    ['?amount=1&AMOUNT=2', 'uri-repeated'],
    ['?label=%E0%A4%A', 'uri-escape'],
    ['?req-lock=1', 'uri-required'],
    [`?label=${'x'.repeat(2_048)}`, 'uri-length'],
  ])('AD4 refuses %s with %s', (rest, code) => {
    expect(uri(rest)).toMatchObject({ fault: code });
  });

  test('AD4 refuses another scheme and no address', () => {
    expect(readUri(`bitcoin:${address}`, DEV)).toMatchObject({ fault: 'uri-scheme' });
    expect(readUri(address, DEV)).toMatchObject({ fault: 'uri-scheme' });
    expect(readUri('valuecyber:?amount=1', DEV)).toMatchObject({ fault: 'address-separator' });
    expect(readUri(`valuecyber://${address}`, DEV)).toHaveProperty('fault');
    expect(readUri(`valuecyber:${address}`, MAIN)).toMatchObject({ fault: 'address-network' });
  });

  test('AD4 never throws on any text, and writes none that it cannot read', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => void readUri(`valuecyber:${address}?${text}`, DEV)));
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 30 }), (label) => {
        expect(isFault(readUri(encodePaymentUri({ address, label }), DEV))).toBe(false);
      }),
    );
  });
});
