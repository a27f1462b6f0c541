import type { Command } from 'commander';
import { decodeReversedHex, encodeReversedHex } from '#protocol/codec/hash32';
import { decodeHex } from '#protocol/codec/hex';
import { planDraw } from '#protocol/debt/build-draw';
import { planRepayment } from '#protocol/debt/build-repayment';
import { planRoll } from '#protocol/debt/build-roll';
import { Failure } from '#protocol/failure';
import type { Coin } from '#protocol/ledger/coin';
import { decodeCoin } from '#protocol/ledger/coin-codec';
import { decodeAddress } from '#protocol/script/address';
import { matchDebtScript } from '#protocol/script/forms/debt';
import { computeScriptTag } from '#protocol/script/owner-tag';
import { finish } from '../finish.ts';
import { deliver, print } from './deliver.ts';
import { type NodeView, orFail, type ShownDebt } from './node-view.ts';
import {
  KEYS_HELP,
  type KeyFlags,
  type NodeFlags,
  readCount,
  readUnits,
  type SendFlags,
  withKeys,
  withNode,
  withSending,
} from './options.ts';
import { feeRateOf, fileOf, fundingOf, openNode, openSession } from './session.ts';
import { readDue, type TermFlags, termsOf } from './term.ts';

const EXAMPLES = `
Examples:
  vc debt draw --amount 2 --term 500 --dev agent:0            own credit becomes 2 VC less the fee, owed 500 blocks later
  vc debt draw --amount 900 --term 1000 --instalments 3 --words w.txt
  vc debt draw --amount 2 --due 2027-03-31 --from dvc1q… --words w.txt --out draw.json
                                                              an agent's credit: the agent signs the draft
  vc debt list dvc1q…                                         what an address owes, and when it is due
  vc debt repay 1f0c…:0 --dev agent:0                         anybody may, no key of the debtor is asked for
  vc debt roll 1f0c…:0 --term 500 --dev agent:0               on with it, with as much new credit

An overdue debt freezes its debtor: list says so, and repaying or rolling over is what ends it.
${KEYS_HELP}`;

const showDebt = ({ txid, vout, amount, due, overdue, layer }: ShownDebt) => ({
  outpoint: `${txid}:${vout}`,
  amount,
  layer,
  due: due === undefined ? 'never' : due.kind === 'height' ? `height ${due.due}` : new Date(due.due * 1_000).toISOString(),
  overdue,
});

const list = async (address: string | undefined, flags: NodeFlags & KeyFlags): Promise<number> => {
  const node = await openNode(flags);
  const script =
    address === undefined ? (await openSession(flags)).payerScript : orFail(decodeAddress(address, node.parameters.addressPrefix)).script;
  const shown = (await node.debtsOf(computeScriptTag(script))).map(showDebt);
  print(
    flags.json,
    shown,
    shown.map(({ outpoint, amount, due, overdue }) => `${outpoint}  ${amount} VC  due ${due}${overdue ? '  OVERDUE' : ''}`),
  );
  return 0;
};

type DrawFlags = SendFlags & TermFlags & { readonly amount: bigint; readonly from?: string; readonly to?: string };

/** The smallest coin of value, whose signature is the debtor's consent where the credit is another's. */
const consentOf = (coins: readonly Coin[]): Coin => {
  const money = coins.filter(({ element, layer }) => element === 'value' && layer === 0);
  const [smallest] = money.toSorted((a, b) => (a.amount < b.amount ? -1 : 1));
  if (smallest === undefined) throw new Failure('consent-coin');
  return smallest;
};

const draw = async (flags: DrawFlags): Promise<number> => {
  const session = await openSession(flags);
  const { node, payerScript } = session;
  const scriptOf = (text: string | undefined): Uint8Array =>
    text === undefined ? payerScript : orFail(decodeAddress(text, node.parameters.addressPrefix)).script;
  const [creditScript, own] = [scriptOf(flags.from), await node.coinsOf(payerScript)];
  const draft = planDraw({
    credit: (await node.coinsOf(creditScript)).filter(({ element }) => element === 'credit'),
    consent: flags.from === undefined ? undefined : consentOf(own),
    tag: computeScriptTag(payerScript),
    amount: flags.amount,
    terms: termsOf(flags),
    valueScript: scriptOf(flags.to),
    creditScript,
    place: await node.place(),
    feeRate: await feeRateOf(node, flags),
    parameters: node.parameters,
  });
  return deliver(node, fileOf(node, orFail(draft)), session.keys, flags);
};

