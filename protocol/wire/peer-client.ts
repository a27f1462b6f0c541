import type { CodecFault } from '../codec/reader.ts';
import { decodeField, encodeField, type Field } from '../codec/schema.ts';
import { Failure } from '../failure.ts';
import { isFault } from '../fault.ts';
import { encodeFrame, type FrameFault, FrameReader } from './framing.ts';
import { type AnswerOf, PROTOCOLS, type ProtocolName, protocolId, type RequestOf } from './protocols.ts';

/** The sending half of one stream to a peer; `send` throws when the stream is closed. */
export interface PeerStream {
  readonly send: (bytes: Uint8Array) => void;
  readonly abort: () => void;
}

/** What a host tells about a stream it opened; after `closed` nothing more is told. */
export interface PeerStreamEvents {
  readonly received: (bytes: Uint8Array) => void;
  readonly closed: () => void;
}

/** The part of a host that a client of the protocols needs: streams to one peer, and its timers. */
export interface PeerTransport {
  readonly open: (protocol: string, events: PeerStreamEvents) => Promise<PeerStream>;
  /** runs `action` once after that time; the result cancels it */
  readonly after: (milliseconds: number, action: () => void) => () => void;
}

export type AskFault = CodecFault | FrameFault;

export interface PeerClient {
  /**
   * Asks one question over the protocol's long-lived stream; questions of one protocol are answered in order.
   *
   * @fault the codec's and the frame's: the answer cannot be valid. Throws `Failure` `peer-timeout`, `peer-closed`, `peer-unreachable`.
   */
  readonly ask: <N extends ProtocolName>(name: N, request: RequestOf<N>, milliseconds?: number) => Promise<AnswerOf<N> | AskFault>;
  readonly close: () => void;
}

interface Waiting {
  readonly bytes: Uint8Array;
  readonly settle: (answer: Uint8Array | AskFault | Failure) => void;
}

/** One protocol's stream: opened when first needed, opened anew after it closed, questions answered in order. */
class Conversation {
  private readonly transport: PeerTransport;
  private readonly protocol: string;
  private readonly maxAnswer: number;
  private readonly waiting: Waiting[] = [];
  private stream: PeerStream | undefined;
  private reader: FrameReader;
  private opening = false;
  private generation = 0;

  constructor(transport: PeerTransport, protocol: string, maxAnswer: number) {
    this.transport = transport;
    this.protocol = protocol;
    this.maxAnswer = maxAnswer;
    this.reader = new FrameReader(maxAnswer);
  }

  ask(bytes: Uint8Array, milliseconds: number): Promise<Uint8Array | AskFault> {
    return new Promise((resolve, reject) => {
      let open = true;
      const settle: Waiting['settle'] = (answer) => {
        if (!open) return;
        open = false;
        cancel();
        if (answer instanceof Failure) reject(answer);
        else resolve(answer);
      };
      const cancel = this.transport.after(milliseconds, () => {
        settle(new Failure('peer-timeout'));
        this.end(new Failure('peer-closed'));
      });
      this.waiting.push({ bytes, settle });
      if (this.stream !== undefined) this.write(this.stream, bytes);
      else this.open();
    });
  }

  /** An answer that never came, or cannot be valid, leaves the order of later ones unknown: the stream ends with it. */
  end(reason: AskFault | Failure): void {
    this.generation++;
    const stream = this.stream;
    this.stream = undefined;
    this.reader = new FrameReader(this.maxAnswer);
    for (const { settle } of this.waiting.splice(0)) settle(reason);
    stream?.abort();
  }

  private open(): void {
    if (this.opening) return;
    this.opening = true;
    const generation = ++this.generation;
    const current = () => generation === this.generation;
    this.transport
      .open(this.protocol, {
        received: (bytes) => {
          if (current()) this.receive(bytes);
        },
        closed: () => {
          if (current()) this.end(new Failure('peer-closed'));
        },
      })
      .then(
        (stream) => {
          this.opening = false;
          if (!current()) {
            stream.abort();
            if (this.waiting.length > 0) this.open();
            return;
          }
          this.stream = stream;
          for (const { bytes } of [...this.waiting]) this.write(stream, bytes);
        },
        (cause: unknown) => {
          this.opening = false;
          if (current()) this.end(new Failure('peer-unreachable', cause));
          else if (this.waiting.length > 0) this.open();
        },
      );
  }

  private write(stream: PeerStream, bytes: Uint8Array): void {
    if (stream !== this.stream) return;
    try {
      stream.send(bytes);
    } catch (cause) {
      this.end(new Failure('peer-closed', cause));
    }
  }

  private receive(bytes: Uint8Array): void {
    this.reader.append(bytes);
    for (;;) {
      const frame = this.reader.next();
      if (frame === undefined) return;
      const first = isFault(frame) ? undefined : this.waiting.shift();
      if (isFault(frame) || first === undefined) {
        this.end(isFault(frame) ? frame : new Failure('peer-closed'));
        return;
      }
      first.settle(frame);
    }
  }
}

/** @unit milliseconds */
const ASK_DEADLINE = 10_000;

/** A client of all protocols for one peer, on any host that can open streams to it. @source SPEC WI5 */
export const makePeerClient = (network: string, transport: PeerTransport): PeerClient => {
  const conversations = new Map<ProtocolName, Conversation>();
  const conversation = (name: ProtocolName): Conversation => {
    const known = conversations.get(name);
    if (known !== undefined) return known;
    const made = new Conversation(transport, protocolId(network, name), PROTOCOLS[name].maxAnswer);
    conversations.set(name, made);
    return made;
  };
  return {
    ask: async <N extends ProtocolName>(name: N, request: RequestOf<N>, milliseconds = ASK_DEADLINE) => {
      const stream = conversation(name);
      const answer = await stream.ask(
        encodeFrame(encodeField(PROTOCOLS[name].request as unknown as Field<RequestOf<N>>, request)),
        milliseconds,
      );
      if (isFault(answer)) return answer;
      const decoded = decodeField(PROTOCOLS[name].answer as unknown as Field<AnswerOf<N>>, answer);
      if (isFault(decoded)) stream.end(new Failure('peer-closed'));
      return decoded;
    },
    close: () => {
      for (const stream of conversations.values()) stream.end(new Failure('peer-closed'));
    },
  };
};
