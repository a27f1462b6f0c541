import { secp256k1 } from '@noble/curves/secp256k1.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { equalBytes } from '../codec/bytes.ts';
import { isFault } from '../fault.ts';

import { SIGHASH_ALL } from '../script/sighash.ts';
import { testKey } from '../state/test-chain.ts';
import { decodeTransaction } from '../tx/transaction-codec.ts';
import { computeMessageSighash, encodeMessageSignature, verifyMessage } from './message-signature.ts';
import { computeMessageHash, computeMessageSpend, computeMessageTxid } from './signed-message.ts';

const { script, secret, publicKey } = testKey(11);

const sign = (message: string): string => {
  const digest = computeMessageSighash(script, script.subarray(2), message);
  const signature = secp256k1.sign(digest, secret, { prehash: false, lowS: true, format: 'der' });
  return encodeMessageSignature([Uint8Array.of(...signature, SIGHASH_ALL), publicKey]);
};
const codeOf = (verdict: ReturnType<typeof verifyMessage>) => (isFault(verdict) ? verdict.fault : verdict);

describe('signed messages', () => {
  test('MS1 what is signed commits to address and message', () => {
    const others = [computeMessageTxid(script, 'b'), computeMessageTxid(testKey(12).script, 'a'), computeMessageSpend(script, 'a')];
    for (const other of others) expect(equalBytes(computeMessageTxid(script, 'a'), other)).toBe(false);
    expect(equalBytes(computeMessageHash('a'), computeMessageHash('a '))).toBe(false);
  });

  test('MS2 MS3 whoever holds the key signs, and nothing else verifies', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), fc.string({ maxLength: 10 }), (message, other) => {
        const signature = sign(message);
        expect(signature.startsWith('smp')).toBe(true);
        expect(verifyMessage(script, message, signature)).toBe(true);
        expect(verifyMessage(script, message, signature.slice(3))).toBe(true);
        if (other !== message) expect(codeOf(verifyMessage(script, other, signature))).toBe('message-signature');
        expect(codeOf(verifyMessage(testKey(12).script, message, signature))).toBe('message-signature');
      }),
      { numRuns: 20 },
    );
  });

  test('MS3 says what is wrong with a signature that is none', () => {
    for (const text of ['', 'smp', 'not base64!', 'fooAA==', `ful${sign('a').slice(3)}`, 'x'.repeat(30_000)])
      expect(codeOf(verifyMessage(script, 'a', text))).toBe('message-signature-form');
    expect(codeOf(verifyMessage(script, 'a', 'smpAA=='))).toBe('message-signature');
    expect(codeOf(verifyMessage(Uint8Array.of(0x52, 32, ...new Uint8Array(32)), 'a', sign('a')))).toBe('message-address');
  });

  test('MS1 no transaction of the network can be what was signed', () => {
    const version = Uint8Array.of(0, 0, 0, 0);
    expect(
      decodeTransaction(Uint8Array.of(...version, 1, ...new Uint8Array(41), 1, ...new Uint8Array(8), 1, 0x6a, 0, 0, 0, 0)),
    ).toHaveProperty('fault');
  });
});
