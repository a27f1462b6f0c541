import type { BitcoinEntry } from '#protocol/bitcoin/header';
import { encodeBitcoinHeader, hashBitcoinHeader } from '#protocol/bitcoin/header-codec';
import { hasWork, makeDifficulty } from '#protocol/bitcoin/proof-of-work';
import { encodeBytes } from '#protocol/codec/writer';
import { sha256 } from '#protocol/crypto/hash';

/** what Bitcoin's regtest asks of every header */
const BITS = 0x207f_ffff;
const VERSION = 0x2000_0000;

/**
 * Mines the one header that this source puts on `parent` at `time`: the same for everyone who mines it.
 *
 * @shape 80 bytes
 * @unit time: unix seconds, after the parent's median time
 */
export const mineRegtestHeader = (parent: BitcoinEntry, time: number): Uint8Array => {
  const merkleRoot = sha256(encodeBytes((writer) => writer.bytes(parent.hash).u32(time)));
  const difficulty = makeDifficulty(BITS);
  for (let nonce = 0; ; nonce++) {
    const bytes = encodeBitcoinHeader({ version: VERSION, previous: parent.hash, merkleRoot, time, bits: BITS, nonce });
    if (hasWork(hashBitcoinHeader(bytes), difficulty)) return bytes;
  }
};
