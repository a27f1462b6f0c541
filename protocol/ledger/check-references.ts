import { type Fault, fault } from '../fault.ts';
import { CREDIT_AUTHORISATION, PUNISHMENT } from '../tx/transaction-type.ts';
import { isSeatPlace, isSource } from './check-layer-type.ts';
import type { LedgerView } from './ledger-view.ts';
import { type ResolvedTransaction, referencesOf, spendsOf } from './resolve.ts';

/**
 * References serve credit sources, liabilities and seats only, and every transaction spends a coin, or it could be replayed.
 *
 * @fault `nothing-spent`; `reference-purpose`: a coin of a higher layer that serves none of the three
 * @source SPEC LE5
 */
export const checkReferences = (
  resolved: ResolvedTransaction,
  { findSeat }: Pick<LedgerView, 'findSeat'>,
): undefined | Fault<'nothing-spent' | 'reference-purpose'> => {
  if (spendsOf(resolved).length === 0) return fault('nothing-spent');
  const { type } = resolved.transaction;
  const stray = referencesOf(resolved).find(({ coin }) => {
    const isLiability = type === PUNISHMENT && coin.element === 'debt';
    return !isSource(coin) && !isLiability && !(isSeatPlace(coin) && findSeat(coin.outpoint) !== undefined);
  });
  return stray === undefined ? undefined : fault('reference-purpose', { input: stray.index });
};

/**
 * @fault `source-type`: a management credit output is referenced by a type other than 1; `source-spends-credit` and
 * `source-debt`: a credit authorisation that spends credit or makes debt
 * @source SPEC LE9
 */
export const checkSource = (resolved: ResolvedTransaction): undefined | Fault<'source-type' | 'source-spends-credit' | 'source-debt'> => {
  const { type, outputs } = resolved.transaction;
  const source = referencesOf(resolved).find(({ coin }) => isSource(coin));
  if (source !== undefined && type !== CREDIT_AUTHORISATION) return fault('source-type', { input: source.index });
  if (type !== CREDIT_AUTHORISATION) return undefined;
  const spent = spendsOf(resolved).find(({ coin }) => coin.element === 'credit');
  if (spent !== undefined) return fault('source-spends-credit', { input: spent.index });
  const debt = outputs.findIndex(({ element }) => element === 'debt');
  return debt === -1 ? undefined : fault('source-debt', { output: debt });
};
