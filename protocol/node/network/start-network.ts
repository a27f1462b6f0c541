import { performance } from 'node:perf_hooks';
import type { Connection, PeerId } from '@libp2p/interface';
import { multiaddr } from '@multiformats/multiaddr';
import { decodeHeader } from '../../block/header-codec.ts';
import { equalBytes } from '../../codec/bytes.ts';
import { Failure } from '../../failure.ts';
import { type Fault, fault, isFault } from '../../fault.ts';
import { MAX_PEER_ADDRESSES } from '../../wire/limits.ts';
import {
  type AnswerOf,
  gossipTopic,
  mailboxTopic,
  PROTOCOLS,
  type Protocol,
  type ProtocolName,
  protocolId,
  type RequestOf,
} from '../../wire/protocols.ts';
import type { Clock, NodeBitcoin, NodeChain, NodeMailbox, NodeMempool } from '../chain/contract.ts';
import { AddressBook } from './address-book.ts';
import type { ConnectedPeer, NetworkEvents, NetworkFigures, NodeNetwork } from './contract.ts';
import { type Rates, ratesFor } from './cost.ts';
import { startGossip } from './gossip.ts';
import { isLie, SCORE_LIMIT } from './judgement.ts';
import { createNodeLibp2p, type NodeLibp2p } from './libp2p-node.ts';
import { keepOutbound } from './outbound.ts';
import type { Peer } from './peer.ts';
import { PeerTable } from './peer-table.ts';
import { type KnownPeers, loadPeers, savePeers, type Until } from './peers-file.ts';
import { DEADLINES, type Deadlines, type ServeHost, type Service, serveStream } from './serve.ts';
import { makeServices } from './services/make-services.ts';
import { boundSockets, listenersOf } from './socket-bound.ts';
import { Tally } from './tally.ts';

export interface NetworkOptions {
  readonly chain: NodeChain;
  readonly mempool: NodeMempool;
  readonly bitcoin: NodeBitcoin;
  /** by default no posts are kept */
  readonly mailbox?: NodeMailbox | undefined;
  /** a name known to the nodes of one operator alone, among which posts are passed on; by default they are not */
  readonly mailboxGroup?: string | undefined;
  /** what the time of a header is held against; limits and bans run on a clock that is never set */
  readonly clock: Clock;
  /** @shape 32 bytes: the node's identity in the network */
  readonly seed: Uint8Array;
  /** multiaddresses: `/ip4/127.0.0.1/tcp/8490`, `/ip4/127.0.0.1/tcp/8500/ws` */
  readonly listen: readonly string[];
  /** multiaddresses of nodes to begin with, with or without peer id */
  readonly bootstrap: readonly string[];
  /** by default those of the chain's network */
  readonly rates?: Rates;
  readonly deadlines?: Deadlines;
  /** where addresses and bans are kept over a restart; by default nowhere */
  readonly peersFile?: string;
  /** our own bugs and failures, for the log */
  readonly report?: (error: unknown) => void;
}

/** @unit seconds; a peer of another network is not asked again for this long */
const OTHER_NETWORK_SECONDS = 60;

/** @unit milliseconds */
const SAVE_EVERY = 60_000;

/** @unit seconds */
const monotonic = (): number => performance.now() / 1_000;

class Network implements NodeNetwork {
  private readonly options: NetworkOptions;
  private readonly libp2p: NodeLibp2p;
  private readonly table: PeerTable;
  private readonly book: AddressBook;
  private readonly listeners: { readonly [E in keyof NetworkEvents]: Set<NetworkEvents[E]> } = {
    status: new Set(),
    gone: new Set(),
    header: new Set(),
  };
  private readonly requests = new Tally();
  private readonly refusals = new Tally();
  private readonly bans = new Tally();
  private readonly stops: (() => void)[] = [];
  private bytesOut = 0;

  constructor(options: NetworkOptions, libp2p: NodeLibp2p, table: PeerTable) {
    this.options = options;
    this.libp2p = libp2p;
    this.table = table;
    this.book = new AddressBook(options.bootstrap);
  }

  get peerId(): string {
    return this.libp2p.peerId.toString();
  }

  addresses = (): readonly string[] => this.libp2p.getMultiaddrs().map(String);

  peers = (): readonly ConnectedPeer[] => this.table.all();

