import { type Fault, fault } from '../fault.ts';
import { matchCollective } from '../script/forms/pay-to-script.ts';
import { type StakeLimits, stripStakePrefix } from '../script/forms/stake.ts';
import type { Transaction } from '../tx/transaction.ts';

/**
 * What is decoded but whose rules are not in force yet: coins for collectives, which nobody could spend.
 *
 * @fault `not-yet-supported`
 * @source SPEC LE15
 */
export const checkSupported = ({ layer, outputs }: Transaction, limits: StakeLimits): undefined | Fault<'not-yet-supported'> => {
  const output = outputs.findIndex((each) => matchCollective(stripStakePrefix({ ...each, layer }, limits)) !== undefined);
  return output === -1 ? undefined : fault('not-yet-supported', { output });
};
