import { encodeField } from '../../../codec/schema.ts';
import { isFault } from '../../../fault.ts';
import { MAX_ANSWER_BYTES, MAX_MAILBOX_POSTS } from '../../../wire/limits.ts';
import { storedPost } from '../../../wire/messages.ts';
import type { NodeMailbox, StoredPost } from '../../chain/contract.ts';
import type { Service } from '../serve.ts';
import { type NodeParts, refused } from './node-parts.ts';

/** Room for the answer's own fields. */
const RESERVED = 16;

/** posts that are read for what one header costs */
const POSTS_PER_HEADER = 16;

const cutToAnswer = (posts: readonly StoredPost[]): readonly StoredPost[] => {
  let room = MAX_ANSWER_BYTES - RESERVED;
  const end = posts.findIndex((post) => {
    room -= encodeField(storedPost, post).length;
    return room < 0;
  });
  return end === -1 ? posts : posts.slice(0, end);
};

const list = (mailbox: NodeMailbox, { topic, after, count }: { topic: Uint8Array; after: number; count: number }) =>
  ({ kind: 'posts', posts: cutToAnswer(mailbox.list(topic, after, Math.min(count, MAX_MAILBOX_POSTS))) }) as const;

/** @source SPEC MB5, NW3; spec 08, mailbox/1 */
export const mailboxService = ({ mailbox }: NodeParts): Service<'mailbox'> => ({
  estimate: (request) =>
    request.kind === 'post'
      ? { posts: 1, postBytes: request.post.content.length }
      : { headers: 1 + Math.min(request.count, MAX_MAILBOX_POSTS) / POSTS_PER_HEADER },
  answer: async (request) => {
    if (mailbox === undefined) return { answer: refused('not-served') };
    if (request.kind === 'list') return { answer: list(mailbox, request) };
    const posted = await mailbox.post(request.post);
    return { answer: isFault(posted) ? refused(posted.fault) : { kind: 'posted' } };
  },
});
