import { encodeHex } from '../../codec/hex.ts';
import { hash160 } from '../../crypto/hash.ts';
import { checkInputScript } from '../../script/input.ts';
import { computeWeight } from '../../tx/identity.ts';
import { outpointKey } from '../../tx/outpoint.ts';
import type { Transaction } from '../../tx/transaction.ts';
import {
  bytesOf,
  type Hex,
  isData,
  isKeyLike,
  type NaiveOutput,
  ownScript,
  readCommitment,
  readMultisig,
  readStake,
} from './test-naive-forms.ts';
import { membersOf, type NaiveCoin, type NaiveView, TABLES } from './test-naive-state.ts';

/** An input with the coin it names. @shape reads: a reference, which consumes nothing */
export interface NaiveInput {
  readonly index: number;
  readonly coin: NaiveCoin;
  readonly reads: boolean;
  readonly sequence: number;
  readonly witness: readonly Hex[];
}

export interface NaiveTransaction {
  readonly tx: Transaction;
  readonly ins: readonly NaiveInput[];
  readonly outs: readonly NaiveOutput[];
  readonly view: NaiveView;
}

/** All rules of one stage that a transaction breaks: which of them comes first within a stage is nobody's rule. */
export type Broken = readonly string[];

const when = (broken: boolean, code: string): string[] => (broken ? [code] : []);

export const isSource = ({ layer, element }: NaiveOutput): boolean => layer === 2 && element === 'credit';
export const isCommitment = ({ layer, element, script }: NaiveOutput): boolean =>
  layer === 2 && element === 'value' && readCommitment(script) !== undefined;
export const spent = ({ ins }: NaiveTransaction): readonly NaiveInput[] => ins.filter(({ reads }) => !reads);
export const sum = (items: readonly { readonly element: string; readonly amount: bigint }[], element: string): bigint =>
  items.filter((item) => item.element === element).reduce((total, { amount }) => total + amount, 0n);
const coinsOf = (ins: readonly NaiveInput[]): NaiveCoin[] => ins.map(({ coin }) => coin);

export const formRules = (tx: Transaction): Broken => {
  const names = tx.inputs.map(({ outpoint }) => outpointKey(outpoint));
  const declined = tx.type === 2 ? (tx.inputs[0]?.witness[0]?.length ?? 0) : 0;
  if (tx.type === 4) return ['coinbase-form', 'coinbase-place'];
  return [
    ...when(new Set(names).size < names.length, 'duplicate-outpoint'),
    ...when(names.includes(`${'00'.repeat(32)}:4294967295`), 'null-outpoint'),
    ...when(computeWeight(tx) - declined > 400_000, 'transaction-weight'),
  ];
};

export const kindRules = (tx: Transaction, outs: readonly NaiveOutput[], { parameters }: NaiveView): Broken => [
  ...when((tx.type === 1 || tx.type === 2) && tx.layer !== 0, 'type-layer'),
  ...when(tx.type === 3 && tx.layer !== 2, 'type-layer'),
  ...when(
    outs.some((output) => /^5220.{64}$/.test(ownScript(output, parameters))),
    'not-yet-supported',
  ),
];

const recognised = ({ tx, ins }: NaiveTransaction): number => {
  if (tx.type === 2) return 2;
  if (tx.layer === 0 && ins.some(({ coin }) => isSource(coin))) return 1;
  return tx.layer === 2 && ins.filter(({ coin }) => isCommitment(coin)).length === 1 ? 3 : 0;
};

const isSeat = (coin: NaiveCoin, { records }: NaiveView): boolean => [...records.values()].some(({ seat }) => seat === coin.at);

const coinRules = (seen: NaiveTransaction): Broken => {
  const { tx, ins, view } = seen;
  const stray = ins.some(
    ({ coin, reads }) => reads && !isSource(coin) && !(tx.type === 2 && coin.element === 'debt') && !isSeat(coin, view),
  );
  return [
    ...when(recognised(seen) !== tx.type, 'type-mismatch'),
    ...when(spent(seen).length === 0, 'nothing-spent'),
    ...when(stray, 'reference-purpose'),
  ];
};

