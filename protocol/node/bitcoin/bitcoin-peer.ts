import { connect, type Socket } from 'node:net';
import { BLAMELESS_BITCOIN_FAULTS } from '#protocol/bitcoin/chain';
import { BitcoinMessageReader, encodeBitcoinMessage } from '#protocol/bitcoin/envelope';
import { type BitcoinMessage, MAX_HEADERS_MESSAGE } from '#protocol/bitcoin/message';
import { ZERO_HASH } from '#protocol/codec/hash32';
import { isFault } from '#protocol/fault';
import type { BitcoinParameters } from '#protocol/params/parameters';
import type { BitcoinHeaders } from './bitcoin-headers.ts';

export const BITCOIN_PROTOCOL_VERSION = 70_016;
/** @unit milliseconds */
const POLL = 10_000;
const SILENCE = 60_000;
/** Headers a peer may send that lead nowhere before it has to move the tip. */
const MAX_IDLE_HEADERS = 8_192;

export interface BitcoinPeerOptions {
  readonly host: string;
  readonly port: number;
  readonly network: BitcoinParameters['network'];
  readonly headers: BitcoinHeaders;
  /** unix seconds */
  readonly now: () => number;
  readonly report: (error: unknown) => void;
}

/** One connection to a Bitcoin peer: asks for headers, takes what is announced, ends when the peer breaks the protocol. */
export class BitcoinPeer {
  private readonly options: BitcoinPeerOptions;
  private readonly socket: Socket;
  private readonly reader: BitcoinMessageReader;
  private readonly poll: NodeJS.Timeout;
  private ready = false;
  private idleHeaders = 0;
  private work: Promise<void> = Promise.resolve();
  private waiting = 0;

  constructor(options: BitcoinPeerOptions, ended: (wasReady: boolean) => void) {
    this.options = options;
    this.reader = new BitcoinMessageReader(options.network);
    this.socket = connect({ host: options.host, port: options.port });
    this.socket.setTimeout(SILENCE, () => this.socket.destroy());
    this.socket.on('connect', () => this.greet());
    this.socket.on('data', (chunk) => this.receive(chunk));
    this.socket.on('error', () => undefined);
    this.socket.on('close', () => {
      clearInterval(this.poll);
      ended(this.ready);
    });
    this.poll = setInterval(() => this.ask(), POLL);
    this.poll.unref();
  }

  close(): void {
    this.socket.destroy();
  }

  private send(message: BitcoinMessage): void {
    this.socket.write(encodeBitcoinMessage(this.options.network, message));
  }

  private greet(): void {
    const { now, headers } = this.options;
    this.send({
      kind: 'version',
      version: BITCOIN_PROTOCOL_VERSION,
      services: 0n,
      time: BigInt(Math.floor(now())),
      nonce: BigInt(Math.floor(Math.random() * Number.MAX_SAFE_INTEGER)),
      agent: '/ValueCyber:0.1/',
      startHeight: headers.tip().height,
    });
  }

  private ask(): void {
    if (!this.ready) return;
    this.send({ kind: 'getheaders', version: BITCOIN_PROTOCOL_VERSION, locator: this.options.headers.locator(), stop: ZERO_HASH });
  }

  private receive(chunk: Uint8Array): void {
    const messages = this.reader.push(Uint8Array.from(chunk));
    if (isFault(messages)) {
      this.socket.destroy();
      return;
    }
    for (const message of messages) this.handle(message);
  }

  private handle(message: BitcoinMessage): void {
    if (message.kind === 'version') this.send({ kind: 'verack' });
    if (message.kind === 'ping') this.send({ kind: 'pong', nonce: message.nonce });
    if (message.kind === 'verack') {
      this.ready = true;
      this.ask();
    }
    if (message.kind !== 'headers' || message.headers.length === 0) return;
    this.waiting++;
    this.socket.pause();
    this.work = this.work.then(() => this.take(message.headers)).catch(this.options.report);
  }

  /** Judges in the order received; nothing more is read meanwhile. */
  private async take(headers: readonly Uint8Array[]): Promise<void> {
    const result = await this.options.headers.accept(headers);
    this.waiting--;
    if (this.waiting === 0) this.socket.resume();
    if (isFault(result)) {
      if (BLAMELESS_BITCOIN_FAULTS.has(result.fault)) this.ask();
      else this.socket.destroy();
      return;
    }
    this.idleHeaders = result.moved ? 0 : this.idleHeaders + result.added;
    if (this.idleHeaders > MAX_IDLE_HEADERS) this.socket.destroy();
    else if (headers.length === MAX_HEADERS_MESSAGE && result.added > 0) this.ask();
  }
}
