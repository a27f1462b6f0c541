import { type Fault, fault } from '../fault.ts';
import type { Coin } from '../ledger/coin.ts';
import { CIRCULATION } from '../tx/layer.ts';

/**
 * Credit coins of the circulation layer that bear a debt, the largest first.
 *
 * @unit left: base units of credit that come back
 * @fault `credit-insufficient`
 * @source SPEC BD5; spec 01, credit rules
 */
export const selectCredit = (
  credit: readonly Coin[],
  amount: bigint,
): { readonly coins: readonly Coin[]; readonly left: bigint } | Fault<'credit-insufficient'> => {
  const held = credit
    .filter(({ element, layer }) => element === 'credit' && layer === CIRCULATION)
    .toSorted((a, b) => (a.amount === b.amount ? 0 : a.amount > b.amount ? -1 : 1));
  let sum = 0n;
  for (const [index, coin] of held.entries()) {
    sum += coin.amount;
    if (sum >= amount) return { coins: held.slice(0, index + 1), left: sum - amount };
  }
  return fault('credit-insufficient', { amount, available: sum });
};
