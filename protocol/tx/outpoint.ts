import { asHash32, type Hash32, isZeroHash } from '../codec/hash32.ts';
import { encodeHex } from '../codec/hex.ts';
import type { ByteReader } from '../codec/reader.ts';
import { type ByteWriter, encodeBytes } from '../codec/writer.ts';

/** @shape txid in internal order ‖ index u32: 36 bytes */
export interface Outpoint {
  readonly txid: Hash32;
  readonly index: number;
}

export const NULL_INDEX = 0xffff_ffff;

export const isNullOutpoint = (outpoint: Outpoint): boolean => outpoint.index === NULL_INDEX && isZeroHash(outpoint.txid);

export const readOutpoint = (reader: ByteReader): Outpoint => ({ txid: asHash32(reader.take(32).slice()), index: reader.u32() });

export const writeOutpoint = (writer: ByteWriter, outpoint: Outpoint): void => {
  writer.bytes(outpoint.txid).u32(outpoint.index);
};

export const encodeOutpoint = (outpoint: Outpoint): Uint8Array => encodeBytes((writer) => writeOutpoint(writer, outpoint), 36);

/** A string that is equal exactly when the outpoints are: for keys of maps and sets. */
export const outpointKey = (outpoint: Outpoint): string => `${encodeHex(outpoint.txid)}:${outpoint.index}`;
