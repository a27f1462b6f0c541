import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { sha256 } from '#protocol/crypto/hash';
import { isFault } from '#protocol/fault';
import { buildPost, type MailboxPost } from '#protocol/mailbox/post';
import { installNodeCrypto } from '../crypto/node-crypto.ts';
import { Mailbox, POST_LIFETIME } from './mailbox.ts';
import { MAX_TOPIC_POSTS, type MailboxEntry, MailboxIndex } from './mailbox-index.ts';

const NOW = 1_800_000_000;
const cleanups: (() => Promise<void> | void)[] = [];
beforeAll(() => installNodeCrypto());
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const makeFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'vc-mailbox-'));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

const clock = { time: NOW, now: () => clock.time };

const open = async (folder = makeFolder(), maxBytes?: number): Promise<Mailbox> => {
  clock.time = NOW;
  const report = (error: unknown): void => {
    throw error;
  };
  return Mailbox.open({ folder, clock, report, ...(maxBytes && { maxBytes }) });
};

const secretOf = (name: number): Uint8Array => sha256(Uint8Array.of(name & 255, name >> 8));

const makePost = (topic: number, n: number, over: { time?: number; size?: number; sender?: number } = {}): MailboxPost => {
  const content = new Uint8Array(over.size ?? 256);
  new DataView(content.buffer).setUint32(0, n);
  return buildPost({ topicSecret: secretOf(topic), senderSecret: secretOf(over.sender ?? 9), time: over.time ?? NOW, content });
};

const numbers = (mailbox: Mailbox, { topic }: MailboxPost, after = 0, count = 2_000): number[] =>
  mailbox.list(topic, after, count).map(({ post }) => new DataView(post.content.buffer, post.content.byteOffset).getUint32(0));

const codeOf = async (mailbox: Mailbox, post: MailboxPost): Promise<string> => {
  const posted = await mailbox.post(post);
  return isFault(posted) ? posted.fault : posted;
};

describe('a mailbox', () => {
  test('MB5 gives back in the order they came, from a number on, each once, after a restart too', async () => {
    const folder = makeFolder();
    const mailbox = await open(folder);
    const posts = [0, 1, 2, 3].map((n) => makePost(1, n));
    for (const post of posts) expect(await codeOf(mailbox, post)).toBe('stored');
    expect(await codeOf(mailbox, posts[1]!)).toBe('known');
    expect(await Promise.all([makePost(1, 4), makePost(1, 4)].map((post) => codeOf(mailbox, post)))).toEqual(['stored', 'known']);
    expect(await codeOf(mailbox, makePost(2, 77))).toBe('stored');
    expect(numbers(mailbox, posts[0]!)).toEqual([0, 1, 2, 3, 4]);
    const [, second] = mailbox.list(posts[0]!.topic, 0, 2);
    expect(numbers(mailbox, posts[0]!, second!.sequence)).toEqual([2, 3, 4]);
    expect(numbers(mailbox, posts[0]!, 0, 2)).toEqual([0, 1]);
    await mailbox.close();
    const again = await open(folder);
    cleanups.push(() => again.close());
    expect(again.figures()).toEqual({ posts: 6, bytes: 6 * 4_096, topics: 2 });
    expect(await codeOf(again, posts[3]!)).toBe('known');
    expect(await codeOf(again, makePost(1, 5))).toBe('stored');
    expect(numbers(again, posts[0]!, second!.sequence)).toEqual([2, 3, 4, 5]);
  });

  test('MB1 MB3 keeps nothing unsigned, older than 30 days, or dated more than two hours ahead', async () => {
    const mailbox = await open();
    cleanups.push(() => mailbox.close());
    const forged = { ...makePost(1, 0), topicSignature: makePost(2, 0).topicSignature };
    expect(await codeOf(mailbox, forged)).toBe('mailbox-signature');
    expect(await codeOf(mailbox, makePost(1, 1, { time: NOW - POST_LIFETIME }))).toBe('mailbox-expired');
    expect(await codeOf(mailbox, makePost(1, 2, { time: NOW - POST_LIFETIME + 1 }))).toBe('stored');
    expect(await codeOf(mailbox, makePost(1, 3, { time: NOW + 7_200 }))).toBe('stored');
    expect(await codeOf(mailbox, makePost(1, 4, { time: NOW + 7_201 }))).toBe('mailbox-early');
    const { topic } = makePost(1, 0);
    clock.time = NOW + 1;
    expect(mailbox.list(topic, 0, 9)).toHaveLength(1);
    expect(mailbox.figures().posts).toBe(2);
    await mailbox.expire();
    expect(mailbox.figures()).toEqual({ posts: 1, bytes: 4_096, topics: 1 });
    clock.time = NOW + 7_200 + POST_LIFETIME;
    await mailbox.expire();
    expect(mailbox.figures()).toEqual({ posts: 0, bytes: 0, topics: 0 });
  });

  test('MB5 numbers rise on when nothing is left of what had them', async () => {
    const folder = makeFolder();
    const mailbox = await open(folder);
    await mailbox.post(makePost(1, 0));
    const [first] = mailbox.list(makePost(1, 0).topic, 0, 1);
    clock.time = NOW + POST_LIFETIME;
    await mailbox.expire();
    await mailbox.close();
    const again = await open(folder);
    cleanups.push(() => again.close());
    clock.time = NOW + POST_LIFETIME;
    await again.post(makePost(1, 1, { time: NOW + POST_LIFETIME }));
    expect(numbers(again, makePost(1, 0), first!.sequence)).toEqual([1]);
  });

  test('MB4 over its bound it lets the largest topics give way, on the disk too', async () => {
    const folder = makeFolder();
    const mailbox = await open(folder, 1024 * 1024);
    for (let n = 0; n < 3; n++) await mailbox.post(makePost(1, n));
    for (let n = 0; n < 30; n++) await mailbox.post(makePost(2, n, { size: 64 * 1024 }));
    expect(mailbox.figures().bytes).toBeLessThanOrEqual(1024 * 1024);
    expect(numbers(mailbox, makePost(1, 0))).toEqual([0, 1, 2]);
    expect(numbers(mailbox, makePost(2, 0)).at(-1)).toBe(29);
    await mailbox.close();
    const again = await open(folder);
    expect(again.figures()).toEqual(mailbox.figures());
    await again.close();
    const smaller = await open(folder, 256 * 1024);
    cleanups.push(() => smaller.close());
    expect(smaller.figures().bytes).toBeLessThanOrEqual(256 * 1024);
    expect(numbers(smaller, makePost(1, 0))).toEqual([0, 1, 2]);
  });
});

