import type { Header, StakeRight } from '../block/header.ts';
import { type Fault, fault } from '../fault.ts';
import { targetOfBits } from '../params/target.ts';
import { computeKernel, isKernelBelow } from './kernel.ts';

/**
 * The stake was drawn in this slot.
 *
 * @fault `kernel`
 * @source SPEC ST3, ST4; spec 03, kernel
 */
export const checkKernel = (header: Header, right: StakeRight): true | Fault<'kernel'> => {
  const kernel = computeKernel({ bitcoin: header.bitcoin, outpoint: right.outpoint, time: header.time });
  return isKernelBelow(kernel, right.amount, targetOfBits(header.bits)) ? true : fault('kernel', { height: header.height });
};
