import { Failure } from '#protocol/failure';
import type { Job, Reply, SignaturesJob } from '#spv/task';

/** A thread that does one job at a time. */
export interface ComputeThread {
  readonly run: (job: Job) => Promise<Reply>;
  readonly end: () => void;
}

export interface JobOptions {
  readonly signal?: AbortSignal;
  /** share of the work that is done, 0 to 1 */
  readonly progress?: (done: number) => void;
}

/** signatures a thread checks before it says how far it is: about 30 ms */
const SIGNATURE_BATCH = 32;

const splitSignatures = (job: SignaturesJob): readonly Job[] => {
  const parts: Job[] = [];
  for (let at = 0; at < job.items.length; at += SIGNATURE_BATCH)
    parts.push({ kind: 'verify-signatures', job: { items: job.items.slice(at, at + SIGNATURE_BATCH) } });
  return parts;
};

/**
 * Threads that check proofs. Batches of signatures are shared out; an aborted job takes no further thread's time.
 *
 * @source SPEC CW9
 */
export class ComputePool {
  private readonly make: () => ComputeThread;
  private readonly size: number;
  private readonly idle: ComputeThread[] = [];
  private readonly waiting: ((thread: ComputeThread) => void)[] = [];
  private made = 0;

  constructor(size: number, make: () => ComputeThread) {
    this.size = size;
    this.make = make;
  }

  private async take(): Promise<ComputeThread> {
    const free = this.idle.pop();
    if (free !== undefined) return free;
    if (this.made < this.size) {
      this.made += 1;
      return this.make();
    }
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  private giveBack(thread: ComputeThread): void {
    const next = this.waiting.shift();
    if (next !== undefined) next(thread);
    else this.idle.push(thread);
  }

  private async runOne(job: Job, signal: AbortSignal | undefined): Promise<Reply> {
    const thread = await this.take();
    try {
      if (signal?.aborted) throw new Failure('aborted');
      return await thread.run(job);
    } finally {
      this.giveBack(thread);
    }
  }

  /** @throws Failure `aborted` */
  async run(job: Job, options: JobOptions = {}): Promise<Reply> {
    const parts = job.kind === 'verify-signatures' ? splitSignatures(job.job) : [job];
    let done = 0;
    const replies = await Promise.all(
      parts.map(async (part) => {
        const reply = await this.runOne(part, options.signal);
        done += 1;
        options.progress?.(done / parts.length);
        return reply;
      }),
    );
    if (job.kind === 'verify-ranges') return replies[0] as Reply;
    return { kind: 'verdicts', valid: replies.flatMap((reply) => (reply.kind === 'verdicts' ? reply.valid : [])) };
  }

  end(): void {
    for (const thread of this.idle) thread.end();
    this.idle.length = 0;
  }
}