describe('which posts leave', () => {
  let made = 0;
  const entry = (topic: string, sender: string, size = 256): MailboxEntry => ({
    sequence: ++made,
    id: `${made}`,
    topic,
    sender,
    time: made,
    size,
  });

  test('MB3 of a topic’s 1,001 the oldest of whoever has most', () => {
    const index = new MailboxIndex();
    const honest = entry('t', 'honest');
    expect(index.add(honest)).toEqual([]);
    const flood = Array.from({ length: MAX_TOPIC_POSTS - 1 }, () => entry('t', 'flooder'));
    for (const each of flood) expect(index.add(each)).toEqual([]);
    expect(index.add(entry('t', 'other'))).toEqual([flood[0]]);
    expect(index.add(entry('t', 'flooder'))).toEqual([flood[1]]);
    expect(index.size).toBe(MAX_TOPIC_POSTS);
    expect(index.after('t', 0, 1)).toEqual([honest]);
  });

  test('MB4 who opens many small topics displaces none that is smaller than his', () => {
    const index = new MailboxIndex(1_000 * 4_096);
    for (let n = 0; n < 3; n++) index.add(entry('honest', 'a'));
    for (let n = 0; n < 5_000; n++) index.add(entry(`flood ${n % 100}`, 'b', 16_384));
    expect(index.after('honest', 0, 9)).toHaveLength(3);
    expect(index.bytes).toBeLessThanOrEqual(1_000 * 4_096);
    for (let n = 0; n < 5_000; n++) index.add(entry(`single ${n}`, 'b'));
    expect(index.bytes).toBeLessThanOrEqual(1_000 * 4_096);
  });

  test('MB3 MB4 whatever comes, every bound holds and what it says adds up', () => {
    const step = fc.record({ topic: fc.nat(5), sender: fc.nat(3), size: fc.constantFrom(256, 4_096, 65_536) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const index = new MailboxIndex(400_000);
        const kept = new Map<string, MailboxEntry>();
        for (const { topic, sender, size } of steps) {
          const added = entry(`${topic}`, `${sender}`, size);
          kept.set(added.id, added);
          for (const { id } of index.add(added)) kept.delete(id);
          const charge = [...kept.values()].reduce((sum, each) => sum + Math.max(each.size, 4_096), 0);
          expect([index.size, index.bytes]).toEqual([kept.size, charge]);
          expect(charge).toBeLessThanOrEqual(400_000);
        }
        const listed = [0, 1, 2, 3, 4, 5].flatMap((topic) => index.after(`${topic}`, 0, 1_000));
        expect(new Set(listed)).toEqual(new Set(kept.values()));
        expect(index.expire(made)).toHaveLength(kept.size);
        expect([index.size, index.bytes, index.topicCount]).toEqual([0, 0, 0]);
      }),
    );
  });
});
