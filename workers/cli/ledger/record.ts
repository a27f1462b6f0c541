import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { concatBytes } from '#protocol/codec/bytes';
import { decodeHex, encodeHex } from '#protocol/codec/hex';
import { encodeUtf8 } from '#protocol/codec/utf8';
import { sha256 } from '#protocol/crypto/hash';
import { Failure } from '#protocol/failure';
import { isFault } from '#protocol/fault';
import { encodeAgent, encodeSuspension } from '#protocol/records/agent';
import { decodePayee } from '#protocol/records/payee';
import { planChild, planGoverned, planRealName } from '#protocol/records/plan-records';
import { decodeRealName } from '#protocol/records/real-name';
import { isRealNameText } from '#protocol/records/real-name-address';
import { AGENT_TABLE, REAL_NAME_TABLE, SUSPENSION_TABLE } from '#protocol/records/tables';
import { computeScriptTag } from '#protocol/script/owner-tag';
import { describeRecord } from '../../vault/describe-record.ts';
import { finish, say } from '../finish.ts';
import { print } from './deliver.ts';
import { deliverRecord } from './deliver-record.ts';
import { flattenRecord } from './describe-draft.ts';
import { readKey } from './keys.ts';
import { type NodeView, orFail } from './node-view.ts';
import { KEYS_HELP, type NodeFlags, readBytesOf, readUnits, type SendFlags, withNode, withSending } from './options.ts';
import { openNode, openSession } from './session.ts';

const ID_BYTES = 20;
const HASH_BYTES = 32;

const EXAMPLES = `
Examples:
  vc record register --master account:0 --identity papers.pdf --dev agent:0 --dev member:0
                                                       a real-name account on the development network
  vc record register --master "m/48'/1'/0'" --commitment 5c1e… --parent ${'0'.repeat(8)}… --words w.txt --out dept.json
                                                       a department: its members-to-be sign the draft
  vc record child dvcr1… --dev agent:0                 says for ever that this address is that account's
  vc record agent dvc1q… --quota 1000 --label bank --dev agent:0 --dev member:0
  vc record suspend dvc1q… --reason "no answer" --dev agent:0 --dev member:0
  vc record show realname 1f0c…                        what stands there, and since when

A record takes a commitment and, recordDelay blocks later, the record: both are signed before anything is sent, and the
command waits in between. An account asks for its master key and a majority of the admission group.
${KEYS_HELP}`;

const keyOfText = (table: string, text: string, { parameters }: NodeView): Uint8Array => {
  const payee = decodePayee(text, parameters.addressPrefix);
  if (!isFault(payee)) return payee.kind === 'real-name' ? payee.account : computeScriptTag(payee.script);
  return table === 'group' ? encodeUtf8(text) : orFail(decodeHex(text));
};

const show = async (table: string, key: string, flags: NodeFlags): Promise<number> => {
  const node = await openNode(flags);
  const found = await node.record(encodeUtf8(table), keyOfText(table, key, node));
  if (found === null) throw new Failure('record-absent');
  const claim = { table: encodeUtf8(table), key: orFail(decodeHex(found.key)), value: orFail(decodeHex(found.value)) };
  const shown = { ...flattenRecord(describeRecord(claim, node.parameters)), height: found.height, value: found.value };
  print(
    flags.json,
    shown,
    Object.entries(shown).map(([name, value]) => `${name.padEnd(10)} ${String(value)}`),
  );
  return 0;
};

type RegisterFlags = SendFlags & {
  readonly master: string;
  readonly parent?: Uint8Array;
  readonly commitment?: Uint8Array;
  readonly identity?: string;
};

/** A salted hash of the identity file; the salt is said, because without it nobody can show what was committed to. */
const commitTo = async (path: string): Promise<Uint8Array> => {
  const file = await readFile(path).catch((cause: unknown) => {
    throw new Failure('file-unreadable', cause);
  });
  const salt = new Uint8Array(randomBytes(HASH_BYTES));
  say(`keep with the file: salt ${encodeHex(salt)}`);
  return sha256(concatBytes(salt, file));
};

