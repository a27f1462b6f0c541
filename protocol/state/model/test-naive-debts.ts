import { isData, type NaiveOutput, ownerTag, ownScript, readDebt, readMultisig } from './test-naive-forms.ts';
import { type Broken, feeOf, type NaiveInput, type NaiveRun, type NaiveTransaction, spent, sum } from './test-naive-rules.ts';
import { frozenHolder, isOverdue } from './test-naive-state.ts';

const when = (broken: boolean, code: string): string[] => (broken ? [code] : []);

/** A P2WSH of exactly a multisig: nobody's branch alone meets it. (Collectives are not in force.) */
const isJoint = ({ coin, witness }: NaiveInput, seen: NaiveTransaction): boolean =>
  /^0020.{64}$/.test(ownScript(coin, seen.view.parameters)) && readMultisig(witness.at(-1) ?? '') !== undefined;

export const consentRules = (seen: NaiveTransaction, runs: readonly NaiveRun[]): Broken => {
  const agrees = (tag: string): boolean =>
    runs.some(({ input, accepted }) => {
      const whole = accepted.length > 0 && accepted.every(({ sighash }) => sighash === 0x01 || sighash === 0x81);
      const own = !input.reads && ownerTag(input.coin, seen.view.parameters) === tag && isJoint(input, seen);
      return whole && (own || accepted.some(({ keyHash }) => keyHash === tag));
    });
  const named = seen.outs.flatMap(({ element, script }) => (element === 'debt' ? (readDebt(script)?.tag ?? []) : []));
  return when(!named.every(agrees), 'no-consent');
};

/** The account that an input is a frozen input of. */
export const frozenInput = (seen: NaiveTransaction, { input, accepted }: NaiveRun): string | undefined => {
  if (input.reads || input.coin.element === 'debt') return undefined;
  const byTag = frozenHolder(ownerTag(input.coin, seen.view.parameters), seen.view);
  if (byTag !== undefined) return byTag;
  const signers = new Set(accepted.map(({ keyHash }) => frozenHolder(keyHash, seen.view)));
  return signers.size === 1 ? [...signers][0] : undefined;
};

export const freezeRules = (seen: NaiveTransaction, runs: readonly NaiveRun[]): Broken => {
  const { parameters } = seen.view;
  const frozen = runs.map((run) => frozenInput(seen, run));
  const accounts = new Set(frozen.filter((account) => account !== undefined));
  const breaks = (account: string): boolean => {
    const isOwn = (output: NaiveOutput): boolean => frozenHolder(ownerTag(output, parameters), seen.view) === account;
    const debts = spent(seen).flatMap(({ coin }) => (coin.element === 'debt' ? [coin] : []));
    const made = seen.outs.filter(({ element }) => element === 'debt');
    const others = runs.filter((_, i) => frozen[i] === undefined).map(({ input }) => input.coin);
    const strays = seen.outs.some((output) => output.element === 'value' && !isData(output) && !isOwn(output));
    const foreign = [...debts, ...made].some((debt) => readDebt(debt.script) === undefined || !isOwn(debt));
    const locked = spent(seen).some(({ coin }) => coin.layer === 1 && coin.element === 'value');
    return (
      strays ||
      foreign ||
      sum(made, 'debt') > sum(debts, 'debt') ||
      sum(seen.outs, 'credit') > sum(others, 'credit') ||
      (locked && feeOf(seen) > parameters.maxFrozenFee)
    );
  };
  return when([...accounts].some(breaks), 'frozen');
};

/** What judging a declined transaction at the punishment's place found. */
export interface Declined {
  readonly seen: NaiveTransaction;
  readonly runs: readonly NaiveRun[];
  readonly otherwise: Broken;
  readonly frozen: Broken;
}

const seizedRules = ({ input }: { readonly input: NaiveInput }, declined: Declined, account: string | undefined): Broken => {
  const run = declined.runs.find((each) => each.input.coin.at === input.coin.at);
  if (run === undefined) return ['seized-not-declined'];
  return [
    ...when(input.coin.element !== 'value' || input.coin.layer !== 0, 'seized-element'),
    ...when(account === undefined || frozenInput(declined.seen, run) !== account, 'seized-not-frozen'),
    ...when(
      run.accepted.some(({ sighash }) => sighash !== 1),
      'seized-sighash',
    ),
  ];
};

const liabilityRules = ({ tx, view }: NaiveTransaction, { coin, sequence }: NaiveInput, account: string | undefined): Broken => {
  const form = readDebt(coin.script);
  if (form === undefined) return ['liability-account'];
  const { term, operand } = form;
  const byTime = (n: number): boolean => n >= 500_000_000;
  const met =
    'expiry' in term
      ? byTime(term.expiry) === byTime(tx.lockTime) && tx.lockTime >= term.expiry && sequence !== 0xffff_ffff
      : sequence < 2 ** 31 && (sequence & (1 << 22)) === (operand & (1 << 22)) && (sequence & 0xffff) >= (operand & 0xffff);
  return [
    ...when(!isOverdue(coin, view.parent.height, view.median), 'liability-due'),
    ...when(frozenHolder(form.tag, view) !== account, 'liability-account'),
    ...when(!met, 'liability-term'),
  ];
};

/** @shape judge: what is wrong with the declined transaction at this place; undefined: the bytes are none, or a punishment */
export const punishmentRules = (seen: NaiveTransaction, judge: (bytes: string) => Declined | undefined): Broken => {
  const seized = seen.ins.filter(({ coin }) => coin.element !== 'debt');
  const [liability, ...more] = seen.ins.filter(({ coin }) => coin.element === 'debt');
  const [first] = seized;
  if (first === undefined || liability === undefined || more.length > 0 || seen.outs.length > 0) return ['punishment-form'];
  if (seen.ins.some(({ witness }, i) => witness.length !== (i === first.index ? 1 : 0))) return ['punishment-witness'];
  const declined = judge(first.witness[0] as string);
  if (declined === undefined) return ['declined-form'];
  const early = [...when(declined.otherwise.length > 0, 'declined-invalid'), ...when(declined.frozen.length === 0, 'declined-lawful')];
  const run = declined.runs.find(({ input }) => input.coin.at === first.coin.at);
  const account = run && frozenInput(declined.seen, run);
  return [...early, ...seized.flatMap((input) => seizedRules({ input }, declined, account)), ...liabilityRules(seen, liability, account)];
};
