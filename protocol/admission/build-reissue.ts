import type { Draft } from '../draft/draft.ts';
import { computeDraftFee } from '../draft/draft-size.ts';
import { type Funding, type FundingFault, makeDraft, outputOf, planExactCoins } from '../draft/fund-draft.ts';
import { type Fault, fault, isFault } from '../fault.ts';
import { isSource } from '../ledger/check-layer-type.ts';
import type { Coin } from '../ledger/coin.ts';
import { buildMultisigInOrder } from '../script/forms/multisig.ts';
import { MANAGEMENT } from '../tx/layer.ts';
import { type GroupMembers, hasMember } from './group.ts';

/** @shape keys: current members who sign for the new sources, in any order; threshold: 1 to their number */
export interface Reissue {
  readonly sources: readonly Coin[];
  readonly members: GroupMembers;
  readonly keys: GroupMembers;
  readonly threshold: number;
}

/**
 * Plans that sources stand under other keys: the exact coin that pays, and the transaction that spends them.
 *
 * @fault `sources-insufficient`: none, or a coin that is no source; `group-member`: a key that is no member's;
 * `group-keys`: a threshold that these keys cannot meet; those of `fundDraft`
 * @source SPEC BD16, AG4, AG5
 */
export const planReissue = (
  { sources, members, keys, threshold }: Reissue,
  funding: Funding,
): { readonly funding: Draft; readonly reissue: Draft } | FundingFault | Fault<'sources-insufficient' | 'group-member' | 'group-keys'> => {
  if (sources.length === 0 || !sources.every(isSource)) return fault('sources-insufficient');
  if (!keys.every((key) => hasMember(members, key))) return fault('group-member');
  const ordered = members.filter((member) => hasMember(keys, member));
  if (!Number.isInteger(threshold) || threshold < 1 || threshold > ordered.length) return fault('group-keys', { keys: ordered.length });
  const { changeScript, feeRate } = funding;
  const script = buildMultisigInOrder({ threshold, keys: ordered });
  const outputs = sources.map(({ amount }) => ({ element: 'credit', amount, script }) as const);
  const draftOf = (fee: Coin): Draft => makeDraft({ layer: MANAGEMENT, coins: [...sources, fee], outputs, members });
  const sketch = makeDraft({ coins: [], outputs: [{ element: 'value', amount: 1n, script: changeScript }] });
  const paid = planExactCoins([computeDraftFee(draftOf(outputOf(sketch, 0)), feeRate)], funding);
  return isFault(paid) ? paid : { funding: paid, reissue: draftOf(outputOf(paid, 0)) };
};
