import { equalBytes } from '../codec/bytes.ts';
import { type Fault, fault, isFault } from '../fault.ts';
import { isSource } from '../ledger/check-layer-type.ts';
import type { LedgerView } from '../ledger/ledger-view.ts';
import { type ResolvedTransaction, referencesOf } from '../ledger/resolve.ts';
import type { Parameters } from '../params/parameters.ts';
import { ADMISSION_KEY, GROUP_TABLE } from '../records/tables.ts';
import { buildMultisigInOrder, matchMultisig } from '../script/forms/multisig.ts';
import { MANAGEMENT } from '../tx/layer.ts';
import type { Transaction } from '../tx/transaction.ts';
import { CREDIT_AUTHORISATION } from '../tx/transaction-type.ts';
import { decodeGroup, type GroupMembers, hasMember } from './group.ts';

let last: { readonly value: Uint8Array; readonly groupMax: number; readonly members: GroupMembers } | undefined;

/** Every transaction asks, and each member's key is a point of the curve to find: the last list's answer is kept. */
const decodeMembers = (value: Uint8Array, { groupMax }: Parameters): GroupMembers => {
  if (last !== undefined && last.groupMax === groupMax && equalBytes(last.value, value)) return last.members;
  const kept = value.slice();
  const decoded = decodeGroup(kept, { groupMax });
  const members = isFault(decoded) ? [] : decoded;
  last = { value: kept, groupMax, members };
  return members;
};

/** The members as they stand at a transaction's place; none on a network without a group. @source SPEC AG1 */
export const findMembers = ({ findRecord }: Pick<LedgerView, 'findRecord'>, parameters: Parameters): GroupMembers => {
  const value = findRecord(GROUP_TABLE, ADMISSION_KEY)?.value;
  return value === undefined ? [] : decodeMembers(value, parameters);
};

const isInListOrder = (keys: readonly Uint8Array[], members: GroupMembers): boolean => {
  let from = 0;
  return keys.every((key) => {
    const at = members.findIndex((member, i) => i >= from && equalBytes(member, key));
    from = at + 1;
    return at !== -1;
  });
};

/**
 * @fault `source-script`: a management credit output that is no bare multisig of current members in the order of their list
 * @source SPEC AG4; spec 04, the source of credit
 */
export const checkSourceOutputs = ({ layer, outputs }: Transaction, members: GroupMembers): undefined | Fault<'source-script'> => {
  if (layer !== MANAGEMENT) return undefined;
  const broken = outputs.findIndex(({ element, script }) => {
    const form = element === 'credit' ? matchMultisig(script) : undefined;
    return element === 'credit' && (form === undefined || !isInListOrder(form.keys, members));
  });
  return broken === -1 ? undefined : fault('source-script', { output: broken });
};

/** Whether every key of a source is still a member's. @source SPEC AG5 */
export const isLiveSource = (script: Uint8Array, members: GroupMembers): boolean =>
  matchMultisig(script)?.keys.every((key) => hasMember(members, key)) === true;

/** What a source asks of who spends it: its own script, or all current members once one of its keys is none. @source SPEC AG5 */
export const sourceScriptOf = (script: Uint8Array, members: GroupMembers): Uint8Array =>
  isLiveSource(script, members) ? script : buildMultisigInOrder({ threshold: members.length, keys: members });

/**
 * @fault `source-former-member`: a referenced source names a key that is no member's; `group-small`: credit authorised by
 * fewer members than the network asks for
 * @source SPEC AG5, AG6; spec 04, admission group
 */
export const checkSourceUse = (
  resolved: ResolvedTransaction,
  members: GroupMembers,
  { groupMin }: { readonly groupMin: number },
): undefined | Fault<'source-former-member' | 'group-small'> => {
  const former = referencesOf(resolved).find(({ coin }) => isSource(coin) && !isLiveSource(coin.script, members));
  if (former !== undefined) return fault('source-former-member', { input: former.index });
  const authorises = resolved.transaction.type === CREDIT_AUTHORISATION;
  return authorises && members.length < groupMin ? fault('group-small', { members: members.length, wanted: groupMin }) : undefined;
};
