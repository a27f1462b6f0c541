import type { Stream } from '@libp2p/interface';
import { Failure } from '#protocol/failure';
import { isFault } from '#protocol/fault';
import { encodeFrame, FrameReader } from '#protocol/wire/framing';

interface Waiting {
  readonly resolve: (message: Uint8Array) => void;
  readonly reject: (failure: Failure) => void;
}

/** One open stream on which answers come in the order of their requests; broken once, it is never used again. */
export class Exchange {
  private readonly stream: Stream;
  private readonly waiting: Waiting[] = [];
  private readonly reader: FrameReader;
  private failure: Failure | undefined;

  constructor(stream: Stream, maxAnswer: number, received: (bytes: number) => void) {
    this.stream = stream;
    this.reader = new FrameReader(maxAnswer);
    stream.addEventListener('message', (event) => {
      const chunk = event.data.subarray();
      received(chunk.length);
      this.take(chunk);
    });
    stream.addEventListener('close', () => this.break('peer-lost'));
    stream.addEventListener('remoteCloseWrite', () => this.break('peer-lost'));
  }

  get broken(): boolean {
    return this.failure !== undefined;
  }

  private take(chunk: Uint8Array): void {
    this.reader.append(chunk);
    for (;;) {
      const message = this.reader.next();
      if (message === undefined) return;
      const next = isFault(message) ? undefined : this.waiting.shift();
      if (isFault(message) || next === undefined) {
        this.break(isFault(message) ? 'answer-too-long' : 'answer-unasked');
        return;
      }
      next.resolve(message);
    }
  }

  private break(code: string): void {
    if (this.failure !== undefined) return;
    this.failure = new Failure(code);
    for (const { reject } of this.waiting.splice(0)) reject(this.failure);
    this.stream.abort(this.failure);
  }

  /** @throws Failure `timeout`, `peer-lost`, `answer-too-long`, `answer-unasked` */
  async ask(request: Uint8Array, seconds: number): Promise<Uint8Array> {
    if (this.failure !== undefined) throw this.failure;
    const answer = new Promise<Uint8Array>((resolve, reject) => this.waiting.push({ resolve, reject }));
    const timer = setTimeout(() => this.break('timeout'), seconds * 1000);
    try {
      if (!this.stream.send(encodeFrame(request))) await this.stream.onDrain();
      return await answer;
    } finally {
      clearTimeout(timer);
    }
  }
}