const register = async (flags: RegisterFlags): Promise<number> => {
  const session = await openSession(flags);
  const { node } = session;
  if ((flags.commitment === undefined) === (flags.identity === undefined)) throw new Failure('identity-missing');
  const commitment = flags.commitment ?? (await commitTo(flags.identity ?? ''));
  const master = await readKey(flags.master, flags, node.parameters);
  if (master.xpub === undefined) throw new Failure('key-name', { name: flags.master });
  const account = { xpub: master.xpub, commitment, parent: flags.parent ?? new Uint8Array(ID_BYTES) };
  const plan = orFail(planRealName(account, await node.members()));
  say(`account ${encodeHex(plan.claim.key)}`);
  return deliverRecord(session, plan, flags, [master]);
};

const child = async (text: string, flags: SendFlags): Promise<number> => {
  const session = await openSession(flags);
  const { node, payerScript } = session;
  const payee = orFail(decodePayee(text, node.parameters.addressPrefix));
  if (payee.kind !== 'real-name' || !isRealNameText(text, node.parameters.addressPrefix)) throw new Failure('address-real-name');
  const record = await node.record(REAL_NAME_TABLE, payee.account);
  if (record === null) throw new Failure('child-account');
  const { xpub } = orFail(decodeRealName(orFail(decodeHex(record.value))));
  return deliverRecord(session, orFail(planChild(xpub, payee.path, computeScriptTag(payerScript))), flags);
};

const governed = async (claim: { table: Uint8Array; value: Uint8Array }, text: string, flags: SendFlags): Promise<number> => {
  const session = await openSession(flags);
  const key = keyOfText('agent', text, session.node);
  return deliverRecord(session, planGoverned({ ...claim, key }, await session.node.members()), flags);
};

type AgentFlags = SendFlags & { readonly quota: bigint; readonly label: string };
type SuspendFlags = SendFlags & { readonly reason: string; readonly lift: boolean };

/** Adds `record`. @source SPEC BD9, BD10 */
export const registerRecordCommands = (program: Command): void => {
  const record = program.command('record').description('write and read records: accounts, children, agents').addHelpText('after', EXAMPLES);
  withNode(record.command('show').argument('<table>').argument('<key>', 'hexadecimal, an address, or "admission"'))
    .description('what a record says')
    .action((table: string, key: string, flags: NodeFlags) => finish(() => show(table, key, flags)));
  withSending(record.command('register'))
    .description('register a real-name account, or a department of one')
    .requiredOption('--master <key>', 'its master key: a path of the words, or account:0 on the development network')
    .option('--identity <file>', 'the identity file, which is committed to and goes nowhere')
    .option('--commitment <hash>', 'in place of the file: a salted hash of it', readBytesOf(HASH_BYTES))
    .option('--parent <account>', 'the account that it is a department of', readBytesOf(ID_BYTES))
    .addHelpText('after', EXAMPLES)
    .action((flags: RegisterFlags) => finish(() => register(flags)));
  withSending(record.command('child').argument('<address>', 'a real-name address: account and path'))
    .description("say that a key is an account's")
    .action((address: string, flags: SendFlags) => finish(() => child(address, flags)));
  withSending(record.command('agent').argument('<address>'))
    .description('put an agent on record')
    .requiredOption('--quota <VC>', 'credit in one creditPeriod', readUnits)
    .option('--label <text>', 'at most 64 bytes', '')
    .action((address: string, flags: AgentFlags) => {
      const value = encodeAgent({ quota: flags.quota, label: encodeUtf8(flags.label) });
      return finish(() => governed({ table: AGENT_TABLE, value }, address, flags));
    });
  withSending(record.command('suspend').argument('<who>', 'an address or an account'))
    .description('ask makers to give somebody no more credit')
    .option('--reason <text>', 'at most 64 bytes', '')
    .option('--lift', 'end the suspension', false)
    .action((who: string, flags: SuspendFlags) => {
      const value = encodeSuspension({ suspended: !flags.lift, reason: encodeUtf8(flags.reason) });
      return finish(() => governed({ table: SUSPENSION_TABLE, value }, who, flags));
    });
};
