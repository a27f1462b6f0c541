import { secp256k1 } from '@noble/curves/secp256k1.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { encodeHex } from '#protocol/codec/hex';
import type { Coin } from '#protocol/ledger/coin';
import { DEV_PARAMETERS } from '#protocol/params/networks';
import { buildDataScript } from '#protocol/script/forms/data-output';
import { buildKeyHashCheck } from '#protocol/script/forms/key-check';
import { buildRecordCommitment } from '#protocol/script/forms/record-commitment';
import { buildStakeScript, matchStake } from '#protocol/script/forms/stake';
import { computeSighash, sighashSourceOf } from '#protocol/script/sighash';
import { buildGenesis, type Genesis } from '#protocol/state/genesis';
import { GENESIS_TIME, TestChain, testKey, VC } from '#protocol/state/test-chain';
import { encodeAmountField } from '#protocol/tx/amount-field';
import { computeTxid } from '#protocol/tx/identity';
import { outpointKey } from '#protocol/tx/outpoint';
import type { Transaction, TransactionOutput } from '#protocol/tx/transaction';

/** Debts are overdue and coinbases mature soon enough for a history of some dozens of blocks. */
export const NAIVE_PARAMETERS = { ...DEV_PARAMETERS, badDebtAge: 4, coinbaseMaturity: 3 };
const PARAMETERS = NAIVE_PARAMETERS;
type Bytes = Uint8Array;

export const makeRandom = (seed: number): ((below: number) => number) => {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
};

const KEYS = new Map(
  [...Array.from({ length: 8 }, (_, i) => 2_000 + i), ...Array.from({ length: 64 }, (_, i) => 1_000 + i)].map((key) => [
    encodeHex(testKey(key).script),
    key,
  ]),
);
const ownerScriptOf = (coin: Coin): Bytes => matchStake(coin, PARAMETERS)?.ownerScript ?? coin.script;

interface Draft {
  readonly layer: Transaction['layer'];
  readonly coins: readonly Coin[];
  readonly outputs: readonly TransactionOutput[];
}
const sign = ({ layer, coins, outputs }: Draft): Transaction => {
  const inputs = coins.map(({ outpoint }) => ({ outpoint, sequence: 0xffff_fffd, witness: [] as Bytes[] }));
  const bare: Transaction = { layer, type: 0, inputs, outputs, lockTime: 0 };
  const repays = outputs.every(({ element }) => element !== 'debt');
  const witnessOf = (coin: Coin, index: number): Bytes[] => {
    if (coin.element === 'debt' && repays) return [];
    const script = ownerScriptOf(coin);
    const { secret, publicKey } = testKey(KEYS.get(encodeHex(script)) as number);
    const signed = { index, scriptCode: buildKeyHashCheck(script.subarray(2)), amountField: encodeAmountField(coin.element, coin.amount) };
    const digest = computeSighash(sighashSourceOf(bare), signed, 1);
    return [Uint8Array.of(...secp256k1.sign(digest, secret, { prehash: false, format: 'der' }), 1), publicKey];
  };
  return { ...bare, inputs: inputs.map((input, index) => ({ ...input, witness: witnessOf(coins[index] as Coin, index) })) };
};

const value = (amount: bigint, script: Bytes): TransactionOutput => ({ element: 'value', amount, script });

/** Random transactions of every kind that is in force: payments and chains of them, locked value, stakes, debts. */
class RandomTransactions {
  private readonly chain: TestChain;
  private readonly random: (below: number) => number;
  private used = new Set<string>();

  constructor(chain: TestChain, random: (below: number) => number) {
    this.chain = chain;
    this.random = random;
  }

  private take(wanted: (coin: Coin) => boolean): Coin | undefined {
    const { height } = this.chain.state.tip;
    const found = [...this.chain.state.coins.values()].filter(
      (coin) =>
        wanted(coin) &&
        !this.used.has(outpointKey(coin.outpoint)) &&
        KEYS.has(encodeHex(ownerScriptOf(coin))) &&
        (coin.type !== 4 || coin.height === 0 || height + 1 - coin.height >= PARAMETERS.coinbaseMaturity),
    );
    const coin = found[this.random(found.length)];
    if (coin) this.used.add(outpointKey(coin.outpoint));
    return coin;
  }

  private script(): Bytes {
    return testKey(2_000 + this.random(8)).script;
  }

