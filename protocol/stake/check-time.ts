import type { Header } from '../block/header.ts';
import { type Fault, fault } from '../fault.ts';
import type { Parameters } from '../params/parameters.ts';
import { isBurnHeight } from './heights.ts';

/**
 * The time is a slot after the parent's; at a burn height a stake waits until the burn's time is over.
 *
 * @fault `time-not-slot`; `time-not-after-parent`; `burn-time`
 * @source SPEC HD7, ST11; spec 03, burn blocks, what else a node enforces
 */
export const checkTime = (
  header: Header,
  parent: Header,
  parameters: Parameters,
): true | Fault<'time-not-slot' | 'time-not-after-parent' | 'burn-time'> => {
  const { slotLength, burnTimeout } = parameters;
  if (header.time % slotLength !== 0) return fault('time-not-slot', { time: header.time, slot: slotLength });
  if (header.time <= parent.time) return fault('time-not-after-parent', { time: header.time, parent: parent.time });
  const earliest = parent.time + burnTimeout * slotLength;
  return isBurnHeight(header.height, parameters) && header.time < earliest ? fault('burn-time', { time: header.time, earliest }) : true;
};

/** When a header of the future may be judged. @unit now: unix seconds @fault `early`: kept until it is due, blames nobody @source SPEC HD10 */
export const checkClock = (header: Pick<Header, 'time'>, now: number, { maxDrift }: Parameters): true | Fault<'early'> =>
  header.time <= now + maxDrift ? true : fault('early', { time: header.time, now });
