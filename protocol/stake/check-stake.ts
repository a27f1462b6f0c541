import type { Header, StakeRight } from '../block/header.ts';
import { equalBytes } from '../codec/bytes.ts';
import { type Fault, fault } from '../fault.ts';
import type { Parameters } from '../params/parameters.ts';
import type { HeaderView, KnownHeader } from './header-view.ts';
import { computeEpochHeight } from './heights.ts';
import type { StakeLeaf } from './stake-leaf.ts';
import type { StakeProofFault } from './stake-proof.ts';
import type { StakeSource } from './stake-source.ts';

export type StakeFault = StakeProofFault | Fault<'unknown-epoch' | 'stake-mismatch'>;

/**
 * The stake that the header names, with its amount and key, is in the state of the epoch's ancestor.
 *
 * @fault `unknown-epoch`: the view does not hold that ancestor (blames nobody); `stake-mismatch`: another amount or key;
 * the stake proof's
 * @source SPEC ST6, ST7; spec 03, stake proof
 */
export const checkStake = (
  header: Header,
  right: StakeRight,
  parent: KnownHeader,
  context: { readonly view: HeaderView; readonly stakes: StakeSource; readonly parameters: Parameters },
): StakeLeaf | StakeFault => {
  const height = computeEpochHeight(header.height, context.parameters);
  const ancestor = context.view.findAncestor(parent, height);
  if (ancestor === undefined) return fault('unknown-epoch', { height });
  const leaf = context.stakes.findStake({ height, stateRoot: ancestor.header.stateRoot }, right.outpoint);
  if ('fault' in leaf) return leaf;
  return leaf.amount === right.amount && equalBytes(leaf.key, right.key)
    ? leaf
    : fault('stake-mismatch', { amount: right.amount, registered: leaf.amount });
};
