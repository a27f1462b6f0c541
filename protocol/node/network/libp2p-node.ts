import { generateKeyPairFromSeed } from '@libp2p/crypto/keys';
import { type GossipSub, gossipsub, StrictNoSign } from '@libp2p/gossipsub';
import { type Identify, identify } from '@libp2p/identify';
import type { ConnectionGater, Libp2p } from '@libp2p/interface';
import { noise } from '@libp2p/noise';
import { peerIdFromPrivateKey } from '@libp2p/peer-id';
import { type Ping, ping } from '@libp2p/ping';
import { tcp } from '@libp2p/tcp';
import { webSockets } from '@libp2p/websockets';
import { yamux } from '@libp2p/yamux';
import { createLibp2p } from 'libp2p';
import { sha256 } from '../../crypto/hash.ts';
import { MAX_GOSSIP_BYTES } from '../../wire/limits.ts';
import { MAX_QUEUED_BYTES, MAX_SOCKETS, MAX_STREAMS_IN, MAX_STREAMS_OUT, REQUEST_DEADLINE } from './limits.ts';

export type NodeServices = { readonly identify: Identify; readonly ping: Ping; readonly pubsub: GossipSub };
export type NodeLibp2p = Libp2p<NodeServices>;

/** A stream's window is also the most that may lie unread here. */
const STREAM_WINDOW = 256 * 1024;
const LOOPBACK = ['/ip4/127.0.0.0/ipcidr/8', '/ip6/::1/ipcidr/128'];

/** @shape seed: 32 bytes */
export const peerIdFromSeed = async (seed: Uint8Array): Promise<string> =>
  peerIdFromPrivateKey(await generateKeyPairFromSeed('Ed25519', seed)).toString();

const makeGossip = (topics: readonly string[]) => {
  const topicScore = {
    topicWeight: 1,
    timeInMeshWeight: 0.01,
    timeInMeshQuantum: 1_000,
    timeInMeshCap: 100,
    firstMessageDeliveriesWeight: 0.5,
    firstMessageDeliveriesDecay: 0.9,
    firstMessageDeliveriesCap: 50,
    meshMessageDeliveriesWeight: 0,
    meshMessageDeliveriesDecay: 0.5,
    meshMessageDeliveriesCap: 100,
    meshMessageDeliveriesThreshold: 20,
    meshMessageDeliveriesWindow: 10,
    meshMessageDeliveriesActivation: 5_000,
    meshFailurePenaltyWeight: 0,
    meshFailurePenaltyDecay: 0.5,
    invalidMessageDeliveriesWeight: -20,
    invalidMessageDeliveriesDecay: 0.95,
  };
  return gossipsub({
    globalSignaturePolicy: StrictNoSign,
    allowedTopics: [...topics],
    allowPublishToZeroTopicPeers: true,
    ignoreDuplicatePublishError: true,
    floodPublish: true,
    msgIdFn: (message) => sha256(message.data),
    maxInboundDataLength: MAX_GOSSIP_BYTES,
    maxOutboundBufferSize: 2 * MAX_QUEUED_BYTES,
    maxTopicBytesPerPeer: 16 * 1024,
    decodeRpcLimits: {
      maxSubscriptions: 16,
      maxMessages: 256,
      maxIhaveMessageIDs: 2_000,
      maxIwantMessageIDs: 2_000,
      maxIdontwantMessageIDs: 2_000,
      maxControlMessages: 256,
      maxPeerInfos: 16,
    },
    // browsers of one machine share an address; the node bounds connections itself
    scoreParams: { IPColocationFactorWeight: 0, topics: Object.fromEntries(topics.map((topic) => [topic, topicScore])) },
    scoreThresholds: { gossipThreshold: -20, publishThreshold: -40, graylistThreshold: -80 },
  });
};

export interface Libp2pOptions {
  /** @shape 32 bytes: the node's identity */
  readonly seed: Uint8Array;
  readonly listen: readonly string[];
  readonly topics: readonly string[];
  readonly gater: ConnectionGater;
}

export const createNodeLibp2p = async ({ seed, listen, topics, gater }: Libp2pOptions): Promise<NodeLibp2p> =>
  createLibp2p<NodeServices>({
    privateKey: await generateKeyPairFromSeed('Ed25519', seed),
    addresses: { listen: [...listen] },
    transports: [
      tcp({ maxConnections: MAX_SOCKETS }),
      webSockets({ maxBufferedAmount: MAX_QUEUED_BYTES, http: { headersTimeout: REQUEST_DEADLINE, requestTimeout: REQUEST_DEADLINE } }),
    ],
    connectionEncrypters: [noise()],
    streamMuxers: [
      yamux({
        maxInboundStreams: MAX_STREAMS_IN,
        maxOutboundStreams: MAX_STREAMS_OUT,
        streamOptions: { initialStreamWindowSize: STREAM_WINDOW, maxStreamWindowSize: STREAM_WINDOW },
      }),
    ],
    connectionGater: { denyDialMultiaddr: () => false, ...gater },
    connectionManager: { maxConnections: MAX_SOCKETS, maxIncomingPendingConnections: 64, inboundConnectionThreshold: 5, allow: LOOPBACK },
    start: false,
    services: { identify: identify(), ping: ping(), pubsub: makeGossip(topics) },
  });
