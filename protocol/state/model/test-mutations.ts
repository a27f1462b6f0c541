import type { Element } from '../../tx/element.ts';
import type { Transaction, TransactionOutput } from '../../tx/transaction.ts';
import type { Draft, DraftInput, Key } from './test-keyring.ts';
import { bytesOf, type Hex } from './test-naive-forms.ts';
import type { NaiveCoin, NaiveView } from './test-naive-state.ts';
import { PARAMETERS, type People } from './test-people.ts';
import type { Random } from './test-random.ts';
import { input, output } from './test-random-drafts.ts';

const MAX = 2n ** 53n - 1n;
const clamp = (amount: bigint): bigint => (amount < 0n ? 0n : amount > MAX ? MAX : amount);

/** Changes that break a rule, or seem to: the two judges say which. */
export class Mutations {
  private readonly people: People;
  private readonly random: Random;
  private readonly view: NaiveView;

  constructor(people: People, random: Random, view: NaiveView) {
    this.people = people;
    this.random = random;
    this.view = view;
  }

  private onOutput(draft: Draft, change: (one: TransactionOutput) => TransactionOutput): Draft {
    const at = this.random.below(draft.outputs.length);
    return { ...draft, outputs: draft.outputs.map((each, i) => (i === at ? change(each) : each)) };
  }

  private onInput(draft: Draft, change: (one: DraftInput) => DraftInput): Draft {
    const at = this.random.below(draft.inputs.length);
    return { ...draft, inputs: draft.inputs.map((each, i) => (i === at ? change(each) : each)) };
  }

  private script(): Hex {
    const user = this.random.pick(this.people.users) as Key;
    const odd = ['', '6a', '6a0101', '6a4c03010203', `02${'11'.repeat(32)}`, `5220${'22'.repeat(32)}`, `5120${'22'.repeat(32)}`, '00'];
    const nested = this.people.stakeScript(0, 5, this.people.stakeScript(1, 5, user.publicKey));
    return this.random.pick([...odd, nested, this.people.stakeScript(0, 10_001, '51'), `0014${user.tag}`, `0014${user.tag}`]) as Hex;
  }

  private amount(old: bigint): bigint {
    const { minDebt, minOutput } = PARAMETERS;
    const choices = [0n, 1n, minDebt - 1n, minOutput - 1n, old + 1n, old * 2n, old - 1n, old / 3n, MAX, 100_000_000n];
    return clamp(this.random.pick(choices) as bigint);
  }

  private anyCoin(): NaiveCoin | undefined {
    const layer = this.random.below(3);
    return this.random.pick([...this.view.coins.values()].filter((coin) => coin.layer === layer));
  }

  private lockTime(): number {
    const { height, median } = this.view;
    return this.random.pick([height - 1, height, height + 1, median - 1, median, median + 1, 0xffff_ffff]) as number;
  }

  private sequence(coin: NaiveCoin): number {
    const [age, seconds] = [this.view.height - coin.height, this.view.median - coin.median];
    const intervals = (1 << 22) + Math.floor(seconds / 512);
    return this.random.pick([0xffff_ffff, age, age + 1, intervals, intervals + 1, 0]) as number;
  }

  private withCoin(draft: Draft): Draft {
    const coin = this.anyCoin();
    return coin === undefined ? draft : { ...draft, inputs: [...draft.inputs, input(coin)] };
  }

  private swapElement(draft: Draft): Draft {
    return this.onOutput(draft, (one) => ({ ...one, element: this.random.pick(['value', 'credit', 'debt'] as const) as Element }));
  }

  private withOutput(draft: Draft): Draft {
    const element = this.random.pick(['value', 'credit', 'debt'] as const) as Element;
    return { ...draft, outputs: [...draft.outputs, output(element, this.amount(10_000n), this.script())] };
  }

  private spentAgain(draft: Draft): Draft {
    const [first] = draft.inputs;
    return first === undefined ? draft : { ...draft, inputs: [...draft.inputs, first] };
  }

  private missing(draft: Draft): Draft {
    return this.onInput(draft, (one) => ({
      ...one,
      coin: { ...one.coin, at: `${one.coin.at.slice(0, 64)}:${this.random.pick([9, 0xffff_ffff])}` },
    }));
  }

  private drawn(draft: Draft): Draft {
    const { random } = this;
    const changes: readonly (() => Draft)[] = [
      () => this.onOutput(draft, (one) => ({ ...one, amount: this.amount(one.amount) })),
      () => this.onOutput(draft, (one) => ({ ...one, amount: this.amount(one.amount) })),
      () => this.onOutput(draft, (one) => ({ ...one, script: bytesOf(this.script()) })),
      () => this.swapElement(draft),
      () => ({ ...draft, outputs: draft.outputs.slice(1) }),
      () => ({ ...draft, outputs: [] }),
      () => this.withOutput(draft),
      () => this.withCoin(draft),
      () => this.spentAgain(draft),
      () => this.missing(draft),
      () => ({ ...draft, inputs: draft.inputs.slice(random.below(2) === 0 ? 1 : 0, -1) }),
      () => ({ ...draft, layer: random.below(3) as 0 | 1 | 2 }),
      () => ({ ...draft, type: random.below(5) as Transaction['type'] }),
      () => ({ ...draft, lockTime: this.lockTime() }),
      () => this.onInput(draft, (one) => ({ ...one, sequence: this.sequence(one.coin) })),
      () => this.onInput(draft, (one) => ({ ...one, sighash: random.pick([0x02, 0x03, 0x81, 0x82, 0x83, 0x00]) as number })),
      () => this.onInput(draft, (one) => ({ ...one, sighash: random.pick([0x02, 0x03, 0x81, 0x82, 0x83]) as number })),
      () => this.onInput(draft, (one) => ({ ...one, forger: random.pick(this.people.users) as Key })),
      () => this.onInput(draft, (one) => ({ ...one, witness: random.pick([[], ['01'], ['', '']]) as readonly Hex[] })),
      () => this.onInput(draft, (one) => ({ ...one, branch: 'anyone' as const })),
    ];
    return (random.pick(changes) as () => Draft)();
  }

  /** A draft with one rule or two tried. */
  mutate(draft: Draft): Draft {
    const once = this.drawn(draft);
    return this.random.chance(4) ? this.drawn(once) : once;
  }

  /** Something of a signed transaction changed, so that what was signed is not what is sent. */
  tamper(transaction: Transaction): Transaction {
    const at = this.random.below(transaction.inputs.length);
    const spoil = (item: Uint8Array): Uint8Array => item.map((byte, i) => (i === item.length >> 1 ? byte ^ 1 : byte));
    const { inputs, outputs } = transaction;
    const changes: readonly (() => Transaction)[] = [
      () => ({ ...transaction, outputs: outputs.map((one) => ({ ...one, amount: one.amount === 0n ? 0n : one.amount - 1n })) }),
      () => ({ ...transaction, inputs: inputs.map((one, i) => (i === at ? { ...one, witness: one.witness.map(spoil) } : one)) }),
      () => ({ ...transaction, inputs: inputs.toReversed() }),
      () => ({ ...transaction, lockTime: transaction.lockTime + 1 }),
    ];
    return (this.random.pick(changes) as () => Transaction)();
  }
}
