import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { BitcoinMessageReader, encodeBitcoinMessage } from '#protocol/bitcoin/envelope';
import { type BitcoinMessage, MAX_HEADERS_MESSAGE } from '#protocol/bitcoin/message';
import { Failure } from '#protocol/failure';
import { isFault } from '#protocol/fault';
import { invariant } from '#protocol/invariant';
import type { BitcoinParameters } from '#protocol/params/parameters';
import type { Clock } from '../chain/contract.ts';
import { type BitcoinHeaders, openBitcoinHeaders } from './bitcoin-headers.ts';
import { BITCOIN_PROTOCOL_VERSION } from './bitcoin-peer.ts';
import { mineRegtestHeader } from './mine-regtest.ts';

export interface RegtestSourceOptions {
  readonly parameters: BitcoinParameters;
  /** path of the file that keeps the headers */
  readonly file: string;
  /** loopback only; 0: any free port */
  readonly port: number;
  readonly clock: Clock;
  /** unix seconds: the time of the network's genesis, before which the first headers are dated */
  readonly genesisTime: number;
  readonly report?: (error: unknown) => void;
}

export interface RegtestSource {
  /** `host:port` */
  readonly address: string;
  readonly headers: BitcoinHeaders;
  readonly close: () => Promise<void>;
}

const BACKDATED_HEADERS = 16;
const MAX_CONNECTIONS = 64;
/** @unit milliseconds */
const TICK = 250;

/**
 * Mines the headers that have become due at `time`: first those before genesis, then one each interval. After a pause it
 * goes on from now and makes up for nothing.
 *
 * @unit time: unix seconds
 * @source SPEC NW15; spec 10, Bitcoin headers
 */
export const mineDueHeaders = async (
  headers: BitcoinHeaders,
  { interval, genesisTime }: { readonly interval: number; readonly genesisTime: number },
  time: number,
): Promise<void> => {
  const mine = async (at: number): Promise<void> => {
    const accepted = await headers.accept([mineRegtestHeader(headers.tip(), at)]);
    invariant(!isFault(accepted), 'a header of our own is valid');
  };
  while (headers.tip().height < BACKDATED_HEADERS) await mine(genesisTime - interval * (BACKDATED_HEADERS - headers.tip().height));
  const due = headers.tip().header.time + interval;
  if (due <= time) await mine(Math.max(due, Math.floor(time) - interval));
  if (due <= time && headers.tip().header.time + interval <= time) await mine(headers.tip().header.time + interval);
};

const listen = (server: Server, port: number): Promise<string> =>
  new Promise((resolve, reject) => {
    server.once('error', (cause) => reject(new Failure('port-busy', cause)));
    server.listen(port, '127.0.0.1', () => resolve(`127.0.0.1:${(server.address() as AddressInfo).port}`));
  });

/** Answers one connection as a Bitcoin peer that serves headers would. */
const serve = (socket: Socket, headers: BitcoinHeaders, { parameters, clock }: RegtestSourceOptions): void => {
  const reader = new BitcoinMessageReader(parameters.network);
  const send = (message: BitcoinMessage): void => void socket.write(encodeBitcoinMessage(parameters.network, message));
  const answer = (message: BitcoinMessage): void => {
    if (message.kind === 'version') {
      const time = BigInt(Math.floor(clock.now()));
      const startHeight = headers.tip().height;
      send({
        kind: 'version',
        version: BITCOIN_PROTOCOL_VERSION,
        services: 1n,
        time,
        nonce: 1n,
        agent: '/ValueCyber-regtest:0.1/',
        startHeight,
      });
      send({ kind: 'verack' });
    }
    if (message.kind === 'ping') send({ kind: 'pong', nonce: message.nonce });
    if (message.kind === 'getheaders')
      send({ kind: 'headers', headers: headers.headersAfter(message.locator, MAX_HEADERS_MESSAGE).headers });
  };
  socket.on('data', (chunk) => {
    const messages = reader.push(Uint8Array.from(chunk));
    if (isFault(messages)) socket.destroy();
    else for (const message of messages) answer(message);
  });
  socket.on('error', () => undefined);
};

/**
 * The development network's Bitcoin: mines headers at regtest's real, minimal proof of work and serves them on loopback
 * by the Bitcoin protocol. Throws `Failure` `port-busy`, `header-log`.
 *
 * @source SPEC NW15; spec 10
 */
export const startRegtestSource = async (options: RegtestSourceOptions): Promise<RegtestSource> => {
  const { parameters, clock, genesisTime, file, report = () => undefined } = options;
  const headers = await openBitcoinHeaders({ parameters, file, clock });
  const interval = parameters.sourceInterval;
  await mineDueHeaders(headers, { interval, genesisTime }, clock.now());
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    serve(socket, headers, options);
  });
  server.maxConnections = MAX_CONNECTIONS;
  const address = await listen(server, options.port);
  const stopPush = headers.onTip(() => {
    const message = encodeBitcoinMessage(parameters.network, { kind: 'headers', headers: [headers.tip().bytes] });
    for (const socket of sockets) if (!socket.destroyed && socket.writableLength < message.length * 100) socket.write(message);
  });
  let mining = false;
  const timer = setInterval(() => {
    if (mining) return;
    mining = true;
    mineDueHeaders(headers, { interval, genesisTime }, clock.now())
      .catch(report)
      .finally(() => {
        mining = false;
      });
  }, TICK);
  return {
    address,
    headers,
    close: async () => {
      clearInterval(timer);
      stopPush();
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await headers.close();
    },
  };
};
