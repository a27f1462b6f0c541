import type { Connection } from '@libp2p/interface';
import { Failure } from '../../failure.ts';
import { makePeerClient, type PeerClient, type PeerStream, type PeerStreamEvents } from '../../wire/peer-client.ts';
import type { ConnectedPeer, PeerStatus } from './contract.ts';
import type { Budget, Cost } from './cost.ts';
import { MAX_STREAMS_OUT, REQUEST_DEADLINE } from './limits.ts';

/** Opens streams over whichever connection to the peer is alive. */
const openStream = async (connection: Connection, protocol: string, events: PeerStreamEvents): Promise<PeerStream> => {
  const stream = await connection.newStream(protocol, {
    signal: AbortSignal.timeout(REQUEST_DEADLINE),
    maxOutboundStreams: MAX_STREAMS_OUT,
  });
  stream.addEventListener('message', ({ data }) => events.received(data.subarray()));
  stream.addEventListener('close', () => events.closed());
  stream.addEventListener('remoteCloseWrite', () => {
    events.closed();
    stream.abort(new Failure('peer-closed'));
  });
  return { send: (bytes) => void stream.send(bytes), abort: () => stream.abort(new Failure('stream-ended')) };
};

const after = (milliseconds: number, action: () => void): (() => void) => {
  const timer = setTimeout(action, milliseconds);
  timer.unref();
  return () => clearTimeout(timer);
};

export interface PeerOptions {
  readonly id: string;
  readonly network: string;
  readonly connections: () => readonly Connection[];
  readonly first: Connection;
  readonly budget: Budget;
  readonly shared: Budget | undefined;
}

/** One peer that is connected: its client, its buckets, its score and what it says of itself. */
export class Peer implements ConnectedPeer {
  readonly id: string;
  readonly address: string;
  readonly direction: 'inbound' | 'outbound';
  readonly client: PeerClient;
  readonly connections: () => readonly Connection[];
  private readonly budgets: readonly Budget[];
  private said: PeerStatus | undefined;
  private score = 0;
  private scoredAt = 0;

  constructor({ id, network, connections, first, budget, shared }: PeerOptions) {
    this.id = id;
    this.address = first.remoteAddr.toString();
    this.direction = first.direction;
    this.connections = connections;
    this.budgets = shared === undefined ? [budget] : [budget, shared];
    this.client = makePeerClient(network, {
      open: (protocol, events) => {
        const connection = connections().find(({ status }) => status === 'open');
        return connection === undefined ? Promise.reject(new Failure('peer-closed')) : openStream(connection, protocol, events);
      },
      after,
    });
  }

  status = (): PeerStatus | undefined => this.said;

  say(status: PeerStatus): void {
    this.said = status;
  }

  /** seconds until this cost may be charged */
  wait(cost: Cost, now: number): number {
    return Math.max(...this.budgets.map((budget) => budget.wait(cost, now)));
  }

  charge(cost: Cost, now: number): void {
    for (const budget of this.budgets) budget.charge(cost, now);
  }

  tryCharge(cost: Cost, now: number): boolean {
    if (this.wait(cost, now) > 0) return false;
    this.charge(cost, now);
    return true;
  }

  /** Adds points that wear off by one a second, and says what they come to. */
  offend(points: number, now: number): number {
    this.score = Math.max(0, this.score - (now - this.scoredAt)) + points;
    this.scoredAt = now;
    return this.score;
  }

  queuedBytes(): number {
    let queued = 0;
    for (const connection of this.connections()) for (const stream of connection.streams) queued += stream.writeBufferLength;
    return queued;
  }
}
