import type { Economy, Header } from '../block/header.ts';
import { type Fault, fault } from '../fault.ts';

/** The same number in every header of a network for ever. @unit base units @source SPEC HD9; spec 02, economy */
export const computeNetWorth = ({ value, debt, fees }: Economy): bigint => value - debt + fees;

/**
 * No money came from nothing, and no part is larger than its whole.
 *
 * @fault `economy`
 * @source SPEC HD9; spec 02, economy
 */
export const checkEconomyIdentity = (header: Header, parent: Header): true | Fault<'economy'> => {
  const { value, locked, debt, overdue } = header.economy;
  const [worth, expected] = [computeNetWorth(header.economy), computeNetWorth(parent.economy)];
  return worth === expected && locked <= value && overdue <= debt
    ? true
    : fault('economy', { worth, expected, value, locked, debt, overdue });
};