  private pay(): Transaction[] {
    const coin = this.take(({ layer, element, amount }) => layer === 0 && element === 'value' && amount > VC);
    if (!coin) return [];
    const amount = coin.amount / 3n;
    const outputs = [value(amount, this.script()), value(coin.amount - amount - BigInt(this.random(2_000)), this.script())];
    if (this.random(3) === 0) outputs.push(value(0n, buildDataScript(Uint8Array.of(1, 2, 3))));
    if (this.random(3) === 0) outputs[0] = value(amount, buildKeyHashCheck(testKey(2_001).script.subarray(2)));
    const first = sign({ layer: 0, coins: [coin], outputs });
    const place = { txid: computeTxid(first), index: 1 };
    const made = { ...(outputs[1] as TransactionOutput), outpoint: place, layer: 0, type: 0, height: 0, medianTime: 0 } as Coin;
    return this.random(2) === 0 ? [first] : [first, sign({ layer: 0, coins: [made], outputs: [value(made.amount - 300n, this.script())] })];
  }

  private lock(): Transaction[] {
    const coin = this.take(({ layer, element, amount }) => layer <= 1 && element === 'value' && amount > 2n * VC);
    if (!coin) return [];
    const stake = buildStakeScript({ key: testKey(this.random(64)).xOnly, share: this.random(10_001), ownerScript: this.script() });
    return [sign({ layer: 1, coins: [coin], outputs: [value(coin.amount / 2n, stake), value(coin.amount / 2n - 777n, this.script())] })];
  }

  private withdraw(): Transaction[] {
    const coin = this.take((each) => matchStake(each, PARAMETERS) !== undefined);
    return coin ? [sign({ layer: 1, coins: [coin], outputs: [value(coin.amount - 10n, this.script())] })] : [];
  }

  private draw(): Transaction[] {
    const credit = this.take(({ layer, element, amount }) => layer === 0 && element === 'credit' && amount > 10_000n);
    if (!credit) return [];
    const drawn = credit.amount / 2n;
    const layer = this.random(2) as 0 | 1;
    const rest: TransactionOutput[] = layer === 1 ? [] : [{ element: 'credit', amount: credit.amount - drawn, script: this.script() }];
    const debt: TransactionOutput = { element: 'debt', amount: drawn, script: this.script() };
    return [sign({ layer, coins: [credit], outputs: [value(drawn - 50n, this.script()), debt, ...rest] })];
  }

  private repay(): Transaction[] {
    const debt = this.take(({ element }) => element === 'debt');
    const coin = debt && this.take(({ layer, element, amount }) => layer <= debt.layer && element === 'value' && amount >= debt.amount);
    return debt && coin ? [sign({ layer: debt.layer, coins: [coin, debt], outputs: [] })] : [];
  }

  private commit(): Transaction[] {
    const coin = this.take(({ layer, element, amount }) => layer === 0 && element === 'value' && amount < 2n * VC);
    const script = buildRecordCommitment(sha256(Uint8Array.of(this.random(256))), buildKeyHashCheck(testKey(2_000).script.subarray(2)));
    return coin ? [sign({ layer: 2, coins: [coin], outputs: [value(0n, script)] })] : [];
  }

  private collect(): Transaction[] {
    const coin = this.take(({ type, height }) => type === 4 && height > 0);
    return coin ? [sign({ layer: 1, coins: [coin], outputs: [value(coin.amount, this.script())] })] : [];
  }

  next(): Transaction[] {
    this.used = new Set();
    const kinds = [this.pay, this.pay, this.lock, this.withdraw, this.draw, this.draw, this.repay, this.commit, this.collect];
    return Array.from({ length: this.random(4) }, () => (kinds[this.random(kinds.length)] as () => Transaction[]).call(this)).flat();
  }
}

const makeGenesis = (time: number): Genesis => {
  const stake = (i: number) =>
    buildStakeScript({ key: testKey(i).xOnly, share: (i * 997) % 10_001, ownerScript: testKey(1_000 + i).script });
  const plan = {
    name: 'dev',
    time,
    stakes: Array.from({ length: 64 }, (_, i) => value(10_000n * VC, stake(i))),
    sources: [{ element: 'credit' as const, amount: VC, script: testKey(5_000).script }],
    circulation: Array.from(
      { length: 24 },
      (_, i): TransactionOutput => ({
        element: i % 3 === 2 ? 'credit' : 'value',
        amount: BigInt(1 + i) * VC,
        script: testKey(2_000 + (i % 8)).script,
      }),
    ),
    members: [testKey(5_000).publicKey],
  };
  return buildGenesis(plan, PARAMETERS);
};

/** A chain with stakes, credit and value in the hands of a few keys. */
export const makeRandomChain = (time = GENESIS_TIME): TestChain => new TestChain(makeGenesis(time), PARAMETERS);

/** Makes blocks of random transactions. */
export const growRandomly = (chain: TestChain, random: (below: number) => number, count: number): void => {
  for (let i = 0; i < count; i++) chain.connect(chain.make(new RandomTransactions(chain, random).next()));
};
