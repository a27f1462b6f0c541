import { type Fault, fault } from '../fault.ts';
import { matchDebtScript } from '../script/forms/debt.ts';
import { MANAGEMENT } from '../tx/layer.ts';
import type { Transaction } from '../tx/transaction.ts';
import { COINBASE, TRANSFER } from '../tx/transaction-type.ts';

/**
 * What is decoded but whose rules are not in force yet: credit authorisations, punishments, records, sources and
 * standard debts.
 *
 * @fault `not-yet-supported`
 * @source SPEC LE15
 */
export const checkSupported = ({ type, layer, outputs }: Transaction): undefined | Fault<'not-yet-supported'> => {
  if (type !== TRANSFER && type !== COINBASE) return fault('not-yet-supported', { type });
  const output = outputs.findIndex(
    ({ element, script }) =>
      (element === 'debt' && matchDebtScript(script) !== undefined) || (element === 'credit' && layer === MANAGEMENT),
  );
  return output === -1 ? undefined : fault('not-yet-supported', { output });
};
