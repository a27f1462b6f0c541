import { equalBytes } from '../codec/bytes.ts';
import { encodeBytes } from '../codec/writer.ts';
import { isCurvePoint } from '../crypto/key.ts';
import { type Fault, fault } from '../fault.ts';

const KEY_BYTES = 33;

/** @shape members: 1 to groupMax compressed keys, distinct, in the order of the list */
export type GroupMembers = readonly Uint8Array[];

export const hasMember = (members: GroupMembers, key: Uint8Array): boolean => members.some((member) => equalBytes(member, key));

/** @source SPEC AG1; spec 04, admission group */
export const encodeGroup = (members: GroupMembers): Uint8Array =>
  encodeBytes((writer) => {
    for (const member of members) writer.bytes(member);
  });

const readMembers = (value: Uint8Array): GroupMembers =>
  Array.from({ length: value.length / KEY_BYTES }, (_, i) => value.subarray(i * KEY_BYTES, (i + 1) * KEY_BYTES));

/** The list found good last: a block's transactions ask for one list, and points of the curve are slow to find. */
let good = new Uint8Array(0);

/**
 * @fault `group-form`: no whole number of keys, none, more than `groupMax`, one twice, or one not on the curve
 * @source SPEC AG1
 */
export const decodeGroup = (value: Uint8Array, { groupMax }: { readonly groupMax: number }): GroupMembers | Fault<'group-form'> => {
  const count = value.length / KEY_BYTES;
  if (!Number.isInteger(count) || count < 1 || count > groupMax) return fault('group-form', { bytes: value.length });
  const members = readMembers(value);
  if (equalBytes(value, good)) return members;
  const broken = members.findIndex((key, i) => !isCurvePoint(key) || hasMember(members.slice(0, i), key));
  if (broken !== -1) return fault('group-form', { member: broken });
  good = value.slice();
  return members;
};
