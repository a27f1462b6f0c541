import { equalBytes } from '../codec/bytes.ts';
import { isZeroHash } from '../codec/hash32.ts';
import { type Fault, fault, isFault } from '../fault.ts';
import type { KeyCheck } from '../script/forms/key-check.ts';
import { computeAccountId, decodeRealName, masterKeyOf, type RealName } from './real-name.ts';
import type { RecordClaim } from './record-claim.ts';
import type { RecordEntry } from './record-leaf.ts';
import { REAL_NAME_TABLE } from './tables.ts';

type RealNameFault = Fault<'real-name-form' | 'real-name-id' | 'real-name-master' | 'real-name-fixed' | 'real-name-parent'>;

const checkSame = (account: RealName, existing: RecordEntry): undefined | RealNameFault => {
  const before = decodeRealName(existing.value);
  const same = !isFault(before) && equalBytes(before.xpub, account.xpub) && equalBytes(before.parent, account.parent);
  return same ? undefined : fault('real-name-fixed');
};

/**
 * An account is registered under the hash of its xpub, with its master key's own signature; later only the identity
 * commitment changes.
 *
 * @fault `real-name-form`; `real-name-id`: the key is another account's; `real-name-master`: the commitment asks for no
 * signature of the master key; `real-name-fixed`: another xpub or parent; `real-name-parent`: no registered account
 * @source SPEC RC7; spec 04, real-name accounts
 */
export const checkRealName = (
  { key, value }: RecordClaim,
  keyCheck: KeyCheck,
  existing: RecordEntry | undefined,
  findRecord: (table: Uint8Array, key: Uint8Array) => RecordEntry | undefined,
): undefined | RealNameFault => {
  const account = decodeRealName(value);
  if (isFault(account)) return fault('real-name-form', { code: account.fault });
  if (!equalBytes(computeAccountId(account.xpub), key)) return fault('real-name-id');
  const signed = keyCheck.kind === 'named-multisig' && equalBytes(keyCheck.key, masterKeyOf(account.xpub));
  if (!signed) return fault('real-name-master');
  if (existing !== undefined) return checkSame(account, existing);
  const known = isZeroHash(account.parent) || findRecord(REAL_NAME_TABLE, account.parent) !== undefined;
  return known ? undefined : fault('real-name-parent');
};
