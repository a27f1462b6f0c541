import { asHash32, type Hash32 } from '../codec/hash32.ts';
import { type ByteReader, type CodecFault, decodeBytes } from '../codec/reader.ts';
import { type ByteWriter, encodeBytes } from '../codec/writer.ts';
import { BITCOIN_HEADER_BYTES } from './header-codec.ts';

export const MAX_HEADERS_MESSAGE = 2_000;
export const MAX_LOCATOR_HASHES = 101;
const MAX_AGENT = 256;
const ADDRESS_BYTES = 26;

export interface VersionMessage {
  readonly kind: 'version';
  readonly version: number;
  readonly services: bigint;
  /** unix seconds */
  readonly time: bigint;
  readonly nonce: bigint;
  readonly agent: string;
  readonly startHeight: number;
}

export interface GetHeadersMessage {
  readonly kind: 'getheaders';
  readonly version: number;
  /** highest first */
  readonly locator: readonly Hash32[];
  /** zero: as many as fit */
  readonly stop: Hash32;
}

/** The part of Bitcoin's protocol that following its headers needs. */
export type BitcoinMessage =
  | VersionMessage
  | { readonly kind: 'verack' }
  | { readonly kind: 'ping'; readonly nonce: bigint }
  | { readonly kind: 'pong'; readonly nonce: bigint }
  | GetHeadersMessage
  | { readonly kind: 'headers'; readonly headers: readonly Uint8Array[] };

type Kind = BitcoinMessage['kind'];

const readVersion = (reader: ByteReader): VersionMessage => {
  const [version, services, time] = [reader.u32(), reader.u64(), reader.u64()];
  reader.take(2 * ADDRESS_BYTES);
  const nonce = reader.u64();
  const agent = String.fromCharCode(...reader.varBytes(MAX_AGENT).map((byte) => (byte >= 0x20 && byte < 0x7f ? byte : 0x3f)));
  const startHeight = reader.u32();
  if (reader.remaining > 0 && reader.u8() > 1) reader.refuse('form', { relay: true });
  return { kind: 'version', version, services, time, nonce, agent, startHeight };
};

const readHash = (reader: ByteReader): Hash32 => asHash32(reader.take(32).slice());

const readHeader = (reader: ByteReader): Uint8Array => {
  const bytes = reader.take(BITCOIN_HEADER_BYTES).slice();
  if (reader.u8() !== 0) reader.refuse('form', { transactions: true });
  return bytes;
};

const READERS: { readonly [K in Kind]: (reader: ByteReader) => Extract<BitcoinMessage, { kind: K }> } = {
  version: readVersion,
  verack: () => ({ kind: 'verack' }),
  ping: (reader) => ({ kind: 'ping', nonce: reader.u64() }),
  pong: (reader) => ({ kind: 'pong', nonce: reader.u64() }),
  getheaders: (reader) => ({
    kind: 'getheaders',
    version: reader.u32(),
    locator: reader.list(MAX_LOCATOR_HASHES, 32, readHash),
    stop: readHash(reader),
  }),
  headers: (reader) => ({ kind: 'headers', headers: reader.list(MAX_HEADERS_MESSAGE, BITCOIN_HEADER_BYTES + 1, readHeader) }),
};

const writePayload = (writer: ByteWriter, message: BitcoinMessage): void => {
  if (message.kind === 'version') {
    writer
      .u32(message.version)
      .u64(message.services)
      .u64(message.time)
      .bytes(new Uint8Array(2 * ADDRESS_BYTES));
    writer.u64(message.nonce).varBytes(Uint8Array.from(message.agent, (c) => c.charCodeAt(0)));
    writer.u32(message.startHeight).u8(0);
  } else if (message.kind === 'ping' || message.kind === 'pong') {
    writer.u64(message.nonce);
  } else if (message.kind === 'getheaders') {
    writer.u32(message.version);
    writer.list(message.locator, (w, hash) => w.bytes(hash)).bytes(message.stop);
  } else if (message.kind === 'headers') {
    writer.list(message.headers, (w, header) => w.bytes(header).u8(0));
  }
};

export const isKnownCommand = (command: string): command is Kind => Object.hasOwn(READERS, command);

export const encodePayload = (message: BitcoinMessage): Uint8Array => encodeBytes((writer) => writePayload(writer, message));

/** @fault the codec's: `short` `trailing` `varint` `size` `form` @source SPEC BT9 */
export const decodePayload = (command: Kind, payload: Uint8Array): BitcoinMessage | CodecFault =>
  decodeBytes(payload, READERS[command] as (reader: ByteReader) => BitcoinMessage);
