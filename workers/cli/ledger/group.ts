import type { Command } from 'commander';
import { majorityOf } from '#protocol/admission/check-majority';
import { type GroupChange, planGroupChange } from '#protocol/admission/plan-group-change';
import { encodeHex } from '#protocol/codec/hex';
import { finish } from '../finish.ts';
import { print } from './deliver.ts';
import { deliverRecord } from './deliver-record.ts';
import { orFail } from './node-view.ts';
import { KEYS_HELP, type NodeFlags, readBytesOf, type SendFlags, withNode, withSending } from './options.ts';
import { openNode, openSession } from './session.ts';

const KEY_BYTES = 33;

const EXAMPLES = `
Examples:
  vc group show                                       the members, and how many make a majority
  vc group add 02a1… --dev agent:0 --dev member:0 --out add.json
                                                      all members and the new one sign: vc draft sign add.json
  vc group replace 02a1… 03b2… --words w.txt --out replace.json
  vc group remove 02a1… --words w.txt --out remove.json

All members and the new key agree to an addition or a replacement, all others to a removal, which leaves at least three.
A group of three that loses a key can change no more: five are better.
${KEYS_HELP}`;

const show = async (flags: NodeFlags): Promise<number> => {
  const node = await openNode(flags);
  const members = await node.members();
  const shown = { members: members.map(encodeHex), majority: majorityOf(members), forCredit: node.parameters.groupMin };
  print(flags.json, shown, [...shown.members, `majority ${shown.majority}; credit needs ${shown.forCredit} members`]);
  return 0;
};

const change = async (wanted: GroupChange, flags: SendFlags): Promise<number> => {
  const session = await openSession(flags);
  const plan = orFail(planGroupChange(await session.node.members(), wanted, session.node.parameters));
  return deliverRecord(session, plan, flags);
};

/** Adds `group`. @source SPEC BD8 */
export const registerGroupCommands = (program: Command): void => {
  const readMember = readBytesOf(KEY_BYTES);
  const group = program.command('group').description('show and change the admission group').addHelpText('after', EXAMPLES);
  withNode(group.command('show'))
    .description('the members in their order')
    .action((flags: NodeFlags) => finish(() => show(flags)));
  withSending(group.command('add').argument('<key>', 'public key', readMember))
    .description('add a member')
    .action((key: Uint8Array, flags: SendFlags) => finish(() => change({ kind: 'add', key }, flags)));
  withSending(group.command('replace').argument('<key>', 'who goes', readMember).argument('<by>', 'who comes', readMember))
    .description('put a member in the place of another')
    .action((key: Uint8Array, by: Uint8Array, flags: SendFlags) => finish(() => change({ kind: 'replace', key, by }, flags)));
  withSending(group.command('remove').argument('<key>', 'public key', readMember))
    .description('remove a member')
    .action((key: Uint8Array, flags: SendFlags) => finish(() => change({ kind: 'remove', key }, flags)));
};
