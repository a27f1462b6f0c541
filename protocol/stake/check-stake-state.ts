import type { Header, StakeRight } from '../block/header.ts';
import { equalBytes } from '../codec/bytes.ts';
import { type Fault, fault } from '../fault.ts';
import type { Parameters } from '../params/parameters.ts';
import { isStalled } from './check-rest.ts';
import type { StakeLeaf } from './stake-leaf.ts';

/**
 * The stake is still registered in the parent's state and recovered from its last block: what only a full node can see.
 *
 * @shape leaf: as the stakes trie after the parent has it
 * @fault `stake-spent`; `stake-mismatch`; `stake-resting`
 * @source SPEC ST2, ST7; spec 03, stake
 */
export const checkStakeInState = (
  header: Header & { readonly right: StakeRight },
  parent: Header,
  leaf: StakeLeaf | undefined,
  parameters: Parameters,
): StakeLeaf | Fault<'stake-spent' | 'stake-mismatch' | 'stake-resting'> => {
  if (leaf === undefined) return fault('stake-spent', { height: header.height });
  if (leaf.amount !== header.right.amount || !equalBytes(leaf.key, header.right.key))
    return fault('stake-mismatch', { amount: header.right.amount, registered: leaf.amount });
  return leaf.eligibleFrom <= header.height || isStalled(header, parent, parameters)
    ? leaf
    : fault('stake-resting', { height: header.height, eligibleFrom: leaf.eligibleFrom });
};

/** The leaf after its stake made the block at `height`. @source SPEC ST2; spec 02, state tries */
export const restStake = (leaf: StakeLeaf, height: number, { stakeMaturity }: Parameters): StakeLeaf => ({
  ...leaf,
  eligibleFrom: height + stakeMaturity,
});
