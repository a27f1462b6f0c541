import { type Fault, fault } from '../fault.ts';
import { matchDebtScript } from '../script/forms/debt.ts';
import { matchCollective } from '../script/forms/pay-to-script.ts';
import { type PlacedOutput, type StakeLimits, stripStakePrefix } from '../script/forms/stake.ts';
import { MANAGEMENT } from '../tx/layer.ts';
import type { Transaction } from '../tx/transaction.ts';
import { COINBASE, TRANSFER } from '../tx/transaction-type.ts';

const isAhead = (output: PlacedOutput, limits: StakeLimits): boolean => {
  if (output.element === 'debt' && matchDebtScript(output.script) !== undefined) return true;
  if (output.element === 'credit' && output.layer === MANAGEMENT) return true;
  return matchCollective(stripStakePrefix(output, limits)) !== undefined;
};

/**
 * What is decoded but whose rules are not in force yet: credit authorisations, punishments, records, sources, standard
 * debts, and coins for collectives, which nobody could spend.
 *
 * @fault `not-yet-supported`
 * @source SPEC LE15
 */
export const checkSupported = ({ type, layer, outputs }: Transaction, limits: StakeLimits): undefined | Fault<'not-yet-supported'> => {
  if (type !== TRANSFER && type !== COINBASE) return fault('not-yet-supported', { type });
  const output = outputs.findIndex((each) => isAhead({ ...each, layer }, limits));
  return output === -1 ? undefined : fault('not-yet-supported', { output });
};
