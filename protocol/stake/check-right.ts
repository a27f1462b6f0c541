import type { Header, StakeRight } from '../block/header.ts';
import { isZeroHash } from '../codec/hash32.ts';
import { type Fault, fault } from '../fault.ts';

/**
 * Stake makes the block and no versions are referenced; burn blocks and versions come with their own rules.
 *
 * @fault `not-yet-supported`
 * @source SPEC ST11, ST12; spec 03, burn blocks and versions
 */
export const checkRight = (header: Header): StakeRight | Fault<'not-yet-supported'> => {
  const { right, versionsRoot, height } = header;
  if (right.kind !== 'stake') return fault('not-yet-supported', { height, right: right.kind });
  return isZeroHash(versionsRoot) ? right : fault('not-yet-supported', { height, versions: true });
};
