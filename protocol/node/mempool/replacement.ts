import { type Fault, fault } from '#protocol/fault';
import type { Outpoint } from '#protocol/tx/outpoint';
import { feeAt, type RelayPolicy } from '../policy/relay-policy.ts';
import { type Pool, type PoolEntry, txidKey } from './pool.ts';

export interface Candidate {
  readonly fee: bigint;
  readonly size: number;
  readonly spends: readonly Outpoint[];
}

export type ReplacementFault = Fault<
  'replacement-fee' | 'replacement-too-many' | 'replacement-spends-replaced' | 'replacement-new-unconfirmed'
>;

const directConflicts = (pool: Pool, spends: readonly Outpoint[]): ReadonlySet<PoolEntry> => {
  const found = new Set<PoolEntry>();
  for (const outpoint of spends) {
    const spender = pool.spenderOf(outpoint);
    if (spender !== undefined) found.add(spender);
  }
  return found;
};

/** Unconfirmed parents that none of the replaced had: Core's second rule of BIP125. */
const bringsUnconfirmed = (pool: Pool, candidate: Candidate, conflicts: ReadonlySet<PoolEntry>): boolean => {
  const allowed = new Set([...conflicts].flatMap((entry) => entry.spends.map(({ txid }) => txidKey(txid))));
  return candidate.spends.some(({ txid }) => pool.has(txid) && !allowed.has(txidKey(txid)));
};

/**
 * Plans which pooled transactions leave for one that spends the same coins: none where nothing conflicts.
 *
 * @fault `replacement-fee`: pays a lower rate than one it replaces, or not all their fees and its own relay besides;
 * `replacement-too-many`: more than the policy's maximum would leave; `replacement-spends-replaced`: builds on what it
 * replaces; `replacement-new-unconfirmed`: builds on an unconfirmed coin that no replaced one built on
 * @source SPEC ND21; BIP125 rules 2 to 6
 */
export const planReplacement = (pool: Pool, candidate: Candidate, policy: RelayPolicy): readonly PoolEntry[] | ReplacementFault => {
  const conflicts = directConflicts(pool, candidate.spends);
  if (conflicts.size === 0) return [];
  const leaving = new Set<PoolEntry>();
  for (const conflict of conflicts) for (const entry of pool.descendantsOf(conflict.txid)) leaving.add(entry);
  if (leaving.size > policy.maxReplaced) return fault('replacement-too-many', { replaced: leaving.size, maximum: policy.maxReplaced });
  const leavingKeys = new Set([...leaving].map((entry) => txidKey(entry.txid)));
  if (candidate.spends.some(({ txid }) => leavingKeys.has(txidKey(txid)))) return fault('replacement-spends-replaced');
  if (bringsUnconfirmed(pool, candidate, conflicts)) return fault('replacement-new-unconfirmed');
  for (const conflict of conflicts)
    if (candidate.fee * BigInt(conflict.size) <= conflict.fee * BigInt(candidate.size))
      return fault('replacement-fee', { fee: candidate.fee, replacedFee: conflict.fee });
  const replacedFee = [...leaving].reduce((total, entry) => total + entry.fee, 0n);
  const wanted = replacedFee + feeAt(policy.incrementalFeeRate, candidate.size);
  return candidate.fee < wanted ? fault('replacement-fee', { fee: candidate.fee, wanted }) : [...leaving];
};
