import type { Header } from '../block/header.ts';
import { type Fault, fault } from '../fault.ts';
import type { Parameters } from '../params/parameters.ts';
import type { HeaderView, KnownHeader } from './header-view.ts';
import { computeNextBits, keepsBits } from './retarget.ts';

/**
 * The bits are those that follow from the parent and the parent's parent.
 *
 * @fault `bits`; `unknown-parent`: the view does not hold the parent's parent (blames nobody)
 * @source SPEC ST8; spec 03, retarget
 */
export const checkBits = (
  header: Header,
  parent: KnownHeader,
  view: HeaderView,
  parameters: Parameters,
): true | Fault<'bits' | 'unknown-parent'> => {
  const grandparent = keepsBits(parent.header, parameters) ? parent : view.findHeader(parent.header.previous);
  if (grandparent === undefined) return fault('unknown-parent', { height: parent.header.height });
  const expected = computeNextBits(parent.header, grandparent.header.time, parameters);
  return header.bits === expected ? true : fault('bits', { bits: header.bits, expected });
};
