import { equalBytes } from '../codec/bytes.ts';
import { type Fault, fault } from '../fault.ts';
import type { KeyCheck } from '../script/forms/key-check.ts';
import type { GroupMembers } from './group.ts';

const LEAST_AFTER_REMOVAL = 3;

const isSameList = (a: GroupMembers, b: GroupMembers): boolean =>
  a.length === b.length && a.every((key, i) => equalBytes(key, b[i] as Uint8Array));

const isAddition = (before: GroupMembers, after: GroupMembers): boolean =>
  after.length === before.length + 1 && isSameList(before, after.slice(0, -1));

const findReplaced = (before: GroupMembers, after: GroupMembers): number => {
  const changed = before.flatMap((key, i) => (equalBytes(key, after[i] ?? new Uint8Array()) ? [] : [i]));
  return before.length === after.length && changed.length === 1 ? (changed[0] as number) : -1;
};

const findRemoved = (before: GroupMembers, after: GroupMembers): number =>
  before.findIndex((_, i) => isSameList(before.toSpliced(i, 1), after));

/**
 * The keys that must agree to a change, in the order of the key check: all current members and the new key last, or all
 * but the removed one.
 *
 * @fault `group-change`: not one key added at the end, one put in another's place, or one taken out; `group-small`: fewer
 * than three would remain
 * @source SPEC AG2; spec 04, admission group
 */
export const planGroupKeys = (before: GroupMembers, after: GroupMembers): GroupMembers | Fault<'group-change' | 'group-small'> => {
  if (isAddition(before, after)) return after;
  const replaced = findReplaced(before, after);
  if (replaced !== -1) return [...before, after[replaced] as Uint8Array];
  if (findRemoved(before, after) === -1) return fault('group-change', { before: before.length, after: after.length });
  return after.length < LEAST_AFTER_REMOVAL ? fault('group-small', { members: after.length }) : after;
};

/** @fault `group-keys`: the commitment asks for other keys, another order, or fewer signatures @source SPEC AG2 */
export const checkGroupChange = (
  before: GroupMembers,
  after: GroupMembers,
  keyCheck: KeyCheck,
): undefined | Fault<'group-change' | 'group-small' | 'group-keys'> => {
  const keys = planGroupKeys(before, after);
  if ('fault' in keys) return keys;
  const agreed = keyCheck.kind === 'multisig' && keyCheck.threshold === keys.length && isSameList(keyCheck.keys, keys);
  return agreed ? undefined : fault('group-keys', { keys: keys.length });
};
