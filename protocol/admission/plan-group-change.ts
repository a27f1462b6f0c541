import { equalBytes } from '../codec/bytes.ts';
import { type Fault, fault, isFault } from '../fault.ts';
import type { Parameters } from '../params/parameters.ts';
import type { RecordPlan } from '../records/build-record.ts';
import { ADMISSION_KEY, GROUP_TABLE } from '../records/tables.ts';
import { buildMultisigInOrder } from '../script/forms/multisig.ts';
import { planGroupKeys } from './check-group-change.ts';
import { decodeGroup, encodeGroup, type GroupMembers, hasMember } from './group.ts';

/** @shape key, by: 33 bytes */
export type GroupChange =
  | { readonly kind: 'add'; readonly key: Uint8Array }
  | { readonly kind: 'remove'; readonly key: Uint8Array }
  | { readonly kind: 'replace'; readonly key: Uint8Array; readonly by: Uint8Array };

export type GroupPlanFault = Fault<'group-member' | 'group-change' | 'group-small' | 'group-form'>;

const changed = (members: GroupMembers, change: GroupChange): GroupMembers => {
  const same = (member: Uint8Array): boolean => equalBytes(member, change.key);
  if (change.kind === 'add') return [...members, change.key];
  if (change.kind === 'remove') return members.filter((member) => !same(member));
  return members.map((member) => (same(member) ? change.by : member));
};

/**
 * The record of a changed admission group, and the signatures it asks for: of all current members and the new key, or of
 * all but the removed one.
 *
 * @fault `group-member`: the key to be removed or replaced is no member's; `group-form`: the new key is a member's already
 * or not on the curve, or there are too many; `group-small`: fewer than three would remain
 * @source SPEC BD8, AG2
 */
export const planGroupChange = (
  members: GroupMembers,
  change: GroupChange,
  parameters: Pick<Parameters, 'groupMax'>,
): RecordPlan | GroupPlanFault => {
  if (change.kind !== 'add' && !hasMember(members, change.key)) return fault('group-member');
  const after = changed(members, change);
  const value = encodeGroup(after);
  const decoded = after.length === 0 ? fault('group-small', { members: 0 }) : decodeGroup(value, parameters);
  if (isFault(decoded)) return decoded;
  const keys = planGroupKeys(members, after);
  if (isFault(keys)) return keys;
  return {
    claim: { table: GROUP_TABLE, key: ADMISSION_KEY, value },
    keyCheck: buildMultisigInOrder({ threshold: keys.length, keys }),
  };
};
