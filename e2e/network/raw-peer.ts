import { gossipsub, StrictNoSign } from '@libp2p/gossipsub';
import { identify } from '@libp2p/identify';
import type { Stream } from '@libp2p/interface';
import { noise } from '@libp2p/noise';
import { ping } from '@libp2p/ping';
import { tcp } from '@libp2p/tcp';
import { yamux } from '@libp2p/yamux';
import { multiaddr } from '@multiformats/multiaddr';
import { createLibp2p } from 'libp2p';
import { decodeField, encodeField, type Field } from '../../protocol/codec/schema.ts';
import { sha256 } from '../../protocol/crypto/hash.ts';
import { encodeFrame, FrameReader } from '../../protocol/wire/framing.ts';
import { type AnswerOf, PROTOCOLS, type ProtocolName, protocolId, type RequestOf } from '../../protocol/wire/protocols.ts';

const create = () =>
  createLibp2p({
    addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    connectionGater: { denyDialMultiaddr: () => false },
    connectionManager: { inboundConnectionThreshold: 1_000 },
    services: {
      identify: identify(),
      ping: ping(),
      pubsub: gossipsub({
        globalSignaturePolicy: StrictNoSign,
        allowPublishToZeroTopicPeers: true,
        floodPublish: true,
        msgIdFn: (m) => sha256(m.data),
      }),
    },
  });

type Answering<N extends ProtocolName> = (request: RequestOf<N>, stream: Stream) => AnswerOf<N> | Uint8Array | undefined;

/** A peer that obeys libp2p and nothing else: it sends the bytes it is told to. */
export class RawPeer {
  private readonly libp2p: Awaited<ReturnType<typeof create>>;

  private constructor(libp2p: Awaited<ReturnType<typeof create>>) {
    this.libp2p = libp2p;
  }

  static async start(): Promise<RawPeer> {
    return new RawPeer(await create());
  }

  get id(): string {
    return this.libp2p.peerId.toString();
  }

  get address(): string {
    return this.libp2p.getMultiaddrs()[0]?.toString() ?? '';
  }

  get connections(): number {
    return this.libp2p.getConnections().length;
  }

  stop = async (): Promise<void> => {
    await this.libp2p.stop();
  };

  async dial(address: string): Promise<void> {
    await this.libp2p.dial(multiaddr(address), { signal: AbortSignal.timeout(5_000) });
  }

  /** Opens a stream to the node at the other end of the first connection. */
  async open(name: ProtocolName): Promise<Stream> {
    const [connection] = this.libp2p.getConnections();
    if (connection === undefined) throw new Error('not connected');
    return connection.newStream(protocolId('dev', name), { maxOutboundStreams: 10_000, signal: AbortSignal.timeout(5_000) });
  }

  /** Asks one well-formed question on a stream of its own. */
  async ask<N extends ProtocolName>(name: N, request: RequestOf<N>): Promise<AnswerOf<N>> {
    const stream = await this.open(name);
    const reader = new FrameReader(PROTOCOLS[name].maxAnswer);
    const frame = await new Promise<Uint8Array>((resolve, reject) => {
      stream.addEventListener('close', () => reject(new Error('closed')));
      stream.addEventListener('message', ({ data }) => {
        reader.append(data.subarray());
        const next = reader.next();
        if (next instanceof Uint8Array) resolve(next);
      });
      stream.send(encodeFrame(encodeField(PROTOCOLS[name].request as unknown as Field<RequestOf<N>>, request)));
    });
    stream.abort(new Error('done'));
    return decodeField(PROTOCOLS[name].answer as unknown as Field<AnswerOf<N>>, frame) as AnswerOf<N>;
  }

  /** Serves a protocol as it likes; undefined: says nothing. */
  async serve<N extends ProtocolName>(name: N, answer: Answering<N>): Promise<void> {
    await this.libp2p.handle(
      protocolId('dev', name),
      (stream) => {
        const reader = new FrameReader(PROTOCOLS[name].maxRequest);
        stream.addEventListener('message', ({ data }) => {
          reader.append(data.subarray());
          for (let frame = reader.next(); frame instanceof Uint8Array; frame = reader.next()) {
            const request = decodeField(PROTOCOLS[name].request as unknown as Field<RequestOf<N>>, frame) as RequestOf<N>;
            const said = answer(request, stream);
            if (said === undefined) continue;
            stream.send(
              said instanceof Uint8Array ? said : encodeFrame(encodeField(PROTOCOLS[name].answer as unknown as Field<AnswerOf<N>>, said)),
            );
          }
        });
      },
      { force: true },
    );
  }

  subscribe(topic: string): void {
    this.libp2p.services.pubsub.subscribe(topic);
  }

  async publish(topic: string, data: Uint8Array): Promise<number> {
    return (await this.libp2p.services.pubsub.publish(topic, data)).recipients.length;
  }
}
