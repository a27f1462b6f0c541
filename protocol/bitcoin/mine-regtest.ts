import { asHash32, type Hash32 } from '../codec/hash32.ts';
import type { BitcoinHeader } from './header.ts';
import { encodeBitcoinHeader, hashBitcoinHeader } from './header-codec.ts';
import { hasWork, makeDifficulty } from './proof-of-work.ts';

const VERSION = 0x2000_0000;

/**
 * Builds a header with real work at bits that are easy: the development network's source mines so, and tests do.
 *
 * @shape salt: tells siblings apart; result: 80 bytes
 */
export const mineBitcoinHeader = (plan: {
  readonly previous: Hash32;
  readonly time: number;
  readonly bits: number;
  readonly salt: Uint8Array;
}): Uint8Array => {
  const difficulty = makeDifficulty(plan.bits);
  const merkleRoot = asHash32(plan.salt.slice());
  for (let nonce = 0; ; nonce++) {
    const header: BitcoinHeader = { version: VERSION, previous: plan.previous, merkleRoot, time: plan.time, bits: plan.bits, nonce };
    const bytes = encodeBitcoinHeader(header);
    if (hasWork(hashBitcoinHeader(bytes), difficulty)) return bytes;
  }
};
