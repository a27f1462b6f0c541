import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { RawPeer } from '../../../e2e/network/raw-peer.ts';
import { eventually, startNode, stopNodes, type TestNode } from '../../../e2e/network/test-node.ts';
import { encodeField, type Field } from '../../codec/schema.ts';
import { buildPost, type MailboxPost } from '../../mailbox/post.ts';
import { encodeFrame } from '../../wire/framing.ts';
import { MAX_ANSWER_BYTES } from '../../wire/limits.ts';
import { postAnnouncement } from '../../wire/messages.ts';
import { mailboxTopic, PROTOCOLS } from '../../wire/protocols.ts';
import { installNodeCrypto } from '../crypto/node-crypto.ts';
import { Mailbox } from '../mailbox/mailbox.ts';
import { PEER_RATES } from './cost.ts';
import { DEADLINES } from './serve.ts';
import type { NetworkOptions } from './start-network.ts';

const cleanups: (() => Promise<void> | void)[] = [];
beforeAll(() => installNodeCrypto());
afterEach(async () => {
  await stopNodes();
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const clock = { now: () => Date.now() / 1_000 };

const startWith = async (
  options: Partial<NetworkOptions> = {},
  bootstrap: readonly string[] = [],
): Promise<TestNode & { readonly mailbox: Mailbox }> => {
  const folder = mkdtempSync(join(tmpdir(), 'vc-mailbox-net-'));
  const report = (error: unknown): void => {
    throw error;
  };
  const mailbox = await Mailbox.open({ folder, clock, report });
  cleanups.push(async () => {
    await mailbox.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return { ...(await startNode(bootstrap, { mailbox, ...options })), mailbox };
};

const connect = async (node: TestNode): Promise<RawPeer> => {
  const peer = await RawPeer.start();
  cleanups.push(() => peer.stop());
  await peer.dial(node.network.addresses()[0] as string);
  await eventually(() => node.network.peers().some(({ id }) => id === peer.id));
  return peer;
};

const isConnected = (node: TestNode, peer: RawPeer): boolean => node.network.peers().some(({ id }) => id === peer.id);

const topicSecret = new Uint8Array(32).fill(7);
const senderSecret = new Uint8Array(32).fill(8);

const makePost = (size = 256): MailboxPost =>
  buildPost({ topicSecret, senderSecret, time: Math.floor(clock.now()), content: new Uint8Array(randomBytes(size)) });

const { topic } = makePost();

describe('mailbox/1', () => {
  test('MB5 NW3 takes posts and gives them to whoever asks for their topic', async () => {
    const node = await startWith();
    const [poster, reader] = [await connect(node), await connect(node)];
    const posts = [makePost(), makePost(1_024)];
    for (const post of [...posts, posts[0]!]) expect(await poster.ask('mailbox', { kind: 'post', post })).toEqual({ kind: 'posted' });
    const listed = await reader.ask('mailbox', { kind: 'list', topic, after: 0, count: 99 });
    if (listed.kind !== 'posts') throw new Error(listed.kind);
    expect(listed.posts.map(({ post }) => post)).toEqual(posts);
    const { sequence } = listed.posts[0]!;
    expect(await reader.ask('mailbox', { kind: 'list', topic, after: sequence, count: 99 })).toMatchObject({ posts: [{ post: posts[1] }] });
    expect(await reader.ask('mailbox', { kind: 'list', topic: new Uint8Array(32), after: 0, count: 9 })).toEqual({
      kind: 'posts',
      posts: [],
    });
    expect(await reader.ask('status', {})).toMatchObject({ kind: 'status', services: 3 });
  });

  test('MB1 drops what is unsigned, and a node without a mailbox says so', async () => {
    const node = await startWith();
    const peer = await connect(node);
    const post = makePost();
    const forged = { ...post, topicSignature: makePost().topicSignature };
    expect(await peer.ask('mailbox', { kind: 'post', post: forged })).toEqual({ kind: 'refused', code: 'mailbox-signature' });
    const old = buildPost({ topicSecret, senderSecret, time: 1_000, content: new Uint8Array(256) });
    expect(await peer.ask('mailbox', { kind: 'post', post: old })).toEqual({ kind: 'refused', code: 'mailbox-expired' });
    expect(node.mailbox.figures().posts).toBe(0);
    const bare = await startNode();
    const other = await connect(bare);
    expect(await other.ask('mailbox', { kind: 'post', post })).toEqual({ kind: 'refused', code: 'not-served' });
    expect(await other.ask('status', {})).toMatchObject({ services: 1 });
  });

  test('NW3 MB5 cuts an answer after the last whole post that fits, and a count of 65,535 at 256', async () => {
    const node = await startWith();
    for (let i = 0; i < 20; i++) await node.mailbox.post(makePost(64 * 1024));
    for (let i = 0; i < 300; i++) await node.mailbox.post(makePost());
    const peer = await connect(node);
    const listed = await peer.ask('mailbox', { kind: 'list', topic, after: 0, count: 65_535 });
    if (listed.kind !== 'posts') throw new Error(listed.kind);
    expect(listed.posts).toHaveLength(15);
    expect(encodeField(PROTOCOLS.mailbox.answer, listed).length).toBeLessThanOrEqual(MAX_ANSWER_BYTES);
    const after = node.mailbox.list(topic, 0, 20).at(-1)!.sequence;
    const small = await peer.ask('mailbox', { kind: 'list', topic, after, count: 65_535 });
    expect(small.kind === 'posts' && small.posts.length).toBe(256);
  });

  test('MB4 NW5 a flood of posts is refused after its burst, and another peer leaves one as before', async () => {
    const node = await startWith({ rates: PEER_RATES, deadlines: { ...DEADLINES, patience: 100, refusal: 10 } });
    const [flooder, honest] = [await connect(node), await connect(node)];
    const stream = await flooder.open('mailbox');
    const posts = Array.from({ length: 140 }, () => makePost());
    for (const post of posts)
      stream.send(encodeFrame(encodeField(PROTOCOLS.mailbox.request as unknown as Field<unknown>, { kind: 'post', post })));
    await eventually(() => (node.network.figures().refusals.busy ?? 0) > 20, 20_000);
    expect(node.mailbox.figures().posts).toBeLessThan(120);
    expect(await honest.ask('mailbox', { kind: 'post', post: makePost() })).toEqual({ kind: 'posted' });
    expect(node.network.figures().bans).toEqual({});
  });

  test('MB4 large posts are paid by the byte', async () => {
    const node = await startWith({ rates: PEER_RATES, deadlines: { ...DEADLINES, patience: 100, refusal: 10 } });
    const peer = await connect(node);
    const answers: string[] = [];
    for (let i = 0; i < 70; i++) answers.push((await peer.ask('mailbox', { kind: 'post', post: makePost(64 * 1024) })).kind);
    expect(answers.indexOf('refused')).toBeGreaterThanOrEqual(64);
    expect(answers.indexOf('refused')).toBeLessThanOrEqual(67);
  });

  test('WI4 NW8 attack P2: a post whose length is no power of two bans its sender', async () => {
    const node = await startWith();
    const peer = await connect(node);
    const post = { ...makePost(), content: new Uint8Array(300) };
    const frame = encodeFrame(encodeField(PROTOCOLS.mailbox.request as unknown as Field<unknown>, { kind: 'post', post }));
    (await peer.open('mailbox')).send(frame);
    await eventually(() => !isConnected(node, peer));
    expect(node.network.figures().bans).toEqual({ form: 1 });
  });
});

describe('nodes of one operator', () => {
  test('MB6 pass posts on to each other and to nobody else', async () => {
    const first = await startWith({ mailboxGroup: 'ours' });
    const second = await startWith({ mailboxGroup: 'ours' }, first.network.addresses().slice(0, 1));
    const stranger = await startWith({ mailboxGroup: 'theirs' }, first.network.addresses().slice(0, 1));
    await eventually(() => first.network.peers().length === 2);
    await delay(1_200);
    const peer = await connect(second);
    const post = makePost();
    expect(await peer.ask('mailbox', { kind: 'post', post })).toEqual({ kind: 'posted' });
    await eventually(() => first.mailbox.figures().posts === 1);
    expect(first.mailbox.list(topic, 0, 9)).toMatchObject([{ post }]);
    expect(stranger.mailbox.figures().posts).toBe(0);
    expect([...first.errors, ...second.errors]).toEqual([]);
  });

  test('MB6 MB1 NW8 a forged post among them bans whoever sent it', async () => {
    const node = await startWith({ mailboxGroup: 'ours' });
    const liar = await connect(node);
    const gossip = mailboxTopic('dev', 'ours');
    liar.subscribe(gossip);
    await delay(1_200);
    const forged = { ...makePost(), topicSignature: makePost().topicSignature };
    await liar.publish(gossip, encodeField(postAnnouncement, { post: forged }));
    await eventually(() => !isConnected(node, liar));
    expect(node.network.figures().bans).toEqual({ 'mailbox-signature': 1 });
    expect(node.mailbox.figures().posts).toBe(0);
  });

  test('MB6 NW5 a peer that sends too many is no longer listened to', async () => {
    const relayedPosts = { perSecond: 0.001, burst: 2 };
    const node = await startWith({ mailboxGroup: 'ours', rates: { ...PEER_RATES, relayedPosts } });
    const peer = await connect(node);
    const gossip = mailboxTopic('dev', 'ours');
    peer.subscribe(gossip);
    await delay(1_200);
    for (let i = 0; i < 12; i++) await peer.publish(gossip, encodeField(postAnnouncement, { post: makePost() }));
    await eventually(() => node.mailbox.figures().posts === 3);
    await delay(300);
    expect(node.mailbox.figures().posts).toBe(3);
    expect(isConnected(node, peer)).toBe(true);
  });
});
