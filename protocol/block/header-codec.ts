import { asHash32, type Hash32 } from '../codec/hash32.ts';
import { type ByteReader, type CodecFault, decodeBytes } from '../codec/reader.ts';
import { type ByteWriter, encodeBytes } from '../codec/writer.ts';
import { makeTagged } from '../crypto/hash.ts';
import { fault } from '../fault.ts';
import { isAmountRange } from '../tx/amount.ts';
import { readOutpoint, writeOutpoint } from '../tx/outpoint.ts';
import type { BurnRight, Economy, Header, NoRight, StakeRight } from './header.ts';
import { HEADER_BYTES } from './header.ts';

const VERSION = 1;
const SIGNATURE_BYTES = 64;
export const SIGNED_HEADER_BYTES = HEADER_BYTES - SIGNATURE_BYTES;

const readHash = (reader: ByteReader): Hash32 => asHash32(reader.take(32).slice());

const readZeros = (reader: ByteReader, count: number): void => {
  if (reader.take(count).some((byte) => byte !== 0)) reader.refuse('form', { zero: false });
};

const readEconomy = (reader: ByteReader): Economy => ({
  value: reader.u64(),
  locked: reader.u64(),
  credit: reader.u64(),
  debt: reader.u64(),
  overdue: reader.u64(),
  fees: reader.u64(),
});

const readStake = (reader: ByteReader): StakeRight => {
  const outpoint = readOutpoint(reader);
  const amount = reader.u64();
  if (!isAmountRange(amount) || amount === 0n) reader.refuse('form', { amount });
  const key = reader.take(32).slice();
  readZeros(reader, 3);
  return { kind: 'stake', outpoint, amount, key };
};

const readBurn = (reader: ByteReader): BurnRight => {
  const proofHash = readHash(reader);
  readZeros(reader, 4);
  const satoshi = reader.u64();
  const key = reader.take(32).slice();
  readZeros(reader, 3);
  return { kind: 'burn', proofHash, satoshi, key };
};

const readNoRight = (reader: ByteReader): NoRight => {
  readZeros(reader, 80);
  return { kind: 'none' };
};

const readRight = (reader: ByteReader, height: number): Header['right'] => {
  if (height === 0) return readNoRight(reader);
  const kind = reader.u8();
  if (kind === 0) return readStake(reader);
  return kind === 1 ? readBurn(reader) : reader.refuse('form', { proof: kind });
};

const readHeader = (reader: ByteReader): Header => {
  const version = reader.u32();
  if (version !== VERSION) reader.refuse('form', { version });
  const height = reader.u32();
  return {
    version: VERSION,
    height,
    previous: readHash(reader),
    time: reader.u32(),
    bits: reader.u32(),
    bitcoin: readHash(reader),
    config: readHash(reader),
    txRoot: readHash(reader),
    witnessRoot: readHash(reader),
    stateRoot: readHash(reader),
    historyRoot: readHash(reader),
    filterHash: readHash(reader),
    versionsRoot: readHash(reader),
    economy: readEconomy(reader),
    weight: reader.u128(),
    right: readRight(reader, height),
    signature: reader.take(SIGNATURE_BYTES).slice(),
  };
};

const writeRight = (writer: ByteWriter, right: Header['right']): void => {
  if (right.kind === 'none') {
    writer.bytes(new Uint8Array(80));
  } else if (right.kind === 'stake') {
    writer.u8(0);
    writeOutpoint(writer, right.outpoint);
    writer.u64(right.amount).bytes(right.key).bytes(new Uint8Array(3));
  } else {
    writer.u8(1).bytes(right.proofHash).u32(0).u64(right.satoshi).bytes(right.key).bytes(new Uint8Array(3));
  }
};

const writeSigned = (writer: ByteWriter, header: Omit<Header, 'signature'>): void => {
  writer.u32(VERSION).u32(header.height).bytes(header.previous).u32(header.time).u32(header.bits);
  writer.bytes(header.bitcoin).bytes(header.config).bytes(header.txRoot).bytes(header.witnessRoot).bytes(header.stateRoot);
  writer.bytes(header.historyRoot).bytes(header.filterHash).bytes(header.versionsRoot);
  const { value, locked, credit, debt, overdue, fees } = header.economy;
  for (const sum of [value, locked, credit, debt, overdue, fees]) writer.u64(sum);
  writer.u128(header.weight);
  writeRight(writer, header.right);
};

const hashHeader = makeTagged('header');

/** The 448 bytes that the hash is made of and the signature signs by it. */
export const encodeUnsignedHeader = (header: Omit<Header, 'signature'>): Uint8Array =>
  encodeBytes((writer) => writeSigned(writer, header), SIGNED_HEADER_BYTES);

/** @shape 512 bytes @source SPEC HD1; spec 02, header */
export const encodeHeader = (header: Header): Uint8Array =>
  encodeBytes((writer) => {
    writeSigned(writer, header);
    writer.bytes(header.signature);
  }, HEADER_BYTES);

/**
 * Decodes a header: in form, judged by no other rule yet.
 *
 * @fault `size`: not exactly 512 bytes; `form`: a version but 1, an unknown kind of proof, an amount out of range,
 * a field that must be zero and is not
 * @source SPEC HD1, HD2, HD3; spec 02, header
 */
export const decodeHeader = (bytes: Uint8Array): Header | CodecFault => {
  if (bytes.length !== HEADER_BYTES) return fault('size', { bytes: bytes.length });
  const header = decodeBytes(bytes, readHeader);
  return 'fault' in header || header.height > 0 || isGenesisForm(header) ? header : fault('form', { genesis: false });
};

const isZero = (bytes: Uint8Array): boolean => bytes.every((byte) => byte === 0);

const isGenesisForm = (header: Header): boolean =>
  [header.previous, header.bitcoin, header.config, header.historyRoot, header.versionsRoot, header.signature].every(isZero) &&
  header.weight === 0n;

/** @shape over the 448 bytes before the signature @source SPEC HD4; spec 02, header */
export const computeHeaderHash = (header: Omit<Header, 'signature'>): Hash32 => hashHeader(encodeUnsignedHeader(header));

/** Hash of a header as its bytes stand. @shape bytes: 512, or the first 448 */
export const hashHeaderBytes = (bytes: Uint8Array): Hash32 => hashHeader(bytes.subarray(0, SIGNED_HEADER_BYTES));

export const NO_SIGNATURE = new Uint8Array(SIGNATURE_BYTES);
