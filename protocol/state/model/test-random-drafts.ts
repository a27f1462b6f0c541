import { encodeHex } from '../../codec/hex.ts';
import type { Element } from '../../tx/element.ts';
import type { Transaction, TransactionOutput } from '../../tx/transaction.ts';
import { encodeTransaction } from '../../tx/transaction-codec.ts';
import type { Draft, DraftInput, Key } from './test-keyring.ts';
import { bytesOf, type Hex, ownerTag, ownScript, readCommitment, readDebt } from './test-naive-forms.ts';
import { isCommitment, isSource } from './test-naive-rules.ts';
import { frozenHolder, isOverdue, membersOf, type NaiveCoin, type NaiveView } from './test-naive-state.ts';
import { PARAMETERS, type People } from './test-people.ts';
import type { Random } from './test-random.ts';
import { RandomRecords } from './test-random-records.ts';

const FINAL = 0xffff_fffd;
const VC = 100_000_000n;

export const output = (element: Element, amount: bigint, script: Hex): TransactionOutput => ({ element, amount, script: bytesOf(script) });
export const input = (coin: NaiveCoin, over: Partial<DraftInput> = {}): DraftInput => ({
  ...{ coin, sequence: FINAL, sighash: 1, branch: 'owner' as const },
  ...over,
});

