import { asHash32, type Hash32 } from '../codec/hash32.ts';
import { isFault } from '../fault.ts';
import { invariant } from '../invariant.ts';
import { DEV_PARAMETERS } from '../params/networks.ts';
import { BitcoinChain } from './chain.ts';
import { encodeBitcoinHeader, hashBitcoinHeader } from './header-codec.ts';
import { findCheckpointHeader } from './known-headers.ts';
import { hasWork, makeDifficulty } from './proof-of-work.ts';

const REGTEST_BITS = 0x207f_ffff;
const VERSION = 0x2000_0000;
const difficulty = makeDifficulty(REGTEST_BITS);

/** A chain with nothing but regtest's genesis, for tests and prefilled networks. */
export const startRegtest = (): BitcoinChain => {
  const checkpoint = findCheckpointHeader(DEV_PARAMETERS.bitcoin);
  invariant(checkpoint !== undefined, 'the genesis of regtest is built in');
  const chain = BitcoinChain.start(DEV_PARAMETERS.bitcoin, checkpoint);
  invariant(!isFault(chain), 'the genesis of regtest is its own checkpoint');
  return chain;
};

const mine = (previous: Hash32, time: number, salt: number): Uint8Array => {
  const merkleRoot = asHash32(new Uint8Array(32).fill(salt));
  for (let nonce = 0; ; nonce++) {
    const bytes = encodeBitcoinHeader({ version: VERSION, previous, merkleRoot, time, bits: REGTEST_BITS, nonce });
    if (hasWork(hashBitcoinHeader(bytes), difficulty)) return bytes;
  }
};

/** Linked headers at these times; `salt` tells one branch from another. */
export const mineBranch = (from: Hash32, times: readonly number[], salt: number): Uint8Array[] => {
  const headers: Uint8Array[] = [];
  let previous = from;
  for (const time of times) {
    const bytes = mine(previous, time, salt);
    headers.push(bytes);
    previous = hashBitcoinHeader(bytes);
  }
  return headers;
};
