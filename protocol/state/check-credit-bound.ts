import { type Fault, fault } from '../fault.ts';
import type { StakeLeaf } from '../stake/stake-leaf.ts';
import type { Transaction } from '../tx/transaction.ts';
import { CREDIT_AUTHORISATION } from '../tx/transaction-type.ts';

/** What a transaction grants. @unit base units of credit @source SPEC CN11; spec 01, source rule */
export const grantedBy = ({ type, outputs }: Transaction): bigint =>
  type === CREDIT_AUTHORISATION ? outputs.reduce((sum, { element, amount }) => (element === 'credit' ? sum + amount : sum), 0n) : 0n;

/**
 * A block grants no more credit than the stake that made it, and none within `creditPeriod` of its last grant.
 *
 * @unit granted: base units, of the block so far
 * @fault `credit-bound`; `credit-period`
 * @source SPEC CN11; spec 03, credit bound
 */
export const checkCreditBound = (
  granted: bigint,
  { amount, creditFrom }: StakeLeaf,
  height: number,
): undefined | Fault<'credit-bound' | 'credit-period'> => {
  if (granted === 0n) return undefined;
  if (height < creditFrom) return fault('credit-period', { from: creditFrom, height });
  return granted > amount ? fault('credit-bound', { granted, bound: amount }) : undefined;
};
