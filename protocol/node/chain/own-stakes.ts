import { equalBytes } from '#protocol/codec/bytes';
import { fault } from '#protocol/fault';
import { computeStakeKey, decodeStakeLeaf } from '#protocol/stake/stake-leaf';
import type { StakeSource } from '#protocol/stake/stake-source';
import { findLeaf } from '#protocol/trie/find';
import type { Store } from '../store/store.ts';
import type { HeaderTree } from './header-tree.ts';

/** Stakes as the own store has them at an epoch of the best chain: nothing needs proving to oneself. */
export const readOwnStakes = (store: Store, tree: HeaderTree): StakeSource => ({
  findStake: (ancestor, outpoint) => {
    const known = tree.headerAt(ancestor.height);
    const roots = known && equalBytes(known.header.stateRoot, ancestor.stateRoot) ? store.roots(known.hash) : undefined;
    const value = roots && findLeaf(store.nodes, roots.stakes, computeStakeKey(outpoint));
    return value === undefined ? fault('stake-missing', { found: 0 }) : decodeStakeLeaf(outpoint, value);
  },
});
