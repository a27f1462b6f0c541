import { ZERO_HASH } from '../../codec/hash32.ts';
import { encodeHex } from '../../codec/hex.ts';
import { hash160 } from '../../crypto/hash.ts';
import type { Parameters } from '../../params/parameters.ts';
import { outpointKey } from '../../tx/outpoint.ts';
import type { Transaction } from '../../tx/transaction.ts';
import { decodeTransaction } from '../../tx/transaction-codec.ts';
import { consentRules, type Declined, freezeRules, punishmentRules } from './test-naive-debts.ts';
import { bytesOf, type Hex, ownerTag, readDebt, readStake } from './test-naive-forms.ts';
import { recordRules, writeRecord } from './test-naive-records.ts';
import {
  type Broken,
  feeOf,
  formRules,
  isSource,
  kindRules,
  lockRules,
  type NaiveTransaction,
  runInput,
  STAGES,
  spent,
  sum,
} from './test-naive-rules.ts';
import {
  coinsMade,
  frozenHolder,
  isOverdue,
  medianOf,
  type NaiveCoin,
  type NaiveStake,
  type NaiveState,
  type NaiveView,
} from './test-naive-state.ts';

/** @shape broken: every rule broken in the first stage where one is, in the order of stages of spec 01; empty: valid */
export interface NaiveVerdict {
  readonly broken: Broken;
  readonly seen: NaiveTransaction | undefined;
}

const firstBroken = (seen: NaiveTransaction, stages: readonly ((seen: NaiveTransaction) => Broken)[]): Broken => {
  for (const stage of stages) {
    const broken = stage(seen);
    if (broken.length > 0) return broken;
  }
  return [];
};

const resolve = (tx: Transaction, view: NaiveView): NaiveTransaction | Broken => {
  const outs = tx.outputs.map(({ element, amount, script }) => ({ element, amount, script: encodeHex(script), layer: tx.layer }));
  const form = formRules(tx);
  if (form.length > 0) return form;
  const kind = kindRules(tx, outs, view);
  if (kind.length > 0) return kind;
  const ins = tx.inputs.flatMap(({ outpoint, sequence, witness }, index) => {
    const coin = view.coins.get(outpointKey(outpoint));
    if (coin === undefined) return [];
    const reads = coin.layer > tx.layer || (tx.type === 2 && coin.element === 'debt');
    return [{ index, coin, reads, sequence, witness: witness.map((item) => encodeHex(item)) }];
  });
  return ins.length < tx.inputs.length ? ['missing-input'] : { tx, ins, outs, view };
};

const isBroken = (seen: NaiveTransaction | Broken): seen is Broken => Array.isArray(seen);

const judgeDeclined = (bytes: Hex, view: NaiveView): Declined | undefined => {
  const tx = decodeTransaction(bytesOf(bytes));
  if ('fault' in tx || tx.type === 2) return undefined;
  const seen = resolve(tx, view);
  if (isBroken(seen)) return { seen: { tx, ins: [], outs: [], view }, runs: [], otherwise: seen, frozen: [] };
  const early = firstBroken(seen, [...STAGES, recordRules]);
  const runs = seen.ins.map((input) => runInput(seen, input));
  const late = [...consentRules(seen, runs), ...lockRules(seen), ...runs.flatMap(({ broken }) => broken ?? [])];
  return { seen, runs, otherwise: [...early, ...late], frozen: freezeRules(seen, runs) };
};

/** Judges a transaction by looking at everything. */
export const judgeNaively = (tx: Transaction, view: NaiveView): NaiveVerdict => {
  const seen = resolve(tx, view);
  if (isBroken(seen)) return { broken: seen, seen: undefined };
  const early = firstBroken(seen, [...STAGES, recordRules]);
  if (early.length > 0) return { broken: early, seen };
  if (tx.type === 2) {
    const punishment = punishmentRules(seen, (bytes) => judgeDeclined(bytes, view));
    return { broken: punishment.length > 0 ? punishment : lockRules(seen), seen };
  }
  const runs = seen.ins.map((input) => runInput(seen, input));
  const scripts = (): Broken => runs.flatMap(({ broken }) => broken ?? []).slice(0, 1);
  const late = [() => consentRules(seen, runs), () => freezeRules(seen, runs), lockRules, scripts];
  return { broken: firstBroken(seen, late), seen };
};

/** Takes a valid transaction into a block's view. */
export const takeNaively = (seen: NaiveTransaction): void => {
  const { tx, view } = seen;
  writeRecord(seen);
  for (const { coin } of spent(seen)) view.coins.delete(coin.at);
  for (const coin of coinsMade(tx, view.height, view.median)) view.coins.set(coin.at, coin);
};

const pay = (amount: bigint, { share, key, owner }: NaiveStake): [bigint, Hex][] => {
  const operator = (amount * BigInt(share)) / 10_000n;
  const shares: [bigint, Hex][] = [
    [operator, `0014${encodeHex(hash160(bytesOf(`02${key}`)))}`],
    [amount - operator, owner],
  ];
  return shares.filter(([part]) => part > 0n);
};

