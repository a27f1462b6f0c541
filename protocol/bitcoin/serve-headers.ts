import type { Hash32 } from '../codec/hash32.ts';
import type { BitcoinChain, StoredBitcoinEntry } from './chain.ts';

export interface HeaderRun {
  readonly height: number;
  /** 80 bytes each, ascending */
  readonly headers: readonly Uint8Array[];
}

const DENSE = 10;

/** Hashes of the best chain from the tip down, ten one by one and then twice as far apart each; the base comes last. @source SPEC BT8; Bitcoin Core, LocatorEntries */
export const buildLocator = (chain: BitcoinChain): readonly Hash32[] => {
  const hashes: Hash32[] = [];
  let step = 1;
  for (let height = chain.tip.height; height > chain.base.height; height -= step) {
    hashes.push((chain.entryAt(height) as StoredBitcoinEntry).hash);
    if (hashes.length >= DENSE) step *= 2;
  }
  return [...hashes, chain.base.hash];
};

const runFrom = (chain: BitcoinChain, height: number, count: number): HeaderRun => {
  const headers: Uint8Array[] = [];
  for (let entry = chain.entryAt(height); entry !== undefined && headers.length < count; entry = chain.entryAt(height + headers.length))
    headers.push(entry.bytes);
  return { height, headers };
};

/** The headers after the first of the locator that is on the best chain; after the base where none is. @source SPEC BT8 */
export const listHeadersAfter = (chain: BitcoinChain, locator: readonly Uint8Array[], count: number): HeaderRun => {
  const known = locator.map((hash) => chain.findHeader(hash)).find((entry) => entry !== undefined && chain.isBest(entry));
  return runFrom(chain, (known ?? chain.base).height + 1, count);
};

/** A linked run through the header named: what is below it, itself, and what is above it where it is on the best chain. @source SPEC BT8 */
export const listHeadersAround = (chain: BitcoinChain, hash: Uint8Array, before: number, after: number): HeaderRun | undefined => {
  const entry = chain.findHeader(hash);
  if (entry === undefined) return undefined;
  const below: Uint8Array[] = [entry.bytes];
  for (let e = entry.parent; e !== undefined && below.length <= before; e = e.parent) below.push(e.bytes);
  const above = chain.isBest(entry) ? runFrom(chain, entry.height + 1, after).headers : [];
  return { height: entry.height - below.length + 1, headers: [...below.reverse(), ...above] };
};
