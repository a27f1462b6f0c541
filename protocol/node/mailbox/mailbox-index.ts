/** @source SPEC MB3, MB4; spec 08, mailbox */
export const MAX_TOPIC_POSTS = 1_000;
export const MAX_MAILBOX_BYTES = 1024 * 1024 * 1024;

/** What a small post counts as, so that the bound on bytes bounds their number: 262,144. */
const LEAST_CHARGE = 4 * 1024;

/** Where the whole is trimmed to once it is over its bound: room for a while, so that it is rare. */
const TRIM_TO = 0.95;

/** A kept post without its content. @shape id, topic, sender: hexadecimal @unit time: unix seconds; size: bytes of content */
export interface MailboxEntry {
  readonly sequence: number;
  readonly id: string;
  readonly topic: string;
  readonly sender: string;
  readonly time: number;
  readonly size: number;
}

interface Topic {
  /** in the order in which they came */
  readonly entries: MailboxEntry[];
  charge: number;
}

const chargeOf = ({ size }: MailboxEntry): number => Math.max(size, LEAST_CHARGE);

/** The oldest post of whoever has most in the topic: a sender who floods it displaces himself. */
const findOldest = ({ entries }: Topic): MailboxEntry | undefined => {
  const counts = new Map<string, number>();
  for (const { sender } of entries) counts.set(sender, (counts.get(sender) ?? 0) + 1);
  const most = Math.max(...counts.values());
  return entries.find(({ sender }) => counts.get(sender) === most);
};

/** The charge that no topic may pass so that all together stay below `target`. */
const levelFor = (charges: readonly number[], target: number): number => {
  let [rest, left] = [target, charges.length];
  for (const charge of charges.toSorted((a, b) => a - b)) {
    if (charge * left >= rest) return rest / left;
    rest -= charge;
    left--;
  }
  return Number.POSITIVE_INFINITY;
};

/** Which posts are kept and which leave: nothing but names, times and sizes. @source SPEC MB3, MB4 */
export class MailboxIndex {
  private readonly topics = new Map<string, Topic>();
  private readonly ids = new Set<string>();
  private readonly maxBytes: number;
  private charge = 0;

  constructor(maxBytes = MAX_MAILBOX_BYTES) {
    this.maxBytes = maxBytes;
  }

  get size(): number {
    return this.ids.size;
  }

  get bytes(): number {
    return this.charge;
  }

  get topicCount(): number {
    return this.topics.size;
  }

  has(id: string): boolean {
    return this.ids.has(id);
  }

  /** Keeps it, and answers what left for it. */
  add(entry: MailboxEntry): readonly MailboxEntry[] {
    const topic = this.topics.get(entry.topic) ?? { entries: [], charge: 0 };
    this.topics.set(entry.topic, topic);
    topic.entries.push(entry);
    topic.charge += chargeOf(entry);
    this.charge += chargeOf(entry);
    this.ids.add(entry.id);
    const gone: MailboxEntry[] = [];
    if (topic.entries.length > MAX_TOPIC_POSTS) this.evict(topic, gone);
    if (this.charge > this.maxBytes) this.trim(gone);
    return gone;
  }

  private evict(topic: Topic, gone: MailboxEntry[]): void {
    const oldest = findOldest(topic);
    if (oldest === undefined) return;
    this.remove(topic, oldest);
    gone.push(oldest);
  }

  private remove(topic: Topic, entry: MailboxEntry): void {
    topic.entries.splice(topic.entries.indexOf(entry), 1);
    topic.charge -= chargeOf(entry);
    this.charge -= chargeOf(entry);
    this.ids.delete(entry.id);
    if (topic.entries.length === 0) this.topics.delete(entry.topic);
  }

  /** The largest topics give way: who opens many small ones displaces none that is smaller. */
  private trim(gone: MailboxEntry[]): void {
    const level = levelFor(
      [...this.topics.values()].map(({ charge }) => charge),
      this.maxBytes * TRIM_TO,
    );
    const first = (topic: Topic): number => topic.entries[0]?.sequence ?? 0;
    for (const topic of [...this.topics.values()].sort((a, b) => first(a) - first(b)))
      while (topic.charge > level && this.charge > this.maxBytes * TRIM_TO) this.evict(topic, gone);
  }

  /** Takes out everything dated at or before a time, and answers it. */
  expire(before: number): readonly MailboxEntry[] {
    const gone: MailboxEntry[] = [];
    for (const topic of [...this.topics.values()])
      for (const entry of topic.entries.filter(({ time }) => time <= before)) {
        this.remove(topic, entry);
        gone.push(entry);
      }
    return gone;
  }

  /** What came to a topic after a sequence number, in that order. */
  after(topic: string, sequence: number, count: number): readonly MailboxEntry[] {
    return (this.topics.get(topic)?.entries ?? []).filter((entry) => entry.sequence > sequence).slice(0, count);
  }
}