const ELEMENTS = [
  ['value', 'credit', 'debt'],
  ['value', 'debt'],
  ['value', 'credit'],
];

const isKeyInside = (output: NaiveOutput, view: NaiveView): boolean => {
  const stake = readStake({ ...output, amount: output.amount }, view.parameters);
  if (stake === undefined) return isKeyLike(output.script);
  return isKeyInside({ ...output, script: stake.owner, amount: view.parameters.minStake }, view);
};

const outputRules = (output: NaiveOutput, view: NaiveView): Broken => {
  const { element, amount, script, layer } = output;
  const { minDebt, minOutput } = view.parameters;
  const free = layer === 2 || isData(output);
  const least = element === 'debt' ? minDebt : element === 'credit' ? 1n : free ? 0n : minOutput;
  return [
    ...when(ELEMENTS[layer]?.includes(element) !== true, 'element-layer'),
    ...when(layer === 2 && element === 'value' && amount !== 0n, 'management-value'),
    ...when(amount < least, 'amount-minimum'),
    ...when(script.startsWith('6a') && !isData(output), 'return-script'),
    ...when(isKeyInside(output, view), 'key-like-script'),
  ];
};

const amountRules = (seen: NaiveTransaction): Broken => {
  const { tx, outs, view } = seen;
  const none = tx.layer === 2 || tx.type === 2 || spent(seen).some(({ coin }) => coin.element === 'debt');
  return [...when(outs.length === 0 && !none, 'no-outputs'), ...outs.flatMap((output) => outputRules(output, view))];
};

export const feeOf = (seen: NaiveTransaction): bigint => {
  const coins = coinsOf(spent(seen));
  return sum(coins, 'value') - sum(coins, 'debt') - (sum(seen.outs, 'value') - sum(seen.outs, 'debt'));
};

const sumRules = (seen: NaiveTransaction): Broken => {
  const [creditIn, creditOut] = [sum(coinsOf(seen.ins), 'credit'), sum(seen.outs, 'credit')];
  return [
    ...when(feeOf(seen) < 0n, 'value-created'),
    ...when(creditOut > creditIn, 'credit-created'),
    ...when(sum(seen.outs, 'debt') > creditIn - creditOut, 'debt-without-credit'),
  ];
};

const isAlive = (script: Hex, members: readonly Hex[]): boolean =>
  readMultisig(script)?.keys.every((key) => members.includes(key)) === true;

const sourceRules = (seen: NaiveTransaction): Broken => {
  const { tx, ins, outs, view } = seen;
  const read = ins.filter(({ coin, reads }) => reads && isSource(coin));
  const members = membersOf(view.records);
  return [
    ...when(read.length > 0 && tx.type !== 1, 'source-type'),
    ...when(tx.type === 1 && spent(seen).some(({ coin }) => coin.element === 'credit'), 'source-spends-credit'),
    ...when(tx.type === 1 && outs.some(({ element }) => element === 'debt'), 'source-debt'),
    ...when(
      read.some(({ coin }) => !isAlive(coin.script, members)),
      'source-former-member',
    ),
    ...when(tx.type === 1 && members.length < view.parameters.groupMin, 'group-small'),
  ];
};

const inListOrder = (keys: readonly Hex[], members: readonly Hex[]): boolean => {
  const places = keys.map((key) => members.indexOf(key));
  return places.every((place, i) => place >= 0 && (i === 0 || place > (places[i - 1] as number)));
};

const liftRules = (seen: NaiveTransaction): Broken => {
  if (seen.tx.layer !== 2) return [];
  const credit = seen.outs.filter(({ element }) => element === 'credit');
  const before = coinsOf(spent(seen)).filter(isSource);
  const members = membersOf(seen.view.records);
  return [
    ...when(sum(before, 'credit') !== sum(credit, 'credit'), 'credit-lifted'),
    ...when(
      credit.some(({ amount }) => amount < 100_000_000n),
      'source-minimum',
    ),
    ...when(
      credit.some(({ script }) => !inListOrder(readMultisig(script)?.keys ?? ['none'], members)),
      'source-script',
    ),
  ];
};

