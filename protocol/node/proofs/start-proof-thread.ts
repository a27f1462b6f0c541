import { Worker } from 'node:worker_threads';
import { Failure } from '#protocol/failure';
import type { Fault } from '#protocol/fault';
import type { ProvedRanges } from '#protocol/trie/prove';
import type { ProofPort, ProofQuestion } from './proof-port.ts';
import type { ProofTask, ProofVerdict } from './proof-task.ts';

const FROM_SOURCE = import.meta.filename.endsWith('.ts');
const ENTRY = new URL(FROM_SOURCE ? './proof-thread.ts' : './proof-thread.js', import.meta.url);
const EXEC_ARGV = FROM_SOURCE ? ['--conditions=source'] : [];

/** Questions that wait: a peer has at most two under way, so that no more than this can be asked at once. */
const MAX_WAITING = 512;

/** A thread that ends is begun again, but not more often than this in a node's life. */
const MAX_RESTARTS = 3;

interface Waiting {
  readonly question: ProofQuestion;
  readonly resolve: (proved: ProvedRanges | Fault) => void;
  readonly reject: (failure: Failure) => void;
}

export interface ProofThreadOptions {
  readonly folder: string;
  readonly report: (error: unknown) => void;
}

/**
 * Builds proofs in a thread with a handle of its own on the store, first come, first served: what peers ask for takes no
 * time from blocks. Each peer has as many questions under way as it may have streams, so that a flood of one is as long
 * as a wait of another's turn.
 *
 * Failures: `proof-thread`: it ended; `proof-queue`: too much is waiting; `proof-missing`: a node of the state is gone.
 *
 * @source SPEC ND46; spec 08, cost model
 */
class ProofThread implements ProofPort {
  private readonly options: ProofThreadOptions;
  private readonly waiting = new Map<number, Waiting>();
  private worker: Worker | undefined;
  private next = 0;
  private restarts = 0;
  private closing = false;

  constructor(options: ProofThreadOptions) {
    this.options = options;
  }

  async start(): Promise<void> {
    const { folder } = this.options;
    const worker = new Worker(ENTRY, { workerData: { folder }, execArgv: EXEC_ARGV });
    this.worker = worker;
    await new Promise<void>((resolve, reject) => {
      worker.once('message', () => resolve());
      worker.once('error', (cause) => reject(new Failure('proof-thread', cause)));
    });
    worker.on('message', (verdict: ProofVerdict) => this.settle(verdict));
    worker.on('error', (cause) => this.options.report(new Failure('proof-thread', cause)));
    worker.once('exit', () => this.ended());
  }

  readonly prove = (question: ProofQuestion): Promise<ProvedRanges | Fault> => {
    const { worker } = this;
    if (worker === undefined || this.closing) return Promise.reject(new Failure('proof-thread'));
    if (this.waiting.size >= MAX_WAITING) return Promise.reject(new Failure('proof-queue'));
    const id = this.next++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { question, resolve, reject });
      worker.postMessage({ id, question } satisfies ProofTask);
    });
  };

  private settle(verdict: ProofVerdict): void {
    const asked = this.waiting.get(verdict.id);
    this.waiting.delete(verdict.id);
    if ('proved' in verdict) asked?.resolve(verdict.proved);
    else asked?.reject(new Failure('proof-missing', verdict.failed));
  }

  private ended(): void {
    this.worker = undefined;
    for (const { reject } of this.waiting.values()) reject(new Failure('proof-thread'));
    this.waiting.clear();
    if (this.closing || this.restarts++ >= MAX_RESTARTS) return;
    this.start().catch((error: unknown) => this.options.report(error));
  }

  readonly close = async (): Promise<void> => {
    this.closing = true;
    const { worker } = this;
    if (worker === undefined) return;
    const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    worker.postMessage('close');
    await exited;
  };
}

/** Starts the thread that builds proofs from the store in `folder`, which this process has open. */
export const startProofThread = async (options: ProofThreadOptions): Promise<ProofPort> => {
  const thread = new ProofThread(options);
  await thread.start();
  return thread;
};
