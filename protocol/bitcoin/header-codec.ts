import { asHash32, type Hash32 } from '../codec/hash32.ts';
import { type CodecFault, decodeBytes } from '../codec/reader.ts';
import { encodeBytes } from '../codec/writer.ts';
import { hash256 } from '../crypto/hash.ts';
import type { BitcoinHeader } from './header.ts';

export const BITCOIN_HEADER_BYTES = 80;

/** @shape 80 bytes @source SPEC BT1 */
export const encodeBitcoinHeader = (header: BitcoinHeader): Uint8Array =>
  encodeBytes((writer) => {
    writer.u32(header.version).bytes(header.previous).bytes(header.merkleRoot);
    writer.u32(header.time).u32(header.bits).u32(header.nonce);
  }, BITCOIN_HEADER_BYTES);

/** @shape version: u32 as its bytes stand @fault `short` `trailing`: not 80 bytes @source SPEC BT1 */
export const decodeBitcoinHeader = (bytes: Uint8Array): BitcoinHeader | CodecFault =>
  decodeBytes(bytes, (reader) => ({
    version: reader.u32(),
    previous: asHash32(reader.take(32).slice()),
    merkleRoot: asHash32(reader.take(32).slice()),
    time: reader.u32(),
    bits: reader.u32(),
    nonce: reader.u32(),
  }));

/** @shape internal order @source SPEC BT1 */
export const hashBitcoinHeader = (bytes: Uint8Array): Hash32 => hash256(bytes);