export const STAGES: readonly ((seen: NaiveTransaction) => Broken)[] = [coinRules, amountRules, sumRules, sourceRules, liftRules];

const isLockMet = (sequence: number, coin: NaiveCoin, { height, median }: NaiveView): boolean => {
  if (sequence >= 2 ** 31) return true;
  const count = sequence & 0xffff;
  return (sequence & (1 << 22)) === 0 ? height - coin.height >= count : median - coin.median >= 512 * count;
};

export const lockRules = ({ tx, ins, view }: NaiveTransaction): Broken => {
  const late = tx.lockTime < 500_000_000 ? tx.lockTime < view.height : tx.lockTime < view.median;
  const { coinbaseMaturity } = view.parameters;
  return [
    ...when(!late && ins.some(({ sequence }) => sequence !== 0xffff_ffff), 'lock-time'),
    ...when(
      ins.some(({ sequence, coin }) => !isLockMet(sequence, coin, view)),
      'sequence-lock',
    ),
    ...when(
      ins.some(({ coin }) => coin.type === 4 && coin.height > 0 && view.height - coin.height < coinbaseMaturity),
      'immature',
    ),
  ];
};

/** What an input's script accepted: nothing where it was not run, not met, or met by a signature that may not serve. */
export interface NaiveRun {
  readonly input: NaiveInput;
  readonly accepted: readonly { readonly keyHash: Hex; readonly sighash: number }[];
  readonly broken: string | undefined;
}

const GOVERNED: readonly Hex[] = [TABLES.group, TABLES.realname, TABLES.agent, TABLES.suspension];

/** Paying off a debt, and a seat that is read, run no script. */
const isSilent = ({ tx, outs }: NaiveTransaction, { coin, reads }: NaiveInput): boolean =>
  reads ? !isSource(coin) || tx.type === 2 : coin.element === 'debt' && outs.every(({ element }) => element !== 'debt');

const scriptOf = ({ coin }: NaiveInput, members: readonly Hex[]): Hex => {
  if (!isSource(coin) || isAlive(coin.script, members)) return coin.script;
  const push = (n: number): Hex => (n <= 16 ? (0x50 + n).toString(16) : `01${n.toString(16)}`);
  return `${push(members.length)}${members.map((key) => `21${key}`).join('')}${push(members.length)}ae`;
};

const strictness = ({ coin, reads, witness }: NaiveInput, members: readonly Hex[]): string | undefined => {
  if (reads) return 'reference-sighash';
  if (isSource(coin) && !isAlive(coin.script, members)) return 'governed-sighash';
  return isCommitment(coin) && GOVERNED.includes(witness.at(-3) ?? '') ? 'governed-sighash' : undefined;
};

export const runInput = (seen: NaiveTransaction, input: NaiveInput): NaiveRun => {
  const { coin, index, witness } = input;
  const nothing = (broken: string | undefined): NaiveRun => ({ input, accepted: [], broken });
  if (isSilent(seen, input)) return nothing(witness.length === 0 ? undefined : 'witness-unexpected');
  const members = membersOf(seen.view.records);
  const maxItem = isCommitment(coin) && witness.at(-3) === TABLES.group ? 680 : 520;
  const { element, amount } = coin;
  const placed = { element, amount, layer: coin.layer as 0 | 1 | 2, script: bytesOf(scriptOf(input, members)) };
  const run = checkInputScript({ transaction: seen.tx, index, coin: placed, maxItem }, seen.view.parameters);
  if ('fault' in run) return nothing(run.fault);
  const accepted = run.accepted.map(({ publicKey, sighashType }) => ({ keyHash: encodeHex(hash160(publicKey)), sighash: sighashType }));
  const strict = accepted.some(({ sighash }) => sighash !== 1) ? strictness(input, members) : undefined;
  return strict === undefined ? { input, accepted, broken: undefined } : nothing(strict);
};
