import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { x25519 } from '@noble/curves/ed25519.js';
import { concatBytes } from '../codec/bytes.ts';
import { makeTagged } from '../crypto/hash.ts';
import { type Fault, fault } from '../fault.ts';
import { MAX_CONTENT_BYTES, MIN_CONTENT_BYTES } from './post.ts';
import type { BoxKeys } from './topic.ts';

const KEY_BYTES = 32;
const MAC_BYTES = 16;
const LENGTH_BYTES = 4;
const OVERHEAD = KEY_BYTES + MAC_BYTES + LENGTH_BYTES;

/** Every key is of one message. */
const NONCE = new Uint8Array(12);

/** @unit bytes @source SPEC MB7 */
export const MAX_MESSAGE_BYTES = MAX_CONTENT_BYTES - OVERHEAD;

const tagSeal = makeTagged('mailbox-seal');

/** undefined: the other side's key is one of the few that give everybody the same secret. @source RFC 7748, 6.1 */
const agree = (secret: Uint8Array, publicKey: Uint8Array): Uint8Array | undefined => {
  try {
    return x25519.getSharedSecret(secret, publicKey);
  } catch {
    return undefined;
  }
};

const paddedLength = (length: number): number => {
  let padded = MIN_CONTENT_BYTES;
  while (padded < length) padded *= 2;
  return padded;
};

/**
 * Seals a message to whoever has the secret of a box, padded so that its length tells no more than its power of two.
 *
 * @shape publicKey: 32 bytes; ephemeralSecret: 32 bytes at random, of this message alone; result: ephemeral key 32 ‖
 * ChaCha20-Poly1305(length u32 ‖ message ‖ zeros), 256 to 65,536 bytes
 * @fault `mailbox-size`: a message of more than 65,484 bytes; `mailbox-key`: no key to seal to
 * @source SPEC MB7; spec 08, mailbox; RFC 7748; RFC 8439
 */
export const sealMessage = (
  message: Uint8Array,
  publicKey: Uint8Array,
  ephemeralSecret: Uint8Array,
): Uint8Array | Fault<'mailbox-size' | 'mailbox-key'> => {
  if (message.length > MAX_MESSAGE_BYTES) return fault('mailbox-size', { size: message.length, maximum: MAX_MESSAGE_BYTES });
  const shared = publicKey.length === KEY_BYTES ? agree(ephemeralSecret, publicKey) : undefined;
  if (shared === undefined) return fault('mailbox-key');
  const ephemeral = x25519.getPublicKey(ephemeralSecret);
  const plain = new Uint8Array(paddedLength(message.length + OVERHEAD) - KEY_BYTES - MAC_BYTES);
  new DataView(plain.buffer).setUint32(0, message.length, true);
  plain.set(message, LENGTH_BYTES);
  const key = tagSeal(shared, ephemeral, publicKey);
  return concatBytes(ephemeral, chacha20poly1305(key, NONCE).encrypt(plain));
};

const decrypt = (key: Uint8Array, sealed: Uint8Array): Uint8Array | undefined => {
  try {
    return chacha20poly1305(key, NONCE).decrypt(sealed);
  } catch {
    return undefined;
  }
};

/** The message in its one padding; undefined where another length would have done, or the padding is not zero. */
const unpad = (plain: Uint8Array): Uint8Array | undefined => {
  const length = new DataView(plain.buffer, plain.byteOffset, plain.byteLength).getUint32(0, true);
  const end = LENGTH_BYTES + length;
  if (length > MAX_MESSAGE_BYTES || paddedLength(length + OVERHEAD) !== plain.length + KEY_BYTES + MAC_BYTES) return undefined;
  return plain.subarray(end).every((byte) => byte === 0) ? plain.slice(LENGTH_BYTES, end) : undefined;
};

/**
 * Opens what was sealed to these keys.
 *
 * @fault `mailbox-sealed`: sealed to somebody else, changed, or not in its one form
 * @source SPEC MB7; spec 08, mailbox
 */
export const openMessage = (content: Uint8Array, { secret, publicKey }: BoxKeys): Uint8Array | Fault<'mailbox-sealed'> => {
  if (content.length < MIN_CONTENT_BYTES || content.length > MAX_CONTENT_BYTES) return fault('mailbox-sealed');
  const ephemeral = content.subarray(0, KEY_BYTES);
  const shared = agree(secret, ephemeral);
  const plain = shared && decrypt(tagSeal(shared, ephemeral, publicKey), content.subarray(KEY_BYTES));
  return (plain && unpad(plain)) ?? fault('mailbox-sealed');
};
