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

/** As `outpointKey`, of 18 characters that nobody can read: for maps that live as long as a block's judgement. */
export const packOutpoint = ({ txid, index }: Outpoint): string => {
  let text = String.fromCharCode(index >>> 16, index & 0xffff);
  for (let i = 0; i < 32; i += 8)
    text += String.fromCharCode(
      ((txid[i] as number) << 8) | (txid[i + 1] as number),
      ((txid[i + 2] as number) << 8) | (txid[i + 3] as number),
      ((txid[i + 4] as number) << 8) | (txid[i + 5] as number),
      ((txid[i + 6] as number) << 8) | (txid[i + 7] as number),
    );
  return text;
};

/** A string that is equal exactly when the outpoints are: for keys of maps and sets. */
export const outpointKey = (outpoint: Outpoint): string => `${encodeHex(outpoint.txid)}:${outpoint.index}`;
