import { type GossipSub, gossipsub, StrictNoSign, TopicValidatorResult } from '@libp2p/gossipsub';
import { identify } from '@libp2p/identify';
import type { Libp2p } from '@libp2p/interface';
import { noise } from '@libp2p/noise';
import { peerIdFromString } from '@libp2p/peer-id';
import { ping } from '@libp2p/ping';
import { yamux } from '@libp2p/yamux';
import { multiaddr } from '@multiformats/multiaddr';
import { sha256 } from '@noble/hashes/sha2.js';
import { createLibp2p, type Libp2pOptions } from 'libp2p';
import { Failure } from '#protocol/failure';
import type { GossipVerdict, NetworkListener, PeerStreams } from '../platform/port.ts';
import { Exchange } from './exchange.ts';

/** a client keeps a handful of nodes, never a crowd */
const MAX_CONNECTIONS = 16;
/** one header announcement: header, stake proof, filter */
const MAX_GOSSIP_BYTES = 1024 * 1024;

const VERDICTS: Readonly<Record<GossipVerdict, TopicValidatorResult>> = {
  accept: TopicValidatorResult.Accept,
  ignore: TopicValidatorResult.Ignore,
  reject: TopicValidatorResult.Reject,
};

type Services = { readonly pubsub: GossipSub };

const createNode = (transports: NonNullable<Libp2pOptions['transports']>): Promise<Libp2p<Services>> =>
  createLibp2p({
    transports,
    streamMuxers: [yamux()],
    connectionEncrypters: [noise()],
    // a page of our own origin dials nodes on loopback, which libp2p refuses in browsers unless told otherwise
    connectionGater: { denyDialMultiaddr: () => false },
    connectionManager: { maxConnections: MAX_CONNECTIONS },
    services: {
      identify: identify(),
      ping: ping(),
      pubsub: gossipsub({
        globalSignaturePolicy: StrictNoSign,
        allowPublishToZeroTopicPeers: true,
        maxInboundDataLength: MAX_GOSSIP_BYTES,
        msgIdFn: (message) => sha256(message.data),
      }),
    },
  }) as Promise<Libp2p<Services>>;

const asFailure = (error: unknown, code: string): Failure => (error instanceof Failure ? error : new Failure(code, error));

/** libp2p as a carrier of bytes: it opens streams, frames messages, and knows nothing of what they mean. */
export class PeerNetwork implements PeerStreams {
  private readonly transports: NonNullable<Libp2pOptions['transports']>;
  private readonly exchanges = new Map<string, Promise<Exchange>>();
  private readonly addresses = new Map<string, string>();
  private node: Libp2p<Services> | undefined;
  private listener: NetworkListener | undefined;
  private bytes = 0;

  constructor(transports: NonNullable<Libp2pOptions['transports']>) {
    this.transports = transports;
  }

  start = async (listener: NetworkListener): Promise<void> => {
    this.listener = listener;
    if (this.node !== undefined) return;
    const node = await createNode(this.transports);
    this.node = node;
    node.addEventListener('peer:disconnect', ({ detail }) => this.forget(detail.toString()));
  };

  private running(): Libp2p<Services> {
    if (this.node === undefined) throw new Failure('network-not-started');
    return this.node;
  }

  private forget(peer: string): void {
    for (const key of this.exchanges.keys()) if (key.startsWith(`${peer} `)) this.exchanges.delete(key);
    this.addresses.delete(peer);
    this.listener?.lost(peer);
  }

  dial = async (address: string): Promise<string> => {
    try {
      const connection = await this.running().dial(multiaddr(address), { signal: AbortSignal.timeout(10_000) });
      const peer = connection.remotePeer.toString();
      if (this.addresses.get(peer) === undefined) this.listener?.connected(peer, address);
      this.addresses.set(peer, address);
      return peer;
    } catch (error) {
      throw asFailure(error, 'dial-failed');
    }
  };

  private open(peer: string, protocol: string, maxAnswer: number): Promise<Exchange> {
    const key = `${peer} ${protocol}`;
    const known = this.exchanges.get(key);
    if (known !== undefined) return known;
    const opened = this.running()
      .dialProtocol(peerIdFromString(peer), protocol, { signal: AbortSignal.timeout(10_000) })
      .then(
        (stream) =>
          new Exchange(stream, maxAnswer, (bytes) => {
            this.bytes += bytes;
          }),
      );
    this.exchanges.set(key, opened);
    opened.catch(() => this.exchanges.delete(key));
    return opened;
  }

  ask = async (
    peer: string,
    protocol: string,
    request: Uint8Array,
    bounds: { seconds: number; maxAnswer: number },
  ): Promise<Uint8Array> => {
    try {
      let exchange = await this.open(peer, protocol, bounds.maxAnswer);
      if (exchange.broken) {
        this.exchanges.delete(`${peer} ${protocol}`);
        exchange = await this.open(peer, protocol, bounds.maxAnswer);
      }
      return await exchange.ask(request, bounds.seconds);
    } catch (error) {
      throw asFailure(error, 'peer-lost');
    }
  };

  subscribe = async (topic: string): Promise<void> => {
    const { pubsub } = this.running().services;
    pubsub.topicValidators.set(topic, async (peer, message) => {
      this.bytes += message.data.length;
      const verdict = await this.listener?.gossip(topic, peer.toString(), message.data);
      return VERDICTS[verdict ?? 'ignore'];
    });
    pubsub.subscribe(topic);
  };

  hangUp = async (peer: string): Promise<void> => {
    await this.running()
      .hangUp(peerIdFromString(peer))
      .catch(() => undefined);
  };

  received = async (): Promise<number> => this.bytes;

  stop = async (): Promise<void> => {
    const { node } = this;
    this.node = undefined;
    this.listener = undefined;
    this.exchanges.clear();
    this.addresses.clear();
    await node?.stop();
  };
}
