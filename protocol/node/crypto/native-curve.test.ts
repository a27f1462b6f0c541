import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { decodeHex } from '#protocol/codec/hex';
import { type CurveBackend, NOBLE_CURVE } from '#protocol/crypto/backend';
import { sha256 } from '#protocol/crypto/hash';
import { loadNativeCurve, loadWasmCurve } from './native-curve.ts';

const VECTORS = process.env.VC_VECTORS ?? '';
const WYCHEPROOF = join(VECTORS, 'wycheproof/ecdsa_secp256k1_sha256_bitcoin_test.json');
const BIP340 = join(VECTORS, 'bips/bip-0340_schnorr.csv');
const BACKENDS: readonly CurveBackend[] = [NOBLE_CURVE, loadNativeCurve(), loadWasmCurve()];

const hex = (text: string): Uint8Array => decodeHex(text) as Uint8Array;

/** The strict DER reading of BIP66, to 64 bytes r ‖ s; undefined where it refuses or a number has more than 32 bytes. */
const parseStrictDer = (der: Uint8Array): Uint8Array | undefined => {
  if (der.length < 8 || der[0] !== 0x30 || der[1] !== der.length - 2) return undefined;
  const out = new Uint8Array(64);
  let at = 2;
  for (const end of [32, 64]) {
    const length = der[at + 1] ?? 0;
    if (der[at] !== 2 || length === 0 || at + 2 + length > der.length) return undefined;
    let number = der.subarray(at + 2, at + 2 + length);
    if ((number[0]! & 0x80) !== 0) return undefined;
    if (length > 1 && number[0] === 0) {
      if ((number[1]! & 0x80) === 0) return undefined;
      number = number.subarray(1);
    }
    if (number.length > 32) return undefined;
    out.set(number, end - number.length);
    at += 2 + length;
  }
  return at === der.length ? out : undefined;
};

const HALF = (0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n - 1n) / 2n;
const isLowS = (signature: Uint8Array): boolean => signature.subarray(32).reduce((n, byte) => (n << 8n) | BigInt(byte), 0n) <= HALF;

interface Wycheproof {
  readonly testGroups: readonly {
    readonly publicKey: { readonly wx: string; readonly wy: string };
    readonly tests: readonly { readonly tcId: number; readonly msg: string; readonly sig: string; readonly result: string }[];
  }[];
}

const compress = (x: string, y: string): Uint8Array =>
  hex((Number.parseInt(y.slice(-2), 16) % 2 === 0 ? '02' : '03') + x.slice(-64).padStart(64, '0'));

describe('secp256k1 backends', () => {
  test('ND1 the native backend is not the reference in disguise', () => {
    expect(loadNativeCurve().name).toBe('libsecp256k1+tiny-secp256k1');
  });

  test.skipIf(!existsSync(WYCHEPROOF))('ND1 V6 every backend gives the verdict of Wycheproof in all 463 Bitcoin cases', () => {
    const file = JSON.parse(readFileSync(WYCHEPROOF, 'utf8')) as Wycheproof;
    let cases = 0;
    for (const group of file.testGroups) {
      const key = compress(group.publicKey.wx, group.publicKey.wy);
      for (const { tcId, msg, sig, result } of group.tests) {
        cases++;
        const signature = parseStrictDer(hex(sig));
        const digest = sha256(hex(msg));
        for (const backend of BACKENDS) {
          const valid = signature !== undefined && isLowS(signature) && backend.verifyEcdsa(signature, digest, key);
          expect({ tcId, backend: backend.name, valid }).toEqual({ tcId, backend: backend.name, valid: result === 'valid' });
        }
        if (signature !== undefined) expect(new Set(BACKENDS.map((b) => b.verifyEcdsa(signature, digest, key))).size).toBe(1);
      }
    }
    expect(cases).toBe(463);
  });

  test.skipIf(!existsSync(BIP340))('ND1 every backend gives the verdict of all BIP340 rows', () => {
    const rows = readFileSync(BIP340, 'utf8').trim().split(/\r?\n/).slice(1);
    for (const row of rows) {
      const [index, , key = '', , message = '', signature = '', verdict] = row.split(',');
      for (const backend of BACKENDS) {
        const valid = backend.verifySchnorr(hex(signature), hex(message), hex(key));
        expect({ index, backend: backend.name, valid }).toEqual({ index, backend: backend.name, valid: verdict === 'TRUE' });
      }
    }
    expect(rows.length).toBeGreaterThan(15);
  });

  test('ND1 no backend throws for scalars and points that are not valid', () => {
    const overflow = new Uint8Array(64).fill(0xff);
    const zero = new Uint8Array(64);
    const key = hex('02c6047f9441ed7d6d3045406e95c07cd85c778e4b8cef3ca7abac09b95c709ee5');
    for (const backend of BACKENDS)
      for (const signature of [overflow, zero]) {
        expect(backend.verifyEcdsa(signature, new Uint8Array(32), key)).toBe(false);
        expect(backend.verifyEcdsa(signature, new Uint8Array(32), new Uint8Array(33))).toBe(false);
        expect(backend.verifySchnorr(signature, new Uint8Array(32), key.subarray(1))).toBe(false);
        expect(backend.verifySchnorr(signature, new Uint8Array(32), new Uint8Array(32))).toBe(false);
      }
  });
});
