import type { Command } from 'commander';
import { planAuthorisation } from '#protocol/admission/build-authorisation';
import { planReissue } from '#protocol/admission/build-reissue';
import { isLiveSource } from '#protocol/admission/check-sources';
import { encodeReversedHex } from '#protocol/codec/hash32';
import { encodeHex } from '#protocol/codec/hex';
import { Failure } from '#protocol/failure';
import type { Coin } from '#protocol/ledger/coin';
import { decodeAddress } from '#protocol/script/address';
import { matchMultisig } from '#protocol/script/forms/multisig';
import { formatAmount } from '#protocol/tx/amount-text';
import { finish } from '../finish.ts';
import { deliver, encodeSigned, print } from './deliver.ts';
import { type NodeView, orFail } from './node-view.ts';
import { KEYS_HELP, type NodeFlags, readBytesOf, readCount, readUnits, type SendFlags, withNode, withSending } from './options.ts';
import { fileOf, fundingOf, openNode, openSession } from './session.ts';

const KEY_BYTES = 33;

const EXAMPLES = `
Examples:
  vc credit sources                                                   what the group can grant from, and who signs for it
  vc credit grant --to dvc1q… --amount 5 --dev agent:0 --dev member:0 on the development network: agent:0 pays the fee
  vc credit grant --to dvc1q… --amount 900 --free 5000 --words w.txt --out grant.json
                                                                      a draft for the other members: vc draft sign grant.json
  vc credit reissue 1f0c…:8 --threshold 2 --words w.txt --out reissue.json
                                                                      from now on two of all members grant from it

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

const placeOf = ({ outpoint }: Coin): string => `${encodeReversedHex(outpoint.txid)}:${outpoint.index}`;

const sources = async (flags: NodeFlags): Promise<number> => {
  const node = await openNode(flags);
  const members = await node.members();
  const shown = (await node.sources()).map((coin) => {
    const form = matchMultisig(coin.script);
    return {
      outpoint: placeOf(coin),
      amount: formatAmount(coin.amount),
      threshold: form?.threshold ?? 0,
      keys: (form?.keys ?? []).map(encodeHex),
      live: isLiveSource(coin.script, members),
    };
  });
  const lineOf = ({ outpoint, amount, threshold, keys, live }: (typeof shown)[number]): string =>
    `${amount.padStart(6)} VC  ${threshold} of ${keys.length}  ${live ? 'live' : 'names a former member'}  ${outpoint}`;
  print(flags.json, shown, shown.map(lineOf));
  return 0;
};

type ReissueFlags = SendFlags & { readonly by?: Uint8Array; readonly threshold?: number };

/** Failure `source-absent`: the node finds no source there */
const findNamed = async (node: NodeView, outpoints: readonly string[]): Promise<readonly Coin[]> => {
  const found = new Map((await node.sources()).map((coin) => [placeOf(coin), coin]));
  return outpoints.map((each) => {
    const coin = found.get(each.toLowerCase());
    if (coin === undefined) throw new Failure('source-absent', { outpoint: each });
    return coin;
  });
};

const reissue = async (outpoints: readonly string[], flags: ReissueFlags): Promise<number> => {
  const session = await openSession(flags);
  const { node } = session;
  const members = await node.members();
  const keys = flags.by === undefined ? members : [flags.by];
  const named = await findNamed(node, outpoints);
  const wanted = { sources: named, members, keys, threshold: flags.threshold ?? keys.length };
  const planned = orFail(planReissue(wanted, await fundingOf(session, flags)));
  const before = [encodeSigned(planned.funding, session.keys)];
  return deliver(node, fileOf(node, planned.reissue, before), session.keys, flags);
};

/** Adds `credit`. @source SPEC BD4, BD16 */
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
  withSending(credit.command('reissue').argument('<outpoints...>', 'as `vc credit sources` shows them'))
    .description('put sources under other keys, also those that name a former member')
    .option('--by <key>', 'one member alone signs for them (default: all members)', readBytesOf(KEY_BYTES))
    .option('--threshold <count>', 'so many of all members (default: all)', readCount)
    .action((outpoints: readonly string[], flags: ReissueFlags) => finish(() => reissue(outpoints, flags)));
};
