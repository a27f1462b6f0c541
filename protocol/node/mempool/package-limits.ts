import { type Fault, fault } from '#protocol/fault';
import type { Outpoint } from '#protocol/tx/outpoint';
import type { RelayPolicy } from '../policy/relay-policy.ts';
import { type Pool, type PoolEntry, txidKey } from './pool.ts';

export type PackageFault = Fault<'too-many-ancestors' | 'too-many-descendants'>;

/**
 * Checks how long a chain of unconfirmed transactions becomes; those in `leaving` are counted as gone.
 *
 * @source SPEC ND22; Bitcoin Core's defaults
 */
export const checkPackageLimits = (
  pool: Pool,
  candidate: { readonly size: number; readonly spends: readonly Outpoint[] },
  leaving: readonly PoolEntry[],
  policy: RelayPolicy,
): true | PackageFault => {
  const ancestors = pool.ancestorsOf(candidate.spends);
  const gone = new Set(leaving.map((entry) => txidKey(entry.txid)));
  const ancestorSize = [...ancestors].reduce((total, entry) => total + entry.size, candidate.size);
  if (ancestors.size + 1 > policy.maxAncestors || ancestorSize > policy.maxAncestorSize)
    return fault('too-many-ancestors', { count: ancestors.size + 1, size: ancestorSize });
  for (const ancestor of ancestors) {
    const kept = [...pool.descendantsOf(ancestor.txid)].filter((entry) => !gone.has(txidKey(entry.txid)));
    const size = kept.reduce((total, entry) => total + entry.size, candidate.size);
    if (kept.length + 1 > policy.maxDescendants || size > policy.maxDescendantSize)
      return fault('too-many-descendants', { count: kept.length + 1, size });
  }
  return true;
};
