import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { x25519 } from '@noble/curves/ed25519.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concatBytes } from '../codec/bytes.ts';
import { encodeHex } from '../codec/hex.ts';
import { makeTagged, sha256 } from '../crypto/hash.ts';
import { isFault } from '../fault.ts';
import { buildPost, checkPost } from './post.ts';
import { MAX_MESSAGE_BYTES, openMessage, sealMessage } from './seal.ts';
import { deriveBoxKeys, deriveTopicSecret, weekOf } from './topic.ts';

const secret = fc.uint8Array({ minLength: 32, maxLength: 32 });
const SECRET = sha256(Uint8Array.of(1));
const KEYS = deriveBoxKeys(SECRET);

const seal = (message: Uint8Array, ephemeral: Uint8Array = sha256(Uint8Array.of(2))): Uint8Array => {
  const sealed = sealMessage(message, KEYS.publicKey, ephemeral);
  if (isFault(sealed)) throw new Error(sealed.fault);
  return sealed;
};

/** Seals plain bytes as they stand, whatever form they have. */
const sealPlain = (plain: Uint8Array): Uint8Array => {
  const ephemeralSecret = sha256(Uint8Array.of(3));
  const ephemeral = x25519.getPublicKey(ephemeralSecret);
  const key = makeTagged('mailbox-seal')(x25519.getSharedSecret(ephemeralSecret, KEYS.publicKey), ephemeral, KEYS.publicKey);
  return concatBytes(ephemeral, chacha20poly1305(key, new Uint8Array(12)).encrypt(plain));
};

describe('what is sealed', () => {
  test('MB7 is opened by who it was sealed to, and by nobody else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3_000 }), secret, secret, (message, ephemeral, other) => {
        const sealed = seal(message, ephemeral);
        expect(openMessage(sealed, KEYS)).toEqual(message);
        expect(openMessage(sealed, deriveBoxKeys(other))).toMatchObject({ fault: 'mailbox-sealed' });
      }),
      { numRuns: 30 },
    );
  });

  test('MB7 MB2 shows no more of a length than its power of two', () => {
    const lengths = [0, 203, 204, 205, 459, 460, 461, 32_716, 32_717, MAX_MESSAGE_BYTES].map(
      (length) => [length, seal(new Uint8Array(length)).length] as const,
    );
    expect(lengths).toEqual([
      [0, 256],
      [203, 256],
      [204, 256],
      [205, 512],
      [459, 512],
      [460, 512],
      [461, 1_024],
      [32_716, 32_768],
      [32_717, 65_536],
      [65_484, 65_536],
    ]);
    expect(sealMessage(new Uint8Array(MAX_MESSAGE_BYTES + 1), KEYS.publicKey, SECRET)).toMatchObject({ fault: 'mailbox-size' });
    const post = buildPost({ topicSecret: SECRET, senderSecret: SECRET, time: 1, content: seal(new Uint8Array(9)) });
    expect(isFault(checkPost(post))).toBe(false);
  });

  test('MB7 with any bit flipped, cut or longer is refused', () => {
    const sealed = seal(Uint8Array.of(1, 2, 3));
    for (let bit = 0; bit < sealed.length * 8; bit += bit < 256 ? 1 : 13) {
      const changed = sealed.slice();
      changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
      // RFC 7748 masks the highest bit of a key: the secret is the same, and what it is bound to is not
      expect(openMessage(changed, KEYS)).toMatchObject({ fault: 'mailbox-sealed' });
    }
    for (const other of [sealed.subarray(1), sealed.subarray(0, 255), concatBytes(sealed, new Uint8Array(256)), new Uint8Array(0)])
      expect(openMessage(other, KEYS)).toMatchObject({ fault: 'mailbox-sealed' });
  });

  test('MB7 has one form: padding of zeros, the shortest power of two, a length that is there', () => {
    const plain = (length: number, size = 208): Uint8Array => {
      const bytes = new Uint8Array(size);
      new DataView(bytes.buffer).setUint32(0, length, true);
      return bytes;
    };
    expect(openMessage(sealPlain(plain(204)), KEYS)).toHaveLength(204);
    for (const length of [205, 2 ** 32 - 1]) expect(openMessage(sealPlain(plain(length)), KEYS)).toMatchObject({ fault: 'mailbox-sealed' });
    expect(openMessage(sealPlain(plain(204, 464)), KEYS)).toMatchObject({ fault: 'mailbox-sealed' });
    const dirty = plain(10);
    dirty[207] = 1;
    expect(openMessage(sealPlain(dirty), KEYS)).toMatchObject({ fault: 'mailbox-sealed' });
  });

  test('MB7 seals to no key that gives everybody the same secret', () => {
    const low = [new Uint8Array(32), Uint8Array.of(1, ...new Uint8Array(31))];
    for (const publicKey of [...low, new Uint8Array(31)])
      expect(sealMessage(new Uint8Array(1), publicKey, SECRET)).toMatchObject({ fault: 'mailbox-key' });
    for (const ephemeral of low)
      expect(openMessage(concatBytes(ephemeral, new Uint8Array(224)), KEYS)).toMatchObject({ fault: 'mailbox-sealed' });
  });
});

describe('a topic', () => {
  test('MB8 has another key in every week, which only its secret gives', () => {
    expect([weekOf(0), weekOf(604_799), weekOf(604_800)]).toEqual([0, 0, 1]);
    const keys = [0, 1, 2, 2_976].map((week) => encodeHex(deriveTopicSecret(SECRET, week)));
    expect(new Set([...keys, encodeHex(deriveTopicSecret(KEYS.secret, 0))]).size).toBe(5);
    expect(deriveTopicSecret(SECRET, 7)).toEqual(makeTagged('mailbox-topic')(SECRET, Uint8Array.of(7, 0, 0, 0)));
  });
});
