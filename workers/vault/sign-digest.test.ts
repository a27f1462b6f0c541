import { secp256k1 } from '@noble/curves/secp256k1.js';
import { expect, test } from 'vitest';
import { encodeHex } from '#protocol/codec/hex';
import { sha256 } from '#protocol/crypto/hash';
import { verifyEcdsa } from '#protocol/crypto/signature';
import { decodeDer, isLowS, isStrictDer } from '#protocol/script/signature-encoding';
import { SOAK } from '../../setup/soak-figure.ts';
import { signDigest } from './sign-digest.ts';

const MESSAGES = SOAK ? 1_000_000 : 1_000;
const number = (value: number): Uint8Array => Uint8Array.of(value & 255, (value >> 8) & 255, (value >> 16) & 255, value >> 24);

test(
  `VT7 W9 of ${MESSAGES} signatures with one key no two share a nonce, each is strict and low, and a message is signed alike twice`,
  () => {
    const key = sha256(number(7));
    const publicKey = secp256k1.getPublicKey(key, true);
    const nonces = new Set<string>();
    for (let i = 0; i < MESSAGES; i++) {
      const digest = sha256(number(i));
      const signature = signDigest(digest, key);
      const compact = isStrictDer(signature) ? decodeDer(signature) : undefined;
      if (compact === undefined || !isLowS(compact)) throw new Error(`signature ${i}: ${encodeHex(signature)}`);
      nonces.add(encodeHex(compact.subarray(0, 32)));
      if (i % (MESSAGES / 100) !== 0) continue;
      expect(verifyEcdsa(compact, digest, publicKey)).toBe(true);
      expect(signDigest(digest, key)).toEqual(signature);
    }
    expect(nonces.size).toBe(MESSAGES);
  },
  SOAK ? 3_600_000 : 60_000,
);
