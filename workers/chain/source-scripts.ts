import type { GroupMembers } from '#protocol/admission/group';
import { buildMultisigInOrder } from '#protocol/script/forms/multisig';

/**
 * Every form under which a group's sources are looked for: one member alone, or so many of the list as it stands or as it
 * stood before members were added to its end.
 *
 * @shape at most 229 scripts, of 20 members
 * @source SPEC CW49, AG5; spec 04, admission group
 */
export const sourceScripts = (members: GroupMembers): readonly Uint8Array[] => [
  ...members.slice(1).map((key) => buildMultisigInOrder({ threshold: 1, keys: [key] })),
  ...members.flatMap((_, last) => {
    const keys = members.slice(0, last + 1);
    return keys.map((_key, i) => buildMultisigInOrder({ threshold: i + 1, keys }));
  }),
];
