import { setTimeout as delay } from 'node:timers/promises';
import type { Stream } from '@libp2p/interface';
import { decodeField, encodeField, type Field } from '../../codec/schema.ts';
import { Failure } from '../../failure.ts';
import { type Fault, isFault } from '../../fault.ts';
import { encodeFrame, FrameReader } from '../../wire/framing.ts';
import type { AnswerOf, Protocol, ProtocolName, RequestOf } from '../../wire/protocols.ts';
import type { Cost } from './cost.ts';
import { BUDGET_PATIENCE, IDLE_DEADLINE, MAX_QUEUED_BYTES, REFUSAL_PAUSE, REQUEST_DEADLINE } from './limits.ts';
import type { Peer } from './peer.ts';

/** What a node does for one protocol: the cost known from the request alone, and the answer with what it cost besides. */
export interface Service<N extends ProtocolName> {
  readonly estimate: (request: RequestOf<N>) => Cost;
  readonly answer: (request: RequestOf<N>) => Promise<{ readonly answer: AnswerOf<N>; readonly cost?: Cost }>;
}

export interface ServeHost {
  /** seconds, monotonic */
  readonly now: () => number;
  readonly judge: (peer: Peer, reason: Fault) => void;
  /** Disconnects without a judgement: too slow is no lie. */
  readonly drop: (peer: Peer, reason: string) => void;
  readonly served: (protocol: string, bytes: number) => void;
  readonly refused: (code: string) => void;
  readonly report: (error: unknown) => void;
}

/** How long things may take; tests shorten them. @unit milliseconds */
export interface Deadlines {
  readonly request: number;
  readonly idle: number;
  readonly patience: number;
  readonly refusal: number;
}

export const DEADLINES: Deadlines = { request: REQUEST_DEADLINE, idle: IDLE_DEADLINE, patience: BUDGET_PATIENCE, refusal: REFUSAL_PAUSE };

interface Wire {
  readonly name: string;
  readonly request: Field<unknown>;
  readonly answer: Field<unknown>;
  readonly maxRequest: number;
  readonly maxAnswer: number;
}

interface AnyService {
  readonly estimate: (request: unknown) => Cost;
  readonly answer: (request: unknown) => Promise<{ readonly answer: unknown; readonly cost?: Cost }>;
}

const refusal = (code: string) => ({ kind: 'refused', code });

/** One stream of one peer: requests are taken one at a time, and nothing is read while one is being answered. */
class ServedStream {
  private readonly stream: Stream;
  private readonly peer: Peer;
  private readonly wire: Wire;
  private readonly service: AnyService;
  private readonly host: ServeHost;
  private readonly deadlines: Deadlines;
  private readonly reader: FrameReader;
  private timer: NodeJS.Timeout | undefined;
  private partial = false;
  private busy = false;
  private ended = false;
  private remoteDone = false;

  constructor(
    stream: Stream,
    peer: Peer,
    wire: Wire,
    { service, host, deadlines }: { service: AnyService; host: ServeHost; deadlines: Deadlines },
  ) {
    this.stream = stream;
    this.peer = peer;
    this.wire = wire;
    this.service = service;
    this.host = host;
    this.deadlines = deadlines;
    this.reader = new FrameReader(wire.maxRequest);
    stream.addEventListener('close', () => this.end());
    stream.addEventListener('remoteCloseWrite', () => {
      this.remoteDone = true;
      this.pump();
    });
    stream.addEventListener('message', ({ data }) => {
      this.reader.append(data.subarray());
      this.pump();
    });
    this.arm();
  }

  private end(): void {
    this.ended = true;
    clearTimeout(this.timer);
  }

  /** A stream may rest; a request that was begun has to arrive. */
  private arm(): void {
    const partial = this.reader.pending > 0;
    if (partial && this.partial) return;
    this.partial = partial;
    clearTimeout(this.timer);
    this.timer = setTimeout(
      () => {
        if (partial) this.host.drop(this.peer, 'request-timeout');
        else this.stream.abort(new Failure('idle'));
      },
      partial ? this.deadlines.request : this.deadlines.idle,
    );
    this.timer.unref();
  }