  on = <E extends keyof NetworkEvents>(event: E, listener: NetworkEvents[E]): (() => void) => {
    this.listeners[event].add(listener);
    return () => this.listeners[event].delete(listener);
  };

  judge = (peer: ConnectedPeer, reason: Fault): void => {
    const known = this.table.find(peer.id);
    if (known === undefined || !isLie(reason)) return;
    this.bans.add(reason.fault);
    this.table.ban(known);
    this.disconnect(known, reason.fault);
  };

  penalize = (peer: ConnectedPeer, points: number, code: string): void => {
    const score = this.table.find(peer.id)?.offend(points, monotonic()) ?? 0;
    if (score >= SCORE_LIMIT) this.judge(peer, fault(code));
  };

  refresh = async (peer: ConnectedPeer): Promise<void> => {
    const known = this.table.find(peer.id);
    if (known === undefined) return;
    const answer = await known.client.ask('status', {});
    if (isFault(answer)) {
      this.judge(known, answer);
      return;
    }
    if (answer.kind !== 'status') return;
    const { chain } = this.options;
    if (answer.network !== chain.network || !equalBytes(answer.genesis, chain.genesis)) {
      this.refusals.add('other-network');
      this.table.ban(known, OTHER_NETWORK_SECONDS);
      this.disconnect(known, 'other-network');
      return;
    }
    const tip = decodeHeader(answer.tip);
    if (isFault(tip)) {
      this.judge(known, tip);
      return;
    }
    const { services, proofsFrom, epochsFrom } = answer;
    known.say({ tipHeight: tip.height, tipWeight: tip.weight, services, proofsFrom, epochsFrom });
    this.emit('status', known);
  };

  dial = async (address: string): Promise<void> => {
    await this.connect(address);
  };

  figures = (): NetworkFigures => ({
    inbound: this.table.count('inbound'),
    outbound: this.table.count('outbound'),
    banned: this.table.banCount,
    bytesOut: this.bytesOut,
    requests: this.requests.read(),
    refusals: this.refusals.read(),
    bans: this.bans.read(),
  });

  banned = (): readonly Until[] => this.known().banned;

  close = async (): Promise<void> => {
    for (const stop of this.stops) stop();
    await this.save();
    await this.libp2p.stop();
  };

  /** @unit unix seconds: bans outlive the clock that they run on */
  private known(): KnownPeers {
    const now = Math.floor(this.options.clock.now());
    const { banned, discouraged } = this.table.bans();
    const dated = (left: readonly (readonly [string, number])[]) =>
      left.map(([name, seconds]) => [name, now + Math.ceil(seconds)] as const);
    return { addresses: this.book.learned(), banned: dated(banned), discouraged: dated(discouraged) };
  }

  private restore({ addresses, banned, discouraged }: KnownPeers): void {
    const now = this.options.clock.now();
    const left = (dated: readonly Until[]) => dated.map(([name, until]) => [name, until - now] as const);
    this.table.restore({ banned: left(banned), discouraged: left(discouraged) });
    for (const { address, reached } of addresses) if (this.book.learn(address) && reached) this.book.succeeded(address);
  }

  private async save(): Promise<void> {
    const { peersFile, report } = this.options;
    if (peersFile === undefined) return;
    await savePeers(peersFile, this.known()).catch((error: unknown) => report?.(new Failure('peers-file', error)));
  }

  private async keepPeers(): Promise<void> {
    const { peersFile, report } = this.options;
    if (peersFile === undefined) return;
    this.restore(await loadPeers(peersFile, (error) => report?.(error)));
    const timer = setInterval(() => void this.save(), SAVE_EVERY);
    timer.unref();
    this.stops.push(() => clearInterval(timer));
  }

