import type { Header } from '../block/header.ts';
import { type Fault, fault } from '../fault.ts';
import { computeWork, targetOfBits } from '../params/target.ts';

/** Weight of a block that references no version; at burn heights its bits are its parent's. @source SPEC ST9; spec 03, weight */
export const computeNextWeight = (parent: Pick<Header, 'weight'>, bits: number): bigint => parent.weight + computeWork(targetOfBits(bits));

/**
 * The weight is the parent's and the work of this block.
 *
 * @fault `weight`
 * @source SPEC ST9; spec 03, weight
 */
export const checkWeight = (header: Header, parent: Header): true | Fault<'weight'> => {
  const expected = computeNextWeight(parent, header.bits);
  return header.weight === expected ? true : fault('weight', { weight: header.weight, expected });
};
