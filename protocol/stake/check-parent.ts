import type { Header } from '../block/header.ts';
import { type Fault, fault } from '../fault.ts';
import type { HeaderView, KnownHeader } from './header-view.ts';

/**
 * The parent is known, one below, and not deeper than a node reorganises by itself.
 *
 * @fault `unknown-parent` (blames nobody); `height`; `too-deep`
 * @source SPEC HD6, FC3; spec 03, order of checks
 */
export const checkParent = (
  header: Header,
  view: HeaderView,
  maxReorg: number,
): KnownHeader | Fault<'unknown-parent' | 'height' | 'too-deep'> => {
  const parent = view.findHeader(header.previous);
  if (parent === undefined) return fault('unknown-parent', { height: header.height });
  if (header.height !== parent.header.height + 1) return fault('height', { height: header.height, parent: parent.header.height });
  const depth = view.depthOf(parent);
  return depth > maxReorg ? fault('too-deep', { depth, maximum: maxReorg }) : parent;
};