  async start(): Promise<void> {
    this.libp2p.addEventListener('peer:connect', ({ detail }) => this.connected(detail));
    this.libp2p.addEventListener('peer:disconnect', ({ detail }) => this.disconnected(detail));
    await this.keepPeers();
    await this.serve();
    await this.libp2p.start();
    for (const listener of listenersOf(this.libp2p)) boundSockets(listener);
    const { chain, mempool, clock, mailbox, mailboxGroup } = this.options;
    this.stops.push(
      startGossip({
        libp2p: this.libp2p,
        chain,
        mempool,
        mailbox,
        mailboxGroup,
        clock,
        now: monotonic,
        findPeer: this.table.find,
        judge: this.judge,
        penalize: this.penalize,
        announced: (header) => this.emit('header', header),
        report: (error) => this.options.report?.(error),
      }),
      keepOutbound({
        book: this.book,
        peers: this.table.all,
        now: monotonic,
        dial: (address) => this.connect(address),
        isOwn: (address) => address.endsWith(`/p2p/${this.peerId}`) || this.addresses().some((own) => own.startsWith(`${address}/p2p/`)),
      }),
    );
  }

  private emit<E extends keyof NetworkEvents>(event: E, value: Parameters<NetworkEvents[E]>[0]): void {
    for (const listener of this.listeners[event]) (listener as (value: unknown) => void)(value);
  }

  private async connect(address: string): Promise<string> {
    try {
      const { remotePeer } = await this.libp2p.dial(multiaddr(address), { signal: AbortSignal.timeout(DEADLINES.request) });
      return remotePeer.toString();
    } catch (cause) {
      throw new Failure('dial-failed', cause);
    }
  }

  private connected(peerId: PeerId): void {
    const id = peerId.toString();
    const connections = (): Connection[] => this.libp2p.getConnections(peerId);
    const [first] = connections();
    if (first === undefined || this.table.find(id) !== undefined) return;
    const peer = this.table.add(id, first, connections);
    this.refresh(peer).catch(() => undefined);
  }

  private disconnected(peerId: PeerId): void {
    const peer = this.table.remove(peerId.toString());
    if (peer === undefined) return;
    peer.client.close();
    this.emit('gone', peer);
    this.libp2p.peerStore.delete(peerId).catch(() => undefined);
  }

  private disconnect(peer: Peer, code: string): void {
    for (const connection of peer.connections()) connection.abort(new Failure(code));
  }

  private async serve(): Promise<void> {
    const { chain, mempool, bitcoin, mailbox } = this.options;
    const services = makeServices({ chain, mempool, bitcoin, mailbox }, () => this.book.reached(MAX_PEER_ADDRESSES));
    const host: ServeHost = {
      now: monotonic,
      judge: this.judge,
      drop: (peer, reason) => {
        this.refusals.add(reason);
        this.disconnect(peer, reason);
      },
      served: (protocol, bytes) => {
        this.requests.add(protocol);
        this.bytesOut += bytes;
      },
      refused: (code) => this.refusals.add(code),
      report: (error) => this.options.report?.(error),
    };
    const deadlines = this.options.deadlines ?? DEADLINES;
    const serve = <N extends ProtocolName>(name: N): Promise<void> =>
      this.libp2p.handle(
        protocolId(chain.network, name),
        (stream, connection) => {
          const peer = this.table.find(connection.remotePeer.toString());
          if (peer === undefined) stream.abort(new Failure('peer-closed'));
          else
            serveStream<N>(stream, peer, PROTOCOLS[name] as unknown as Protocol<RequestOf<N>, AnswerOf<N>>, {
              service: services[name] as Service<N>,
              host,
              deadlines,
            });
        },
        { maxInboundStreams: 2, maxOutboundStreams: 2 },
      );
    for (const name of Object.keys(PROTOCOLS) as ProtocolName[]) await serve(name);
  }
}

const topicsOf = ({ chain: { network }, mailboxGroup }: NetworkOptions): readonly string[] => [
  gossipTopic(network, 'tx'),
  gossipTopic(network, 'header'),
  ...(mailboxGroup === undefined ? [] : [mailboxTopic(network, mailboxGroup)]),
];

/**
 * Starts the node's part of the network: it listens, keeps peers of its own network, serves all protocols and passes on
 * what is new and valid.
 *
 * @source SPEC NW16; spec 08
 */
export const startNetwork = async (options: NetworkOptions): Promise<NodeNetwork> => {
  const { chain } = options;
  const table = new PeerTable(chain.network, options.rates ?? ratesFor(chain.parameters.targetSpacing), monotonic);
  const libp2p = await createNodeLibp2p({
    seed: options.seed,
    listen: options.listen,
    topics: topicsOf(options),
    gater: table.gater,
  });
  const network = new Network(options, libp2p, table);
  await network.start();
  return network;
};
