import { equalBytes } from '../codec/bytes.ts';
import { type Fault, fault } from '../fault.ts';
import type { KeyCheck } from '../script/forms/key-check.ts';
import type { GroupMembers } from './group.ts';

/** @source SPEC AG3 */
export const majorityOf = (members: GroupMembers): number => Math.floor(members.length / 2) + 1;

/**
 * What a governed table asks of the key check in a commitment: all current members in the order of the list, and a majority.
 *
 * @fault `governed-keys`: other keys or another order; `governed-majority`: fewer signatures
 * @source SPEC AG3; spec 04, governed tables
 */
export const checkMajority = (members: GroupMembers, keyCheck: KeyCheck): undefined | Fault<'governed-keys' | 'governed-majority'> => {
  if (keyCheck.kind === 'key' || keyCheck.keys.length !== members.length) return fault('governed-keys', { members: members.length });
  const other = keyCheck.keys.findIndex((key, i) => !equalBytes(key, members[i] as Uint8Array));
  if (other !== -1) return fault('governed-keys', { key: other });
  const wanted = majorityOf(members);
  return keyCheck.threshold < wanted ? fault('governed-majority', { signatures: keyCheck.threshold, wanted }) : undefined;
};
