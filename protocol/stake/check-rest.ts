import type { Header, StakeRight } from '../block/header.ts';
import { type Fault, fault } from '../fault.ts';
import type { Parameters } from '../params/parameters.ts';
import { equalOutpoints } from './equal-outpoints.ts';
import type { HeaderView, KnownHeader } from './header-view.ts';

/** A block this long after its parent may be made by a resting stake too: a network with few stakes is slow, never dead. */
export const isStalled = (header: Pick<Header, 'time'>, parent: Pick<Header, 'time'>, { stallTime }: Parameters): boolean =>
  header.time - parent.time >= stallTime;

const findLastMade = (right: StakeRight, parent: KnownHeader, view: HeaderView, lowest: number): number | undefined => {
  let known: KnownHeader | undefined = parent;
  while (known !== undefined && known.header.height >= lowest) {
    const made = known.header.right;
    if (made.kind === 'stake' && equalOutpoints(made.outpoint, right.outpoint)) return known.header.height;
    known = view.findHeader(known.header.previous);
  }
  return undefined;
};

/**
 * No stake makes two of the headers the view holds within `stakeMaturity` blocks, unless the chain has stalled.
 *
 * @fault `stake-resting`
 * @source SPEC ST2; spec 03, stake, kernel
 */
export const checkRest = (
  header: Header,
  right: StakeRight,
  parent: KnownHeader,
  view: HeaderView,
  parameters: Parameters,
): true | Fault<'stake-resting'> => {
  if (isStalled(header, parent.header, parameters)) return true;
  const lowest = Math.max(1, header.height - parameters.stakeMaturity + 1);
  const made = findLastMade(right, parent, view, lowest);
  return made === undefined ? true : fault('stake-resting', { height: header.height, made });
};
