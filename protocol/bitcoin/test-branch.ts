import { asHash32, type Hash32 } from '../codec/hash32.ts';
import { isFault } from '../fault.ts';
import { invariant } from '../invariant.ts';
import { DEV_PARAMETERS } from '../params/networks.ts';
import { BitcoinChain } from './chain.ts';
import { hashBitcoinHeader } from './header-codec.ts';
import { findCheckpointHeader } from './known-headers.ts';
import { mineBitcoinHeader } from './mine-regtest.ts';

export const REGTEST_BITS = 0x207f_ffff;

/** A chain with nothing but regtest's genesis, for tests and prefilled networks. */
export const startRegtest = (): BitcoinChain => {
  const checkpoint = findCheckpointHeader(DEV_PARAMETERS.bitcoin);
  invariant(checkpoint !== undefined, 'the genesis of regtest is built in');
  const chain = BitcoinChain.start(DEV_PARAMETERS.bitcoin, checkpoint);
  invariant(!isFault(chain), 'the genesis of regtest is its own checkpoint');
  return chain;
};

/** Linked headers at these times; `salt` tells one branch from another. */
export const mineBranch = (from: Hash32, times: readonly number[], salt: number): Uint8Array[] => {
  const headers: Uint8Array[] = [];
  let previous = from;
  for (const time of times) {
    const root = new Uint8Array(32).fill(salt);
    const bytes = mineBitcoinHeader({ previous, time, bits: REGTEST_BITS, salt: root });
    headers.push(bytes);
    previous = asHash32(hashBitcoinHeader(bytes));
  }
  return headers;
};
