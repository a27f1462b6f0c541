import { concatBytes, EMPTY_BYTES, equalBytes } from '../codec/bytes.ts';
import { ByteReader, type CodecFault } from '../codec/reader.ts';
import { encodeBytes } from '../codec/writer.ts';
import { hash256 } from '../crypto/hash.ts';
import { type Fault, fault, isFault } from '../fault.ts';
import type { BitcoinParameters } from '../params/parameters.ts';
import { type BitcoinMessage, decodePayload, encodePayload, isKnownCommand } from './message.ts';

const ENVELOPE_BYTES = 24;
const COMMAND_BYTES = 12;
/** @source Bitcoin Core, MAX_PROTOCOL_MESSAGE_LENGTH */
const MAX_SKIPPED = 4_000_000;
/** 3 bytes of count and 2,000 × 81 bytes: the largest message that is read */
const MAX_READ = 162_003;

export const BITCOIN_MAGIC: Readonly<Record<BitcoinParameters['network'], number>> = { main: 0xd9b4_bef9, regtest: 0xdab5_bffa };

export type EnvelopeFault = CodecFault | Fault<'bitcoin-magic' | 'bitcoin-command' | 'bitcoin-length' | 'bitcoin-checksum'>;

/** @shape magic u32 ‖ command 12 ‖ length u32 ‖ checksum 4 ‖ payload @source SPEC BT9 */
export const encodeBitcoinMessage = (network: BitcoinParameters['network'], message: BitcoinMessage): Uint8Array => {
  const payload = encodePayload(message);
  return encodeBytes((writer) => {
    const command = new Uint8Array(COMMAND_BYTES);
    command.set(Uint8Array.from(message.kind, (c) => c.charCodeAt(0)));
    writer.u32(BITCOIN_MAGIC[network]).bytes(command).u32(payload.length);
    writer.bytes(hash256(payload).subarray(0, 4)).bytes(payload);
  }, ENVELOPE_BYTES + payload.length);
};

const readCommand = (bytes: Uint8Array): string | undefined => {
  const end = bytes.indexOf(0);
  const length = end < 0 ? bytes.length : end;
  const isText = bytes.every((byte, i) => (i < length ? byte > 0x20 && byte < 0x7f : byte === 0));
  return isText && length > 0 ? String.fromCharCode(...bytes.subarray(0, length)) : undefined;
};

interface Envelope {
  readonly command: string;
  readonly length: number;
  readonly checksum: Uint8Array;
}

/**
 * Cuts a stream of bytes into Bitcoin messages; those of commands that are not needed are passed over unread, and at most
 * one message of a needed command is held.
 *
 * @source SPEC BT9
 */
export class BitcoinMessageReader {
  private readonly magic: number;
  private held: Uint8Array = EMPTY_BYTES;
  private toSkip = 0;

  constructor(network: BitcoinParameters['network']) {
    this.magic = BITCOIN_MAGIC[network];
  }

  /** The messages that are complete now. @fault as `EnvelopeFault` says: the connection is of no use any more */
  push(chunk: Uint8Array): readonly BitcoinMessage[] | EnvelopeFault {
    this.held = this.held.length === 0 ? chunk : concatBytes(this.held, chunk);
    const messages: BitcoinMessage[] = [];
    for (;;) {
      const next = this.next();
      if (next === undefined) break;
      if (isFault(next)) return next;
      if (next !== 'skipped') messages.push(next);
    }
    this.held = this.held.slice();
    return messages;
  }

  private next(): BitcoinMessage | 'skipped' | undefined | EnvelopeFault {
    if (this.toSkip > 0) {
      const passed = Math.min(this.toSkip, this.held.length);
      this.held = this.held.subarray(passed);
      this.toSkip -= passed;
      return passed > 0 ? 'skipped' : undefined;
    }
    if (this.held.length < ENVELOPE_BYTES) return undefined;
    const envelope = this.readEnvelope();
    if (isFault(envelope)) return envelope;
    const { command, length, checksum } = envelope;
    if (!isKnownCommand(command)) {
      this.held = this.held.subarray(ENVELOPE_BYTES);
      this.toSkip = length;
      return 'skipped';
    }
    if (this.held.length < ENVELOPE_BYTES + length) return undefined;
    const payload = this.held.subarray(ENVELOPE_BYTES, ENVELOPE_BYTES + length);
    if (!equalBytes(hash256(payload).subarray(0, 4), checksum)) return fault('bitcoin-checksum', { length });
    this.held = this.held.subarray(ENVELOPE_BYTES + length);
    return decodePayload(command, payload);
  }

  private readEnvelope(): Envelope | EnvelopeFault {
    const reader = new ByteReader(this.held);
    if (reader.u32() !== this.magic) return fault('bitcoin-magic');
    const command = readCommand(reader.take(COMMAND_BYTES));
    if (command === undefined) return fault('bitcoin-command');
    const length = reader.u32();
    const maximum = isKnownCommand(command) ? MAX_READ : MAX_SKIPPED;
    return length > maximum ? fault('bitcoin-length', { length, maximum }) : { command, length, checksum: reader.take(4) };
  }
}