/** Failure `debt-absent`: no unpaid debt stands there */
const findDebt = async (node: NodeView, text: string): Promise<Coin> => {
  const [, id = '', place = ''] = /^([0-9a-fA-F]{64}):(\d{1,9})$/.exec(text) ?? [];
  const outpoint = { txid: orFail(decodeReversedHex(id)), index: Number(place) };
  const output = await node.output(outpoint);
  const script = output && orFail(decodeHex(output.script));
  const tag = script && (matchDebtScript(script)?.tag ?? computeScriptTag(script));
  const debts = tag === undefined ? [] : await node.debtsOf(tag);
  const found = debts.find(({ txid, vout }) => txid === encodeReversedHex(outpoint.txid) && vout === outpoint.index);
  if (found === undefined) throw new Failure('debt-absent', { outpoint: text });
  return orFail(decodeCoin(orFail(decodeHex(found.coin))));
};

const repay = async (outpoints: readonly string[], flags: SendFlags): Promise<number> => {
  const session = await openSession(flags);
  const debts: Coin[] = [];
  for (const each of outpoints) debts.push(await findDebt(session.node, each));
  const draft = orFail(planRepayment(debts, await fundingOf(session, flags)));
  return deliver(session.node, fileOf(session.node, draft), session.keys, flags);
};

type RollFlags = SendFlags & TermFlags & { readonly from?: string };

const roll = async (outpoint: string, flags: RollFlags): Promise<number> => {
  const session = await openSession(flags);
  const { node, payerScript } = session;
  const [term] = termsOf(flags);
  if (term === undefined) throw new Failure('term-missing');
  const creditScript = flags.from === undefined ? payerScript : orFail(decodeAddress(flags.from, node.parameters.addressPrefix)).script;
  const order = {
    debt: await findDebt(node, outpoint),
    credit: (await node.coinsOf(creditScript)).filter(({ element }) => element === 'credit'),
    term,
    creditScript,
    place: await node.place(),
  };
  return deliver(node, fileOf(node, orFail(planRoll(order, await fundingOf(session, flags)))), session.keys, flags);
};

const withTerm = (command: Command): Command =>
  command
    .option('--term <blocks>', 'due so many blocks after it is drawn', readCount)
    .option('--due <date>', 'due at a date or a height', readDue)
    .option('--from <address>', 'whose credit is used (default: own)');

/** Adds `debt`. @source SPEC BD5, BD6, BD7 */
export const registerDebtCommands = (program: Command): void => {
  const debt = program.command('debt').description('draw, list, repay and roll over debts').addHelpText('after', EXAMPLES);
  withKeys(withNode(debt.command('list').argument('[address]', 'whose (default: of the first key)')))
    .description('unpaid debts and when they are due')
    .action((address: string | undefined, flags: NodeFlags & KeyFlags) => finish(() => list(address, flags)));
  withTerm(withSending(debt.command('draw')))
    .description('turn credit into money and a debt')
    .requiredOption('--amount <VC>', 'how much will be owed', readUnits)
    .option('--to <address>', 'where the money goes (default: own)')
    .option('--instalments <count>', 'so many debts, one term apart', readCount)
    .addHelpText('after', EXAMPLES)
    .action((flags: DrawFlags) => finish(() => draw(flags)));
  withSending(debt.command('repay').argument('<outpoints...>', 'as `vc debt list` shows them'))
    .description('pay debts off')
    .action((outpoints: readonly string[], flags: SendFlags) => finish(() => repay(outpoints, flags)));
  withTerm(withSending(debt.command('roll').argument('<outpoint>', 'as `vc debt list` shows it')))
    .description('go on with a debt under a new term')
    .action((outpoint: string, flags: RollFlags) => finish(() => roll(outpoint, flags)));
};
