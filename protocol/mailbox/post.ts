import { schnorr } from '@noble/curves/secp256k1.js';
import type { Hash32 } from '../codec/hash32.ts';
import { bytes, type Field, struct, u32 } from '../codec/schema.ts';
import { encodeBytes } from '../codec/writer.ts';
import { makeTagged } from '../crypto/hash.ts';
import { verifySchnorr } from '../crypto/signature.ts';
import { type Fault, fault } from '../fault.ts';

export const MIN_CONTENT_BYTES = 256;
export const MAX_CONTENT_BYTES = 64 * 1024;

/**
 * A message that waits for whoever knows its topic.
 *
 * @shape topic, sender: x-only public keys; content: sealed, a power of two from 256 to 65,536 bytes
 * @unit time: unix seconds
 * @source SPEC MB1, MB2; spec 08, mailbox
 */
export interface MailboxPost {
  readonly topic: Uint8Array;
  readonly sender: Uint8Array;
  readonly time: number;
  readonly content: Uint8Array;
  readonly senderSignature: Uint8Array;
  readonly topicSignature: Uint8Array;
}

const isPadded = (length: number): boolean => length >= MIN_CONTENT_BYTES && (length & (length - 1)) === 0;

/** Its length tells no more than its power of two. @source SPEC MB2 */
const paddedContent: Field<Uint8Array> = {
  read: (reader) => {
    const content = reader.varBytes(MAX_CONTENT_BYTES);
    if (!isPadded(content.length)) reader.refuse('form', { content: content.length });
    return content.slice();
  },
  write: (writer, content) => writer.varBytes(content),
  least: MIN_CONTENT_BYTES,
};

export const mailboxPost: Field<MailboxPost> = struct({
  topic: bytes(32),
  sender: bytes(32),
  time: u32,
  content: paddedContent,
  senderSignature: bytes(64),
  topicSignature: bytes(64),
});

const tagPost = makeTagged('mailbox-post');

/** What both keys sign. @shape tagged("mailbox-post", topic ‖ sender ‖ time u32 ‖ content) @source SPEC MB1 */
export const computePostId = ({ topic, sender, time, content }: Omit<MailboxPost, 'senderSignature' | 'topicSignature'>): Hash32 =>
  tagPost(
    topic,
    sender,
    encodeBytes((writer) => writer.u32(time)),
    content,
  );

/** @fault `mailbox-signature`: not signed by its topic, or not by its sender @source SPEC MB1 */
export const checkPost = (post: MailboxPost): Hash32 | Fault<'mailbox-signature'> => {
  const id = computePostId(post);
  const signed = verifySchnorr(post.topicSignature, id, post.topic) && verifySchnorr(post.senderSignature, id, post.sender);
  return signed ? id : fault('mailbox-signature');
};

export interface PostDraft {
  readonly topicSecret: Uint8Array;
  readonly senderSecret: Uint8Array;
  readonly time: number;
  readonly content: Uint8Array;
}

/** @shape secrets: 32 bytes @source SPEC MB1 */
export const buildPost = ({ topicSecret, senderSecret, time, content }: PostDraft): MailboxPost => {
  const unsigned = { topic: schnorr.getPublicKey(topicSecret), sender: schnorr.getPublicKey(senderSecret), time, content };
  const id = computePostId(unsigned);
  const sign = (secret: Uint8Array): Uint8Array => schnorr.sign(id, secret, new Uint8Array(32));
  return { ...unsigned, senderSignature: sign(senderSecret), topicSignature: sign(topicSecret) };
};
