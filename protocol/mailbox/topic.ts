import { x25519 } from '@noble/curves/ed25519.js';
import type { Hash32 } from '../codec/hash32.ts';
import { encodeBytes } from '../codec/writer.ts';
import { makeTagged } from '../crypto/hash.ts';

const WEEK = 7 * 86_400;

const tagTopic = makeTagged('mailbox-topic');
const tagBox = makeTagged('mailbox-box');

/** @unit time: unix seconds @source SPEC MB8 */
export const weekOf = (time: number): number => Math.floor(time / WEEK);

/**
 * The key that signs a topic's posts in one week: who does not have the secret cannot tell that two weeks are of one topic.
 *
 * @shape secret, result: 32 bytes
 * @source SPEC MB8; spec 08, mailbox
 */
export const deriveTopicSecret = (secret: Uint8Array, week: number): Hash32 =>
  tagTopic(
    secret,
    encodeBytes((writer) => writer.u32(week)),
  );

/** X25519 keys. @shape 32 bytes each */
export interface BoxKeys {
  readonly secret: Uint8Array;
  readonly publicKey: Uint8Array;
}

/** The keys that what is posted to a topic, or to a person, is sealed to. @shape secret: 32 bytes @source SPEC MB7 */
export const deriveBoxKeys = (secret: Uint8Array): BoxKeys => {
  const boxSecret = tagBox(secret);
  return { secret: boxSecret, publicKey: x25519.getPublicKey(boxSecret) };
};
