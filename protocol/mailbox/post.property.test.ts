import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeField, encodeField } from '../codec/schema.ts';
import { isFault } from '../fault.ts';
import { buildPost, checkPost, computePostId, type MailboxPost, mailboxPost } from './post.ts';

const secret = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Uint8Array.of(1, ...bytes.subarray(1)));
const content = fc.constantFrom(256, 512, 1_024).chain((length) => fc.uint8Array({ minLength: length, maxLength: length }));

const post = fc.record({ topicSecret: secret, senderSecret: secret, time: fc.nat(0xffff_ffff), content }).map((draft) => buildPost(draft));

describe('a post', () => {
  test('MB1 is what its topic and its sender signed, in one encoding', () => {
    fc.assert(
      fc.property(post, (made) => {
        expect(checkPost(made)).toEqual(computePostId(made));
        expect(decodeField(mailboxPost, encodeField(mailboxPost, made))).toEqual(made);
      }),
      { numRuns: 20 },
    );
  });

  test('MB1 with any bit flipped, or unsigned, is refused', () => {
    fc.assert(
      fc.property(post, fc.nat(2 ** 20), (made, at) => {
        const bytes = encodeField(mailboxPost, made);
        const bit = at % (bytes.length * 8);
        bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7));
        const decoded = decodeField(mailboxPost, bytes);
        if (!isFault(decoded)) expect(checkPost(decoded)).toMatchObject({ fault: 'mailbox-signature' });
      }),
      { numRuns: 60 },
    );
    const [made] = fc.sample(post, 1) as [MailboxPost];
    const none = new Uint8Array(64);
    for (const over of [{ topicSignature: none }, { senderSignature: none }, { topicSignature: made.senderSignature }])
      expect(checkPost({ ...made, ...over })).toMatchObject({ fault: 'mailbox-signature' });
  });
});
