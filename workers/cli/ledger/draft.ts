import type { Command } from 'commander';
import { checkDraft } from '#protocol/draft/check-draft';
import { findMissing } from '#protocol/draft/sign-draft';
import { Failure } from '#protocol/failure';
import { finish } from '../finish.ts';
import { checkCoins, INCOMPLETE, print, readDraft, sayDraft, sendDraft, signDraft, writeDraft } from './deliver.ts';
import { describeDraft, draftLines } from './describe-draft.ts';
import { orFail } from './node-view.ts';
import { type KeyFlags, type NodeFlags, readCount, withKeys, withNode } from './options.ts';
import { openNode, openSession } from './session.ts';

const EXAMPLES = `
Examples:
  vc draft show grant.json                            what it does, who has signed, who is missing
  vc draft sign grant.json --words w.txt --path "m/84'/1'/0'/0/0"
                                                      shows it, compares its coins with the node's, signs it in place
  vc draft send grant.json --wait 60                  once nothing is missing

A draft is a file that goes from one signer to the next: an unsigned transaction, its coins, and the signatures so far. A
script that is not known, coins that are not as the node has them, and a signature that nobody asked for are refused.
Exit codes: 0 done or complete, 1 refused with a code, 3 signatures are missing.`;

type WaitFlags = NodeFlags & { readonly wait: number };

const show = async (path: string, flags: NodeFlags): Promise<number> => {
  const node = await openNode(flags);
  const file = await readDraft(path);
  const described = describeDraft(orFail(checkDraft(file.draft, node.parameters)), node.parameters);
  print(flags.json, described, draftLines(described));
  return described.missing.length > 0 ? INCOMPLETE : 0;
};

/** Failure `signature-unwanted`: none of the keys is asked for any more */
const sign = async (path: string, flags: NodeFlags & KeyFlags): Promise<number> => {
  const { node, keys } = await openSession(flags);
  const file = await readDraft(path);
  if (file.network !== node.parameters.name) throw new Failure('network-other', { network: file.network });
  sayDraft(file, node);
  await checkCoins(node, file);
  const { draft, used } = signDraft(file.draft, keys);
  if (used === 0) throw new Failure('signature-unwanted');
  await writeDraft(path, { ...file, draft });
  const missing = orFail(findMissing(draft)).reduce((sum, { count }) => sum + count, 0);
  print(flags.json, { draft: path, signed: used, missing }, [`${used} signed, ${missing} missing`]);
  return missing > 0 ? INCOMPLETE : 0;
};

const send = async (path: string, flags: WaitFlags): Promise<number> => {
  const node = await openNode(flags);
  const file = await readDraft(path);
  sayDraft(file, node);
  return sendDraft(node, file, flags);
};

/** Adds `draft`. @source SPEC BD12, BD15 */
export const registerDraftCommands = (program: Command): void => {
  const draft = program.command('draft').description('sign together: show, sign and send a draft').addHelpText('after', EXAMPLES);
  withNode(draft.command('show').argument('<file>'))
    .description('what a draft does and who has still to sign')
    .action((path: string, flags: NodeFlags) => finish(() => show(path, flags)));
  withKeys(withNode(draft.command('sign').argument('<file>')))
    .description('sign it in place, after showing it')
    .action((path: string, flags: NodeFlags & KeyFlags) => finish(() => sign(path, flags)));
  withNode(draft.command('send').argument('<file>'))
    .description('send it, and what has to be in a block before it')
    .option('--wait <seconds>', 'wait until it is in a block', readCount, 0)
    .action((path: string, flags: WaitFlags) => finish(() => send(path, flags)));
};