  private pump(): void {
    if (this.busy || this.ended) return;
    const frame = this.reader.next();
    if (isFault(frame)) {
      this.host.judge(this.peer, frame);
      return;
    }
    if (frame === undefined) {
      if (this.remoteDone) this.stream.close().catch(() => this.stream.abort(new Failure('peer-closed')));
      else this.arm();
      return;
    }
    this.hold();
    this.handle(frame)
      .catch((error: unknown) => {
        if (!this.ended) this.stream.abort(new Failure('stream-ended', error));
      })
      .finally(() => this.release());
  }

  private hold(): void {
    this.busy = true;
    this.partial = false;
    clearTimeout(this.timer);
    if (this.stream.readStatus === 'readable') this.stream.pause();
  }

  private release(): void {
    this.busy = false;
    if (this.ended) return;
    if (this.stream.readStatus === 'paused') this.stream.resume();
    this.pump();
  }

  private async handle(frame: Uint8Array): Promise<void> {
    const request = decodeField(this.wire.request, frame);
    if (isFault(request)) {
      this.host.judge(this.peer, request);
      return;
    }
    const answer = (await this.mayAnswer(request)) ? await this.answer(request) : refusal('busy');
    if (this.ended) return;
    await this.send(answer);
  }

  /** Charges what the request is known to cost; who owes too much is refused, after a pause. */
  private async mayAnswer(request: unknown): Promise<boolean> {
    const cost: Cost = { bytes: 0, ...this.service.estimate(request) };
    const wait = this.peer.wait(cost, this.host.now()) * 1_000;
    const refused = wait > this.deadlines.patience;
    if (wait > 0) await delay(refused ? this.deadlines.refusal : wait, undefined, { ref: false });
    if (refused) return false;
    this.peer.charge(cost, this.host.now());
    return true;
  }

  private async answer(request: unknown): Promise<unknown> {
    try {
      const { answer, cost } = await this.service.answer(request);
      if (cost !== undefined) this.peer.charge(cost, this.host.now());
      return answer;
    } catch (error) {
      this.host.report(error);
      return refusal('unavailable');
    }
  }

  private async send(answer: unknown): Promise<void> {
    if (!(await this.queueHasRoom())) {
      this.host.drop(this.peer, 'slow-reader');
      return;
    }
    const { kind, code } = answer as { kind: string; code?: string };
    if (kind === 'refused') this.host.refused(code ?? 'unavailable');
    let frame = encodeFrame(encodeField(this.wire.answer, answer));
    if (frame.length > this.wire.maxAnswer) frame = encodeFrame(encodeField(this.wire.answer, refusal('too-large')));
    this.peer.charge({ bytes: frame.length }, this.host.now());
    this.host.served(this.wire.name, frame.length);
    if (this.ended || this.stream.send(frame)) return;
    const drained = await this.stream.onDrain({ signal: AbortSignal.timeout(this.deadlines.request) }).then(
      () => true,
      () => this.ended,
    );
    if (!drained) this.host.drop(this.peer, 'slow-reader');
  }

  private async queueHasRoom(): Promise<boolean> {
    for (let waited = 0; this.peer.queuedBytes() > MAX_QUEUED_BYTES; waited += 100) {
      if (this.ended || waited >= this.deadlines.request) return false;
      await delay(100, undefined, { ref: false });
    }
    return true;
  }
}

/** Serves one protocol's requests on a stream that a peer opened. */
export const serveStream = <N extends ProtocolName>(
  stream: Stream,
  peer: Peer,
  protocol: Protocol<RequestOf<N>, AnswerOf<N>>,
  options: { readonly service: Service<N>; readonly host: ServeHost; readonly deadlines: Deadlines },
): void => {
  new ServedStream(
    stream,
    peer,
    protocol as unknown as Wire,
    options as unknown as { service: AnyService; host: ServeHost; deadlines: Deadlines },
  );
};
