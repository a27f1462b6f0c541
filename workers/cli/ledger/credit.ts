import type { Command } from 'commander';
import { planAuthorisation } from '#protocol/admission/build-authorisation';
import { isLiveSource } from '#protocol/admission/check-sources';
import { encodeReversedHex } from '#protocol/codec/hash32';
import { encodeHex } from '#protocol/codec/hex';
import { decodeAddress } from '#protocol/script/address';
import { matchMultisig } from '#protocol/script/forms/multisig';
import { formatAmount } from '#protocol/tx/amount-text';
import { finish } from '../finish.ts';
import { deliver, print } from './deliver.ts';
import { orFail } from './node-view.ts';
import { KEYS_HELP, type NodeFlags, readCount, readUnits, type SendFlags, withNode, withSending } from './options.ts';
import { fileOf, fundingOf, openNode, openSession } from './session.ts';

const EXAMPLES = `
Examples:
  vc credit sources                                                   what the group can grant from, and who signs for it
  vc credit grant --to dvc1q… --amount 5 --dev agent:0 --dev member:0 on the development network: agent:0 pays the fee
  vc credit grant --to dvc1q… --amount 900 --free 5000 --words w.txt --out grant.json
                                                                      a draft for the other members: vc draft sign grant.json

A grant refers to sources of credit and uses none of them up: an amount is borne by those of its binary digits. Interest
for the block's maker (--free, base units) makes it pass policies that ask for some.
${KEYS_HELP}`;

interface GrantFlags extends SendFlags {
  readonly to: string;
  readonly amount: bigint;
  readonly free: number;
}

const grant = async (flags: GrantFlags): Promise<number> => {
  const session = await openSession(flags);
  const { node } = session;
  const { script } = orFail(decodeAddress(flags.to, node.parameters.addressPrefix));
  const [sources, members] = [await node.sources(), await node.members()];
  const { amount, free } = flags;
  const draft = orFail(planAuthorisation({ sources, members, amount, free: BigInt(free), script }, await fundingOf(session, flags)));
  return deliver(node, fileOf(node, draft), session.keys, flags);
};

const sources = async (flags: NodeFlags): Promise<number> => {
  const node = await openNode(flags);
  const members = await node.members();
  const shown = (await node.sources()).map(({ outpoint, amount, script }) => {
    const form = matchMultisig(script);
    return {
      outpoint: `${encodeReversedHex(outpoint.txid)}:${outpoint.index}`,
      amount: formatAmount(amount),
      threshold: form?.threshold ?? 0,
      keys: (form?.keys ?? []).map(encodeHex),
      live: isLiveSource(script, members),
    };
  });
  const lineOf = ({ outpoint, amount, threshold, keys, live }: (typeof shown)[number]): string =>
    `${amount.padStart(6)} VC  ${threshold} of ${keys.length}  ${live ? 'live' : 'names a former member'}  ${outpoint}`;
  print(flags.json, shown, shown.map(lineOf));
  return 0;
};

/** Adds `credit`. @source SPEC BD4 */
export const registerCreditCommands = (program: Command): void => {
  const credit = program.command('credit').description("grant credit out of the group's sources").addHelpText('after', EXAMPLES);
  withNode(credit.command('sources'))
    .description('the sources of credit that the node finds')
    .action((flags: NodeFlags) => finish(() => sources(flags)));
  withSending(credit.command('grant'))
    .description('authorise credit for somebody')
    .requiredOption('--to <address>', 'who gets it')
    .requiredOption('--amount <VC>', 'how much', readUnits)
    .option('--free <units>', "interest for the block's maker, in base units", readCount, 0)
    .addHelpText('after', EXAMPLES)
    .action((flags: GrantFlags) => finish(() => grant(flags)));
};
