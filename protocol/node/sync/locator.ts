import type { Hash32 } from '../../codec/hash32.ts';
import { MAX_LOCATOR } from '../../wire/limits.ts';
import type { NodeChain } from '../chain/contract.ts';

const DENSE = 10;

/** Hashes of the best chain from the tip down: ten of them one by one, then in growing steps, genesis last. */
export const buildLocator = (chain: NodeChain, first?: Hash32): readonly Hash32[] => {
  const hashes: Hash32[] = first === undefined ? [] : [first];
  let step = 1;
  for (let height = chain.tip().header.height; height > 0 && hashes.length < MAX_LOCATOR - 1; height -= step) {
    const header = chain.headerAt(height);
    if (header !== undefined) hashes.push(header.hash);
    if (hashes.length >= DENSE) step *= 2;
  }
  hashes.push(chain.genesis);
  return hashes;
};
