import type { Hash32 } from '../codec/hash32.ts';
import { makeTagged } from '../crypto/hash.ts';

/** Roots of the three tries after a block. */
export interface TrieRoots {
  readonly coins: Hash32;
  readonly records: Hash32;
  readonly stakes: Hash32;
}

const hashState = makeTagged('state');

/** @source SPEC HD8; spec 02, header */
export const computeStateRoot = (roots: TrieRoots): Hash32 => hashState(roots.coins, roots.records, roots.stakes);