const total = (coins: readonly NaiveCoin[]): bigint => coins.reduce((sum, { amount }) => sum + amount, 0n);
const numberPush = (n: number): Hex => {
  if (n <= 16) return (0x50 + n).toString(16);
  const bytes: number[] = [];
  for (let rest = n; rest > 0; rest = Math.floor(rest / 256)) bytes.push(rest % 256);
  if ((bytes.at(-1) as number) >= 128) bytes.push(0);
  return [bytes.length, ...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
};
export const debtScript = (tag: Hex, operand: number, opcode: 'b1' | 'b2'): Hex =>
  `76a914${tag}8763ac6775${numberPush(operand)}${opcode}68`;

/** Transactions of every kind, most of them valid as they are drawn up; what is frozen or immature is taken all the same, now and then. */
export class RandomDrafts {
  private readonly people: People;
  private readonly random: Random;
  private readonly view: NaiveView;
  private readonly records: RandomRecords;
  private readonly taken = new Set<string>();

  constructor(people: People, random: Random, view: NaiveView) {
    this.people = people;
    this.random = random;
    this.view = view;
    this.records = new RandomRecords(people, random, view);
  }

  private take(wanted: (coin: NaiveCoin) => boolean): NaiveCoin | undefined {
    const { coins, height } = this.view;
    const young = (coin: NaiveCoin): boolean =>
      coin.type === 4 && coin.height > 0 && height - coin.height < PARAMETERS.coinbaseMaturity && !this.random.chance(10);
    const coin = this.random.pick([...coins.values()].filter((each) => !this.taken.has(each.at) && wanted(each) && !young(each)));
    if (coin !== undefined) this.taken.add(coin.at);
    return coin;
  }

  private isFree(coin: NaiveCoin): boolean {
    return frozenHolder(ownerTag(coin, PARAMETERS), this.view) === undefined;
  }

  private cash(least = 10_000n): NaiveCoin | undefined {
    const free = !this.random.chance(6);
    return this.take((coin) => coin.layer === 0 && coin.element === 'value' && coin.amount >= least && (!free || this.isFree(coin)));
  }

  private user(): Key {
    return this.random.pick(this.people.users) as Key;
  }

  private script(): Hex {
    const { random, people } = this;
    const plain = `0014${this.user().tag}`;
    const other = [
      people.joint[random.below(3)],
      people.single[random.below(5)],
      people.timeLocks[random.below(3)],
      `76a914${this.user().tag}88ac`,
      '51',
    ];
    return random.chance(4) ? (random.pick(other) as Hex) : plain;
  }

  private fee(): bigint {
    return BigInt(this.random.below(1_500));
  }

  private circulating(inputs: readonly DraftInput[], outputs: readonly TransactionOutput[], over: Partial<Draft> = {}): Draft {
    return { layer: 0, type: 0, lockTime: 0, inputs, outputs, ...over };
  }

  pay(): Draft | undefined {
    const [first, second] = [this.cash(), this.random.chance(3) ? this.cash() : undefined];
    if (first === undefined) return undefined;
    const coins = second === undefined ? [first] : [first, second];
    const part = total(coins) / BigInt(2 + this.random.below(3));
    const outputs = [output('value', part, this.script()), output('value', total(coins) - part - this.fee(), this.script())];
    if (this.random.chance(5)) outputs.push(output('value', 0n, '6a03010203'));
    const seat = this.random.chance(4)
      ? this.take((coin) => [...this.view.records.values()].some(({ seat: at }) => at === coin.at))
      : undefined;
    const read = seat === undefined ? [] : [input(seat)];
    return this.circulating([...coins.map((coin) => input(coin)), ...read], outputs);
  }

  /** A frozen coin with what its owner may do with it. */
  keep(): Draft | undefined {
    const coin = this.take((each) => each.element === 'value' && each.layer < 2 && each.amount > 5_000n && !this.isFree(each));
    if (coin === undefined) return undefined;
    const fee = BigInt(this.random.below(1_200));
    const outputs = [output('value', coin.amount - fee, ownScript(coin, PARAMETERS))];
    return this.circulating([input(coin)], outputs, { layer: coin.layer as 0 | 1 });
  }

  lock(): Draft | undefined {
    const coin = this.take(({ layer, element, amount }) => layer <= 1 && element === 'value' && amount > 3n * VC);
    if (coin === undefined) return undefined;
    const part = coin.amount / 2n;
    const owner = this.script();
    const stake = this.people.stakeScript(this.random.below(64), this.random.below(10_001), owner);
    const outputs = [
      output('value', part, this.random.chance(2) ? stake : owner),
      output('value', coin.amount - part - this.fee(), this.script()),
    ];
    return this.circulating([input(coin)], outputs, { layer: 1 });
  }

  authorise(): Draft | undefined {
    const source = this.random.pick([...this.view.coins.values()].filter(isSource));
    const payer = this.cash();
    if (source === undefined || payer === undefined) return undefined;
    const granted = 20_000n + this.random.amount(source.amount - 20_000n);
    const [agent, user] = [this.random.pick(this.people.agents) as Key, this.user()];
    const both = `52${[agent, user].map(({ publicKey }) => `21${publicKey}`).join('')}52ae`;
    const parts = [granted / 2n, granted - granted / 2n];
    const grants = parts.map((amount, i) => output('credit', amount, i === 1 && this.random.chance(2) ? both : `0014${agent.tag}`));
    const interest = output('value', 500n, '51');
    const change = output('value', payer.amount - 500n - this.fee(), ownScript(payer, PARAMETERS));
    return this.circulating([input(source), input(payer)], [...grants, interest, change], { type: 1 });
  }

  private term(tag: Hex): Hex {
    const { random, view } = this;
    const kinds = [
      () => debtScript(tag, 1 + random.below(6), 'b2'),
      () => debtScript(tag, (1 << 22) + 1 + random.below(2), 'b2'),
      () => debtScript(tag, view.height + random.below(6), 'b1'),
      () => debtScript(tag, view.median - 1 + 64 * random.below(20) + random.below(3), 'b1'),
    ];
    return random.chance(9) ? this.script() : (random.pick(kinds) as () => Hex)();
  }

  private credit(): NaiveCoin | undefined {
    return this.take(({ layer, element, amount }) => layer === 0 && element === 'credit' && amount >= 4_000n);
  }

  /** Who can answer for a debt by spending a coin: a multisig for itself, any other script by a key in it. */
  private answering(coin: NaiveCoin): Hex {
    const tag = ownerTag(coin, PARAMETERS);
    const script = this.people.keyring.scripts.get(coin.script) ?? coin.script;
    if (this.people.joint.includes(coin.script) || this.random.chance(8)) return tag;
    return this.people.users.find((user) => script.includes(user.publicKey) || script.includes(user.tag))?.tag ?? tag;
  }

  draw(): Draft | undefined {
    const [credit, payer] = [this.credit(), this.cash()];
    if (credit === undefined || payer === undefined) return undefined;
    const layer = this.random.chance(4) ? 1 : 0;
    const drawn = layer === 1 ? credit.amount : credit.amount / 2n;
    const tag = this.answering(payer);
    const parts = this.random.chance(3) && drawn >= 4_000n ? [drawn / 2n, drawn - drawn / 2n] : [drawn];
    const debts = parts.map((amount) => output('debt', amount, this.term(tag)));
    const rest = layer === 1 ? [] : [output('credit', credit.amount - drawn, ownScript(credit, PARAMETERS))];
    const change = output('value', payer.amount + drawn - this.fee(), ownScript(payer, PARAMETERS));
    const sighash = this.random.chance(3) ? 0x81 : 1;
    return this.circulating([input(credit), input(payer, { sighash })], [change, ...debts, ...rest], { layer });
  }

  private debt(): NaiveCoin | undefined {
    const overdue = this.random.chance(2);
    return this.take((coin) => coin.element === 'debt' && (!overdue || isOverdue(coin, this.view.parent.height, this.view.median)));
  }

  repay(): Draft | undefined {
    const owed = this.debt();
    const own = owed && readDebt(owed.script)?.tag;
    const mine = (coin: NaiveCoin): boolean => this.random.chance(2) || ownerTag(coin, PARAMETERS) === own;
    const payer =
      owed && this.take((coin) => coin.layer <= owed.layer && coin.element === 'value' && coin.amount > owed.amount + 3_000n && mine(coin));
    if (owed === undefined || payer === undefined) return undefined;
    const left = payer.amount - owed.amount - BigInt(this.random.below(900));
    const change = output('value', left, ownScript(payer, PARAMETERS));
    return this.circulating([input(payer), input(owed)], [change], { layer: owed.layer as 0 | 1 });
  }

  /** Rolls a debt over, or moves it to who agrees. */
  roll(): Draft | undefined {
    const [owed, credit, payer] = [this.debt(), this.credit(), this.cash()];
    const form = owed && readDebt(owed.script);
    if (owed === undefined || form === undefined || credit === undefined || payer === undefined || owed.layer > 0) return undefined;
    const [amount = 0n] = [owed.amount, credit.amount].sort((a, b) => Number(a - b));
    const tag = this.random.chance(2) ? form.tag : this.answering(payer);
    const branch = this.random.chance(3) ? 'anyone' : 'owner';
    const expiry = 'expiry' in form.term;
    const sequence = expiry || branch === 'owner' ? 0xffff_fffe : form.operand;
    const outputs = [output('debt', amount, this.term(tag)), output('credit', credit.amount - amount, ownScript(credit, PARAMETERS))];
    const left = payer.amount + amount - owed.amount - this.fee();
    if (left >= 500n) outputs.push(output('value', left, ownScript(payer, PARAMETERS)));
    const kept = outputs.filter((each) => each.amount > 0n);
    return this.circulating([input(owed, { branch, sequence }), input(credit), input(payer)], kept, {
      lockTime: expiry ? form.operand : 0,
    });
  }

  commit(): Draft | undefined {
    const payer = this.take((coin) => coin.layer === 0 && coin.element === 'value' && coin.amount < VC / 4n && this.isFree(coin));
    const scripts = [this.records.commitment(), ...(this.random.chance(2) ? [this.records.commitment()] : [])];
    if (payer === undefined) return this.small();
    return this.circulating(
      [input(payer)],
      scripts.map((script) => output('value', 0n, script)),
      { layer: 2 },
    );
  }

  /** Coins small enough to be a fee. */
  small(): Draft | undefined {
    const coin = this.cash(VC);
    if (coin === undefined) return undefined;
    const parts = Array.from({ length: 6 }, () => output('value', 20_000n, `0014${this.user().tag}`));
    return this.circulating([input(coin)], [...parts, output('value', coin.amount - 121_000n, ownScript(coin, PARAMETERS))]);
  }

  record(): Draft | undefined {
    const old = !this.random.chance(12);
    const ready = (coin: NaiveCoin): boolean => isCommitment(coin) && (!old || this.view.height - coin.height >= PARAMETERS.recordDelay);
    const coin = this.take(ready);
    const claim = this.people.keyring.claims.get((coin && readCommitment(coin.script)?.hash) ?? '');
    if (coin === undefined || claim === undefined) return undefined;
    const { seat, outputs } = this.records.reveal(claim);
    const held = seat === undefined ? undefined : this.view.coins.get(seat);
    return this.circulating([input(coin), ...(held === undefined ? [] : [input(held)])], outputs, { layer: 2, type: 3 });
  }

  reissue(): Draft | undefined {
    const [source, other] = [this.take(isSource), this.random.chance(2) ? this.take(isSource) : undefined];
    if (source === undefined) return undefined;
    const sources = other === undefined ? [source] : [source, other];
    const members = membersOf(this.view.records);
    const sum = total(sources);
    const parts = sum >= 2n * VC && this.random.chance(2) ? [VC, sum - VC] : [sum];
    const signers = (): readonly Hex[] => members.filter((_, i) => i === 0 || this.random.chance(2));
    const outputs = parts.map((amount) => {
      const keys = signers();
      return output(
        'credit',
        amount,
        `${(0x51 + this.random.below(keys.length)).toString(16)}${keys.map((key) => `21${key}`).join('')}${(0x50 + keys.length).toString(16)}ae`,
      );
    });
    return this.circulating(
      sources.map((coin) => input(coin)),
      outputs,
      { layer: 2 },
    );
  }

  /** What takes a frozen coin that was to be moved. */
  punish(): Draft | undefined {
    const { view, random } = this;
    const frozen = (coin: NaiveCoin): boolean => coin.layer === 0 && coin.element === 'value' && !this.isFree(coin);
    const coin = this.take(random.chance(6) ? (each) => each.layer === 0 && each.element === 'value' : frozen);
    if (coin === undefined) return undefined;
    const account = frozenHolder(ownerTag(coin, PARAMETERS), view);
    const second = random.chance(3)
      ? this.take((each) => frozen(each) && frozenHolder(ownerTag(each, PARAMETERS), view) === account)
      : undefined;
    const seized = [coin, ...(second === undefined ? [] : [second])].filter(({ amount }) => amount > 1_000n);
    const liable = this.liability(account);
    const form = liable && readDebt(liable.script);
    if (liable === undefined || seized.length === 0) return undefined;
    const expiry = form !== undefined && 'expiry' in form.term;
    const sequence = expiry ? 0xffff_fffe : (form?.operand ?? FINAL);
    const item = encodeHex(encodeTransaction(this.declined(seized)));
    const inputs = seized.map((each, i) => input(each, { sequence: 0xffff_ffff, witness: i === 0 ? [item] : [] }));
    const last = input(liable, { sequence });
    return this.circulating([...inputs, last], [], { type: 2, lockTime: expiry ? form.operand : 0 });
  }

  private liability(account: string | undefined): NaiveCoin | undefined {
    const { view, random } = this;
    const debts = [...view.coins.values()].filter(({ element }) => element === 'debt');
    const fits = debts.filter(
      (debt) => isOverdue(debt, view.parent.height, view.median) && frozenHolder(readDebt(debt.script)?.tag ?? '', view) === account,
    );
    return random.pick(random.chance(6) || fits.length === 0 ? debts : fits);
  }

  private declined(coins: readonly NaiveCoin[]): Transaction {
    const amount = this.random.chance(8) ? total(coins) + 1n : total(coins) - 600n;
    const script = this.random.chance(8) ? ownScript(coins[0] as NaiveCoin, PARAMETERS) : this.script();
    const sighash = this.random.chance(8) ? 0x81 : 1;
    const draft = this.circulating(
      coins.map((coin) => input(coin, { sighash })),
      [output('value', amount, script)],
    );
    return this.people.keyring.sign(draft, this.view);
  }

  collect(): Draft | undefined {
    const small = this.random.chance(6);
    const coin = this.take(({ type, height, amount }) => type === 4 && height > 0 && (small || amount >= PARAMETERS.minOutput));
    return coin && this.circulating([input(coin)], [output('value', coin.amount, this.script())], { layer: 1 });
  }

  next(): Draft | undefined {
    const kinds: readonly (() => Draft | undefined)[] = [
      ...[this.pay, this.pay, this.pay, this.keep, this.lock, this.authorise, this.authorise, this.draw, this.draw, this.draw],
      ...[
        this.repay,
        this.repay,
        this.repay,
        this.roll,
        this.roll,
        this.commit,
        this.commit,
        this.commit,
        this.record,
        this.record,
        this.record,
      ],
      ...[this.reissue, this.punish, this.punish, this.collect],
    ];
    this.taken.clear();
    return (this.random.pick(kinds) as () => Draft | undefined).call(this);
  }
}
