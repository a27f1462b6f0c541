import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeHex, encodeHex } from '#protocol/codec/hex';
import { decodeField, encodeField, bytes as fixedBytes, hash, struct, u32 } from '#protocol/codec/schema';
import { Failure } from '#protocol/failure';
import { type Fault, fault, isFault } from '#protocol/fault';
import { checkPost, type MailboxPost, mailboxPost } from '#protocol/mailbox/post';
import type { Clock, NodeMailbox, StoredPost } from '../chain/contract.ts';
import { type Database, openDatabase, type WriteOp } from '../store/database.ts';
import { type MailboxEntry, MailboxIndex } from './mailbox-index.ts';

const DAY = 86_400;

/** @unit seconds */
export const POST_LIFETIME = 30 * DAY;
const MAX_EARLY = 2 * 3_600;

/** @unit milliseconds */
const EXPIRE_EVERY = 600_000;

const ENTRY = 0x69;
const CONTENT = 0x63;

const entryField = struct({ id: hash, topic: fixedBytes(32), sender: fixedBytes(32), time: u32, size: u32 });

const keyOf = (table: number, sequence: number): Uint8Array => {
  const key = new Uint8Array(9);
  key[0] = table;
  new DataView(key.buffer).setBigUint64(1, BigInt(sequence));
  return key;
};

const sequenceOf = (key: Uint8Array): number => Number(new DataView(key.buffer, key.byteOffset, key.byteLength).getBigUint64(1));

const hexOf = (text: string): Uint8Array => {
  const bytes = decodeHex(text);
  if (isFault(bytes)) throw new Failure('mailbox-damaged');
  return bytes;
};

const encodeEntry = ({ id, topic, sender, time, size }: MailboxEntry): Uint8Array =>
  encodeField(entryField, { id: hexOf(id) as never, topic: hexOf(topic), sender: hexOf(sender), time, size });

const readEntry = (key: Uint8Array, value: Uint8Array): MailboxEntry => {
  const entry = decodeField(entryField, value);
  if (isFault(entry)) throw new Failure('mailbox-damaged');
  const { id, topic, sender, time, size } = entry;
  return { sequence: sequenceOf(key), id: encodeHex(id), topic: encodeHex(topic), sender: encodeHex(sender), time, size };
};

const removals = (gone: readonly MailboxEntry[]): WriteOp[] =>
  gone.flatMap(({ sequence }) => [ENTRY, CONTENT].map((table) => ({ type: 'del' as const, key: keyOf(table, sequence) })));

export interface MailboxOptions {
  readonly folder: string;
  readonly clock: Clock;
  readonly report: (error: unknown) => void;
  /** by default 1 GiB */
  readonly maxBytes?: number;
}

/**
 * Messages that people prepare something together with, kept for whoever knows their topic.
 *
 * @source SPEC MB1, MB3, MB4, MB5; spec 08, mailbox
 */
export class Mailbox implements NodeMailbox {
  private readonly database: Database;
  private readonly index: MailboxIndex;
  private readonly clock: Clock;
  private readonly listeners = new Set<(post: MailboxPost) => void>();
  private readonly timer: NodeJS.Timeout;
  private queue: Promise<unknown> = Promise.resolve();
  private last = 0;

  private constructor(database: Database, { clock, maxBytes, report }: MailboxOptions) {
    this.database = database;
    this.clock = clock;
    this.index = new MailboxIndex(maxBytes);
    this.timer = setInterval(() => void this.expire().catch(report), EXPIRE_EVERY);
    this.timer.unref();
  }

  static async open(options: MailboxOptions): Promise<Mailbox> {
    await mkdir(options.folder, { recursive: true });
    const database = await openDatabase(join(options.folder, 'mailbox'));
    const mailbox = new Mailbox(database, options);
    try {
      await mailbox.readBack();
      await mailbox.expire();
    } catch (error) {
      await mailbox.close();
      throw error;
    }
    return mailbox;
  }

  private async readBack(): Promise<void> {
    const gone: MailboxEntry[] = [];
    for await (const [key, value] of this.database.entries({ gte: Uint8Array.of(ENTRY), lt: Uint8Array.of(ENTRY + 1) })) {
      const entry = readEntry(key, value);
      gone.push(...this.index.add(entry));
      this.last = entry.sequence;
    }
    await this.forget(gone);
  }

  readonly onStored = (listener: (post: MailboxPost) => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  figures(): { readonly posts: number; readonly bytes: number; readonly topics: number } {
    return { posts: this.index.size, bytes: this.index.bytes, topics: this.index.topicCount };
  }

  private enqueue<T>(work: () => Promise<T>): Promise<T> {
    const result = this.queue.then(work);
    this.queue = result.catch(() => undefined);
    return result;
  }

  /** @fault `mailbox-expired`; `mailbox-early`: dated more than two hours ahead; `mailbox-signature` @source SPEC MB1, MB3 */
  readonly post = async (post: MailboxPost): Promise<'stored' | 'known' | Fault> => {
    const now = this.clock.now();
    if (post.time <= now - POST_LIFETIME) return fault('mailbox-expired', { time: post.time });
    if (post.time > now + MAX_EARLY) return fault('mailbox-early', { time: post.time });
    const id = checkPost(post);
    if (isFault(id)) return id;
    const stored = await this.enqueue(() => this.keep(post, encodeHex(id)));
    if (stored === 'stored') for (const listener of this.listeners) listener(post);
    return stored;
  };

  /** Numbers rise with time, so that they go on rising when nothing is left of the last one. */
  private nextSequence(): number {
    this.last = Math.max(this.last + 1, Math.floor(this.clock.now() * 1_000));
    return this.last;
  }

  private async keep(post: MailboxPost, id: string): Promise<'stored' | 'known'> {
    if (this.index.has(id)) return 'known';
    const { topic, sender, time, content } = post;
    const names = { id, topic: encodeHex(topic), sender: encodeHex(sender) };
    const entry = { sequence: this.nextSequence(), ...names, time, size: content.length };
    await this.database.write([
      { type: 'put', key: keyOf(ENTRY, entry.sequence), value: encodeEntry(entry) },
      { type: 'put', key: keyOf(CONTENT, entry.sequence), value: encodeField(mailboxPost, post) },
    ]);
    await this.forget(this.index.add(entry));
    return 'stored';
  }

  private async forget(gone: readonly MailboxEntry[]): Promise<void> {
    if (gone.length > 0) await this.database.write(removals(gone));
  }

  /** Takes out what is older than 30 days. @source SPEC MB3 */
  readonly expire = (): Promise<void> => this.enqueue(() => this.forget(this.index.expire(this.clock.now() - POST_LIFETIME)));

  /** @shape after: a sequence number that this node gave, or 0 @source SPEC MB5 */
  readonly list = (topic: Uint8Array, after: number, count: number): readonly StoredPost[] => {
    const since = this.clock.now() - POST_LIFETIME;
    const entries = this.index.after(encodeHex(topic), after, count).filter(({ time }) => time > since);
    return entries.flatMap(({ sequence }) => {
      const stored = this.database.get(keyOf(CONTENT, sequence));
      const post = stored && decodeField(mailboxPost, new Uint8Array(stored));
      return post === undefined || isFault(post) ? [] : [{ sequence, post }];
    });
  };

  readonly close = async (): Promise<void> => {
    clearInterval(this.timer);
    await this.queue;
    await this.database.close();
  };
}
