import { invariant } from '#protocol/invariant';
import type { StateView } from '#protocol/state/view';
import type { Store } from '../store/store.ts';
import type { HeaderTree } from './header-tree.ts';

/** The state after the tip, read from the store. It is of use until the tip changes. */
export const makeStateView = (store: Store, tree: HeaderTree): StateView => {
  const { header: tip, hash: tipHash } = tree.tip;
  const roots = store.roots(tipHash);
  invariant(roots !== undefined, 'the tip has roots');
  return {
    tip,
    tipHash,
    roots,
    historyPeaks: store.historyPeaks(tip.height + 1),
    coinNodes: store.nodes,
    recordNodes: store.nodes,
    stakeNodes: store.nodes,
    findCoin: (outpoint) => store.coin(outpoint),
    findStake: (outpoint) => store.stake(outpoint),
    rootsAt: (height) => {
      const hash = store.hashAt(height);
      const found = hash && store.roots(hash);
      invariant(found !== undefined, 'a height of the best chain has roots');
      return found;
    },
    headerAt: (height) => {
      const found = tree.headerAt(height);
      invariant(found !== undefined, 'a height of the best chain has a header');
      return found.header;
    },
    dueAtHeight: (height) => store.dueAtHeight(height),
    dueBetween: (after, upTo) => store.dueBetween(after, upTo),
    findSeat: (outpoint) => store.seat(outpoint),
    isOverdue: (holder, height, medianTime) => store.liabilityIndex.isOverdue(holder, height, medianTime),
    duesOf: (holder) => store.liabilityIndex.duesOf(holder),
  };
};
