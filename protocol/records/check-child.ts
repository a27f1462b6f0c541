import { equalBytes } from '../codec/bytes.ts';
import { type Fault, fault, isFault } from '../fault.ts';
import { decodeChild } from './child.ts';
import { computeAccountTag, decodeRealName } from './real-name.ts';
import type { RecordClaim } from './record-claim.ts';
import type { RecordEntry } from './record-leaf.ts';
import { REAL_NAME_TABLE } from './tables.ts';

type FindRecord = (table: Uint8Array, key: Uint8Array) => RecordEntry | undefined;

/**
 * A key is an account's when the registered xpub derives it, and stays so for ever.
 *
 * @fault `child-fixed`: there is one already; `child-form`; `child-account`: not registered; `child-derivation`: the path
 * leads to another key
 * @source SPEC RC8; spec 04, attribution
 */
export const checkChild = (
  { key, value }: RecordClaim,
  existing: RecordEntry | undefined,
  findRecord: FindRecord,
): undefined | Fault<'child-fixed' | 'child-form' | 'child-account' | 'child-derivation'> => {
  if (existing !== undefined) return fault('child-fixed');
  const child = decodeChild(value);
  if (isFault(child)) return fault('child-form', { code: child.fault });
  const record = findRecord(REAL_NAME_TABLE, child.account);
  const account = record && decodeRealName(record.value);
  if (account === undefined || isFault(account)) return fault('child-account');
  return equalBytes(computeAccountTag(account.xpub, child.path), key) ? undefined : fault('child-derivation');
};