/** A chain of blocks, each with a whole state of its own. */
export class NaiveLedger {
  readonly states: NaiveState[] = [];
  readonly parameters: Parameters;

  constructor(genesis: readonly Transaction[], records: NaiveState['records'], time: number, parameters: Parameters) {
    this.parameters = parameters;
    const coins = new Map(genesis.flatMap((tx) => coinsMade(tx, 0, time)).map((coin) => [coin.at, coin]));
    const state: NaiveState = { height: 0, times: [time], coins, records, stakes: new Map(), fees: 0n, maker: undefined };
    for (const coin of coins.values()) this.register(state, coin, { eligible: 0, registered: time, creditFrom: 0 });
    this.states.push(state);
  }

  get tip(): NaiveState {
    return this.states.at(-1) as NaiveState;
  }

  private register(state: NaiveState, coin: NaiveCoin, dates: Pick<NaiveStake, 'eligible' | 'registered' | 'creditFrom'>): void {
    const form = readStake(coin, this.parameters);
    if (form !== undefined) state.stakes.set(coin.at, { amount: coin.amount, ...form, ...dates });
  }

  /** What the next block finds after its coinbase. */
  view(maker: string): NaiveView {
    const { tip, parameters } = this;
    const [height, median] = [tip.height + 1, medianOf(tip.times)];
    const coins = new Map(tip.coins);
    for (const coin of coinsMade(this.coinbase(maker), height, median)) coins.set(coin.at, coin);
    return { parameters, height, median, coins, records: new Map(tip.records), parent: tip };
  }

  private coinbase(maker: string): Transaction {
    const { fees, maker: before, height, stakes } = this.tip;
    const own = stakes.get(maker) as NaiveStake;
    const reference = (2n * fees) / 100n;
    const shares = fees === 0n || before === undefined ? [] : [...pay(reference, own), ...pay(fees - reference, before)];
    return {
      layer: 1,
      type: 4,
      lockTime: height + 1,
      inputs: [{ outpoint: { txid: ZERO_HASH, index: 0xffff_ffff }, sequence: 0xffff_ffff, witness: [] }],
      outputs: shares.map(([amount, script]) => ({ element: 'value', amount, script: bytesOf(script) })),
    };
  }

  /** Whether a block by this maker may grant so much. */
  boundRules(maker: string, granted: bigint): Broken {
    const { amount, creditFrom } = this.tip.stakes.get(maker) as NaiveStake;
    if (granted === 0n) return [];
    return [...(granted > amount ? ['credit-bound'] : []), ...(this.tip.height + 1 < creditFrom ? ['credit-period'] : [])];
  }

  connect(taken: readonly NaiveTransaction[], view: NaiveView, made: { readonly maker: string; readonly time: number }): void {
    const { stakeMaturity, creditPeriod } = this.parameters;
    const { height, coins, records } = view;
    const before = this.tip.stakes.get(made.maker) as NaiveStake;
    const granted = taken.filter(({ tx }) => tx.type === 1).reduce((total, { outs }) => total + sum(outs, 'credit'), 0n);
    const stakes = new Map([...this.tip.stakes].filter(([at]) => coins.has(at)));
    const creditFrom = granted > 0n ? height + creditPeriod : before.creditFrom;
    if (stakes.has(made.maker)) stakes.set(made.maker, { ...before, eligible: height + stakeMaturity, creditFrom });
    const fees = taken.reduce((total, seen) => total + feeOf(seen), 0n);
    const state: NaiveState = { height, times: [...this.tip.times, made.time], coins, records, stakes, fees, maker: before };
    for (const coin of coins.values()) {
      const dates = { eligible: height + stakeMaturity, registered: made.time, creditFrom: height + creditPeriod };
      if (coin.height === height) this.register(state, coin, dates);
    }
    this.states.push(state);
  }

  undo(): void {
    this.states.pop();
  }

  /** All six figures, added up over every coin. */
  get economy(): Record<'value' | 'locked' | 'credit' | 'debt' | 'overdue' | 'fees', bigint> {
    const { height, coins, times, fees } = this.tip;
    const all = [...coins.values()];
    const overdue = (coin: NaiveCoin): boolean =>
      readDebt(coin.script) === undefined ? height - coin.height > this.parameters.badDebtAge : isOverdue(coin, height, medianOf(times));
    return {
      value: sum(all, 'value'),
      locked: sum(
        all.filter(({ layer }) => layer === 1),
        'value',
      ),
      credit: sum(
        all.filter((coin) => !isSource(coin)),
        'credit',
      ),
      debt: sum(all, 'debt'),
      overdue: sum(all.filter(overdue), 'debt'),
      fees,
    };
  }

  /** Every tag that owns something, with who is frozen for it in the next block. */
  get frozen(): Map<Hex, string | undefined> {
    const view = { parent: this.tip, median: medianOf(this.tip.times) };
    const tags = new Set([...this.tip.coins.values()].map((coin) => ownerTag(coin, this.parameters)));
    return new Map([...tags].map((tag) => [tag, frozenHolder(tag, view)]));
  }
}
