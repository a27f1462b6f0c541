import { schnorr, secp256k1 } from '@noble/curves/secp256k1.js';
import { ripemd160 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { describe, expect, test } from 'vitest';
import type { Block } from '../block/block.ts';
import type { Header } from '../block/header.ts';
import { encodeHeader } from '../block/header-codec.ts';
import { encodeHex } from '../codec/hex.ts';
import type { Coin } from '../ledger/coin.ts';
import { DEV_PARAMETERS } from '../params/networks.ts';
import { buildDataScript } from '../script/forms/data-output.ts';
import { buildKeyHashCheck } from '../script/forms/key-check.ts';
import { buildRecordCommitment } from '../script/forms/record-commitment.ts';
import { buildStakeScript } from '../script/forms/stake.ts';
import { computeSighash, sighashSourceOf } from '../script/sighash.ts';
import { encodeAmountField } from '../tx/amount-field.ts';
import { computeTxid } from '../tx/identity.ts';
import type { Transaction, TransactionOutput } from '../tx/transaction.ts';
import { encodeTransaction, encodeTransactionWithoutWitness } from '../tx/transaction-codec.ts';
import { buildGenesis } from './genesis.ts';
import { GENESIS_TIME, TestChain, testKey, VC } from './test-chain.ts';

/**
 * A second computation of every header, slow and plain on purpose: from the blocks alone, over all coins, with nothing of
 * the product's but the encodings of transactions and the type of a decoded one.
 */
const PARAMETERS = { ...DEV_PARAMETERS, badDebtAge: 4, coinbaseMaturity: 3 };

type Bytes = Uint8Array;
const cat = (...parts: readonly (Bytes | readonly number[])[]): Bytes => Uint8Array.from(parts.flatMap((part) => [...part]));
const le = (value: bigint | number, size: number): number[] =>
  Array.from({ length: size }, (_, i) => Number((BigInt(value) >> BigInt(8 * i)) & 255n));
const compact = (n: number): number[] => (n < 253 ? [n] : [253, ...le(n, 2)]);
const ascii = (text: string): number[] => [...text].map((c) => c.charCodeAt(0));
const ZERO = new Uint8Array(32);
const hash160 = (bytes: Bytes): Bytes => ripemd160(sha256(bytes));
const hash256 = (bytes: Bytes): Bytes => sha256(sha256(bytes));
const tagged = (name: string, ...parts: readonly (Bytes | readonly number[])[]): Bytes => {
  const tag = sha256(cat(ascii(`VC/${name}`)));
  return sha256(cat(tag, tag, ...parts));
};

const merkle = (hashes: readonly Bytes[]): Bytes => {
  if (hashes.length === 0) return ZERO;
  if (hashes.length === 1) return hashes[0]!;
  let split = 1;
  while (split * 2 < hashes.length) split *= 2;
  return sha256(cat([1], merkle(hashes.slice(0, split)), merkle(hashes.slice(split))));
};
const merkleOf = (leaves: readonly Bytes[]): Bytes => merkle(leaves.map((leaf) => sha256(cat([0], leaf))));

const bitsOf = (key: Bytes): string => [...key].map((byte) => byte.toString(2).padStart(8, '0')).join('');
const bytesOf = (bits: string): Bytes =>
  Uint8Array.from({ length: Math.ceil(bits.length / 8) }, (_, i) => Number.parseInt(bits.slice(8 * i, 8 * i + 8).padEnd(8, '0'), 2));
interface Leaf {
  readonly bits: string;
  readonly key: Bytes;
  readonly value: Bytes;
}
const trie = (leaves: readonly Leaf[]): Bytes => {
  if (leaves.length === 0) return ZERO;
  const first = leaves[0]!;
  if (leaves.length === 1) return sha256(cat([0], first.key, sha256(first.value)));
  let bit = 0;
  while (leaves.every(({ bits }) => bits[bit] === first.bits[bit])) bit++;
  const prefix = bytesOf(first.bits.slice(0, bit).padEnd(256, '0'));
  const side = (wanted: string): Bytes => trie(leaves.filter(({ bits }) => bits[bit] === wanted));
  return sha256(cat([1, bit >> 8, bit & 255], prefix, side('0'), side('1')));
};
const leafOf = (key: Bytes, value: Bytes): Leaf => ({ bits: bitsOf(key), key, value });

interface NaiveStake {
  readonly outpoint: Bytes;
  readonly amount: bigint;
  readonly key: Bytes;
  readonly share: number;
  readonly owner: Bytes;
  eligible: number;
  readonly registered: number;
  readonly creditFrom: number;
}
interface NaiveCoin extends TransactionOutput {
  readonly outpoint: Bytes;
  readonly layer: number;
  readonly type: number;
  readonly height: number;
  readonly median: number;
}

const stakeForm = ({ layer, element, amount, script }: Pick<NaiveCoin, 'layer' | 'element' | 'amount' | 'script'>) =>
  layer === 1 && element === 'value' && amount >= PARAMETERS.minStake && script[0] === 32 && script[33] === 2 && script[36] === 0x6d
    ? { key: script.slice(1, 33), share: script[34]! + 256 * script[35]!, owner: script.slice(37) }
    : undefined;
const isData = (output: TransactionOutput): boolean => output.script[0] === 0x6a;
const tagOf = (coin: Pick<NaiveCoin, 'layer' | 'element' | 'amount' | 'script'>): Bytes => {
  const script = stakeForm(coin)?.owner ?? coin.script;
  return script.length === 22 && script[0] === 0 && script[1] === 20 ? script.slice(2) : hash160(script);
};
const outpointOf = (txid: Bytes, index: number): Bytes => cat(txid, le(index, 4));
const ELEMENT = { value: 0n, credit: 1n, debt: 2n };
const coinLeaf = (coin: NaiveCoin): Leaf => {
  const value = cat(
    coin.outpoint,
    le((ELEMENT[coin.element] << 62n) | coin.amount, 8),
    compact(coin.script.length),
    coin.script,
    [coin.layer, coin.type],
    le(coin.height, 4),
    le(coin.median, 4),
  );
  return leafOf(cat(sha256(tagOf(coin)).slice(0, 12), sha256(coin.outpoint).slice(0, 20)), value);
};
const stakeLeaf = (stake: NaiveStake): Leaf => {
  const { amount, key, share, owner, eligible, registered, creditFrom } = stake;
  const value = cat(le(amount, 8), key, le(share, 2), compact(owner.length), owner, le(eligible, 4), le(registered, 4), le(creditFrom, 4));
  return leafOf(sha256(stake.outpoint), value);
};
const recordLeaf = (member: Bytes): Leaf => {
  const [table, key] = [cat(ascii('group')), cat(ascii('admission'))];
  const value = cat([table.length], table, [key.length], key, [member.length], member, new Uint8Array(36), le(0, 4));
  return leafOf(cat(sha256(table).slice(0, 12), sha256(key).slice(0, 20)), value);
};

const MASK = (1n << 64n) - 1n;
const rotate = (x: bigint, n: bigint): bigint => ((x << n) | (x >> (64n - n))) & MASK;
const word = (bytes: Bytes, at: number): bigint => bytes.slice(at, at + 8).reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
const sip = (key: Bytes, data: Bytes): bigint => {
  const [k0, k1] = [word(key, 0), word(key, 8)];
  let [a, b, c, d] = [k0 ^ 0x736f6d6570736575n, k1 ^ 0x646f72616e646f6dn, k0 ^ 0x6c7967656e657261n, k1 ^ 0x7465646279746573n];
  const round = (): void => {
    a = (a + b) & MASK;
    b = rotate(b, 13n) ^ a;
    a = rotate(a, 32n);
    c = (c + d) & MASK;
    d = rotate(d, 16n) ^ c;
    a = (a + d) & MASK;
    d = rotate(d, 21n) ^ a;
    c = (c + b) & MASK;
    b = rotate(b, 17n) ^ c;
    c = rotate(c, 32n);
  };
  const padded = cat(data, new Uint8Array(7 - (data.length % 8)), [data.length & 255]);
  for (let at = 0; at < padded.length; at += 8) {
    const m = word(padded, at);
    d ^= m;
    round();
    round();
    a ^= m;
  }
  c ^= 0xffn;
  for (let i = 0; i < 4; i++) round();
  return a ^ b ^ c ^ d;
};
const filterOf = (elements: readonly Bytes[], key: Bytes): Bytes => {
  const distinct = [...new Map(elements.map((element) => [encodeHex(element), element])).values()];
  const range = BigInt(distinct.length) * 784_931n;
  const places = distinct.map((element) => (sip(key, element) * range) >> 64n).sort((x, y) => (x < y ? -1 : x > y ? 1 : 0));
  let [coded, last] = ['', 0n];
  for (const place of places) {
    const difference = place - last;
    coded += `${'1'.repeat(Number(difference >> 19n))}0${(difference & 0x7ffffn).toString(2).padStart(19, '0')}`;
    last = place;
  }
  return cat(compact(distinct.length), bytesOf(coded));
};
const elementsOf = (coin: Pick<NaiveCoin, 'layer' | 'element' | 'amount' | 'script'>): Bytes[] => {
  const stake = stakeForm(coin);
  const script = stake?.owner ?? coin.script;
  const isKeyCheck = script.length === 25 && script[0] === 0x76 && script[24] === 0xac;
  return [tagOf(coin), ...(stake ? [hash160(cat([2], stake.key))] : []), ...(isKeyCheck ? [script.slice(3, 23)] : [])];
};

const targetOf = (bits: number): bigint => BigInt(bits & 0x7fffff) << BigInt(8 * ((bits >>> 24) - 3));
const bitsFor = (target: bigint): number => {
  const hex = target.toString(16);
  const bytes = hex.length % 2 === 0 ? hex : `0${hex}`;
  const mantissa = Number.parseInt(bytes.slice(0, 6), 16);
  return mantissa < 0x800000 ? (bytes.length / 2) * 2 ** 24 + mantissa : (bytes.length / 2 + 1) * 2 ** 24 + (mantissa >> 8);
};
const nextBits = (headers: readonly Header[], height: number): number => {
  const parent = headers[height - 1]!;
  const { targetSpacing: t, retargetWindow: w, maxTarget, burnEvery } = PARAMETERS;
  if (height === 1 || height % burnEvery === 0 || (height - 1) % burnEvery === 0) return parent.bits;
  const d = Math.min(parent.time - headers[height - 2]!.time, 10 * t);
  const target = (targetOf(parent.bits) * BigInt((w - 1) * t + 2 * d)) / BigInt((w + 1) * t);
  return bitsFor(target > maxTarget ? maxTarget : target);
};
const median = (times: readonly number[]): number => {
  const last = times.slice(-11);
  return last[Math.floor(last.length / 2)]!;
};

class NaiveChain {
  coins = new Map<string, NaiveCoin>();
  stakes = new Map<string, NaiveStake>();
  headers: Header[] = [];
  hashes: Bytes[] = [];
  makers: (NaiveStake | undefined)[] = [];
  private readonly member = testKey(5_000).publicKey;

  private pay(amount: bigint, maker: NaiveStake): [bigint, string][] {
    const operator = (amount * BigInt(maker.share)) / 10_000n;
    const script = cat([0, 20], hash160(cat([2], maker.key)));
    const shares: [bigint, string][] = [
      [operator, encodeHex(script)],
      [amount - operator, encodeHex(maker.owner)],
    ];
    return shares.filter(([share]) => share > 0n);
  }

  private expectCoinbase(tx: Transaction, height: number, maker: NaiveStake | undefined): void {
    const fees = this.headers[height - 1]!.economy.fees;
    const parentMaker = this.makers[height - 1];
    const [half, reference] = [fees / 2n, (2n * fees) / 100n];
    const wanted = fees === 0n ? [] : [...this.pay(reference, maker!), ...this.pay(fees - half - reference + half, parentMaker!)];
    expect(tx.outputs.map(({ amount, script }) => [amount, encodeHex(script)])).toEqual(wanted);
    expect([tx.layer, tx.type, tx.lockTime]).toEqual([1, 4, height]);
  }

  /** Takes the block up and answers what the header must say. */
  add({ header, body }: Block): Record<string, unknown> {
    const height = this.headers.length;
    const parent = this.headers[height - 1];
    const times = this.headers.map(({ time }) => time);
    const past = height === 0 ? header.time : median(times);
    const maker =
      header.right.kind === 'stake'
        ? this.stakes.get(encodeHex(outpointOf(header.right.outpoint.txid, header.right.outpoint.index)))
        : undefined;
    const before = new Map([...this.stakes].map(([key, stake]) => [key, { ...stake }]));
    if (height > 0) this.expectCoinbase(body.transactions[0]!, height, maker);
    const elements: Bytes[] = [];
    let fees = 0n;
    for (const tx of body.transactions) {
      const txid = hash256(encodeTransactionWithoutWitness(tx));
      for (const { outpoint } of tx.type === 4 ? [] : tx.inputs) {
        const key = encodeHex(outpointOf(outpoint.txid, outpoint.index));
        const coin = this.coins.get(key)!;
        elements.push(...elementsOf(coin));
        if (coin.layer > tx.layer) continue;
        this.coins.delete(key);
        this.stakes.delete(key);
        fees += coin.element === 'value' ? coin.amount : coin.element === 'debt' ? -coin.amount : 0n;
      }
      tx.outputs.forEach((output, index) => {
        if (isData(output)) return;
        const outpoint = outpointOf(txid, index);
        const coin = { ...output, outpoint, layer: tx.layer, type: tx.type, height, median: past };
        elements.push(...elementsOf(coin));
        this.coins.set(encodeHex(outpoint), coin);
        const form = stakeForm(coin);
        const [eligible, creditFrom] = height === 0 ? [0, 0] : [height + PARAMETERS.stakeMaturity, height + PARAMETERS.creditPeriod];
        if (form)
          this.stakes.set(encodeHex(outpoint), { outpoint, amount: coin.amount, ...form, eligible, registered: header.time, creditFrom });
        if (tx.type !== 4) fees -= coin.element === 'value' ? coin.amount : coin.element === 'debt' ? -coin.amount : 0n;
      });
    }
    const rested = maker && this.stakes.get(encodeHex(maker.outpoint));
    if (rested) rested.eligible = height + PARAMETERS.stakeMaturity;
    const all = [...this.coins.values()];
    const sum = (wanted: (coin: NaiveCoin) => boolean): bigint => all.filter(wanted).reduce((total, { amount }) => total + amount, 0n);
    const roots = [trie(all.map(coinLeaf)), trie([recordLeaf(this.member)]), trie([...this.stakes.values()].map(stakeLeaf))];
    const txids = body.transactions.map((tx) => hash256(encodeTransactionWithoutWitness(tx)));
    const txRoot = merkleOf(txids);
    const filter = filterOf(elements, txRoot.slice(0, 16));
    const wanted = {
      version: 1,
      height,
      previous: this.hashes[height - 1] ?? ZERO,
      txRoot,
      witnessRoot: merkleOf(body.transactions.map((tx, i) => (i === 0 ? ZERO : hash256(encodeTransaction(tx))))),
      stateRoot: tagged('state', ...roots),
      historyRoot: merkle(this.headers.map(({ filterHash }, i) => sha256(cat([0], this.hashes[i]!, filterHash)))),
      filterHash: sha256(filter),
      versionsRoot: ZERO,
      economy: {
        value: sum(({ element }) => element === 'value'),
        locked: sum(({ element, layer }) => element === 'value' && layer === 1),
        credit: sum(({ element, layer }) => element === 'credit' && layer === 0),
        debt: sum(({ element }) => element === 'debt'),
        overdue: sum((coin) => coin.element === 'debt' && height - coin.height > PARAMETERS.badDebtAge),
        fees: height === 0 ? 0n : fees,
      },
      bits: parent ? nextBits(this.headers, height) : bitsFor((2n ** 256n * 1n) / (4n * 64n * 10_000n * VC)),
      weight: parent ? parent.weight + 2n ** 256n / (targetOf(header.bits) + 1n) : 0n,
    };
    this.headers.push(header);
    this.hashes.push(tagged('header', this.encode(header).slice(0, 448)));
    this.makers.push(maker && before.get(encodeHex(maker.outpoint)));
    return wanted;
  }

  private encode(header: Header): Bytes {
    const { right, economy } = header;
    const proof =
      right.kind === 'stake'
        ? cat([0], right.outpoint.txid, le(right.outpoint.index, 4), le(right.amount, 8), right.key, [0, 0, 0])
        : new Uint8Array(80);
    const { value, locked, credit, debt, overdue, fees } = economy;
    return cat(
      ...[le(1, 4), le(header.height, 4), header.previous, le(header.time, 4), le(header.bits, 4), header.bitcoin, header.config],
      ...[header.txRoot, header.witnessRoot, header.stateRoot, header.historyRoot, header.filterHash, header.versionsRoot],
      ...[value, locked, credit, debt, overdue, fees].map((amount) => le(amount, 8)),
      ...[le(header.weight, 16), proof, header.signature],
    );
  }

  /** What a header says of its maker, checked against the naive stakes and by the signature itself. */
  expectMaker(header: Header): void {
    if (header.right.kind !== 'stake') return;
    const maker = this.makers.at(-1)!;
    expect([header.right.amount, encodeHex(header.right.key)]).toEqual([maker.amount, encodeHex(maker.key)]);
    expect(schnorr.verify(header.signature, this.hashes.at(-1)!, maker.key)).toBe(true);
    expect(encodeHex(encodeHeader(header))).toBe(encodeHex(this.encode(header)));
  }
}

const makeRandom = (seed: number): ((below: number) => number) => {
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
const ownerScriptOf = (coin: Coin): Bytes => stakeForm(coin)?.owner ?? coin.script;

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
    const { secret, publicKey } = testKey(KEYS.get(encodeHex(script))!);
    const signed = { index, scriptCode: buildKeyHashCheck(script.subarray(2)), amountField: encodeAmountField(coin.element, coin.amount) };
    const digest = computeSighash(sighashSourceOf(bare), signed, 1);
    return [cat(secp256k1.sign(digest, secret, { prehash: false, format: 'der' }), [1]), publicKey];
  };
  return { ...bare, inputs: inputs.map((input, index) => ({ ...input, witness: witnessOf(coins[index]!, index) })) };
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
        !this.used.has(encodeHex(outpointOf(coin.outpoint.txid, coin.outpoint.index))) &&
        KEYS.has(encodeHex(ownerScriptOf(coin))) &&
        (coin.type !== 4 || coin.height === 0 || height + 1 - coin.height >= PARAMETERS.coinbaseMaturity),
    );
    const coin = found[this.random(found.length)];
    if (coin) this.used.add(encodeHex(outpointOf(coin.outpoint.txid, coin.outpoint.index)));
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
    const made = { ...outputs[1]!, outpoint: place, layer: 0, type: 0, height: 0, medianTime: 0 } as Coin;
    return this.random(2) === 0 ? [first] : [first, sign({ layer: 0, coins: [made], outputs: [value(made.amount - 300n, this.script())] })];
  }

  private lock(): Transaction[] {
    const coin = this.take(({ layer, element, amount }) => layer <= 1 && element === 'value' && amount > 2n * VC);
    if (!coin) return [];
    const stake = buildStakeScript({ key: testKey(this.random(64)).xOnly, share: this.random(10_001), ownerScript: this.script() });
    return [sign({ layer: 1, coins: [coin], outputs: [value(coin.amount / 2n, stake), value(coin.amount / 2n - 777n, this.script())] })];
  }

  private withdraw(): Transaction[] {
    const coin = this.take((each) => stakeForm(each) !== undefined);
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
    return Array.from({ length: this.random(4) }, () => kinds[this.random(kinds.length)]!.call(this)).flat();
  }
}

const makeChain = (): TestChain => {
  const stake = (i: number) =>
    buildStakeScript({ key: testKey(i).xOnly, share: (i * 997) % 10_001, ownerScript: testKey(1_000 + i).script });
  const plan = {
    name: 'dev',
    time: GENESIS_TIME,
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
  return new TestChain(buildGenesis(plan, PARAMETERS), PARAMETERS);
};

const grow = (chain: TestChain, random: (below: number) => number, count: number): void => {
  for (let i = 0; i < count; i++) chain.connect(chain.make(new RandomTransactions(chain, random).next()));
};

const expectNaive = (chain: TestChain): void => {
  const naive = new NaiveChain();
  for (let height = 0; height <= chain.state.tip.height; height++) {
    const block = chain.state.blockOf(height)!;
    const wanted = naive.add(block);
    const { header } = block;
    expect(Object.fromEntries(Object.keys(wanted).map((name) => [name, header[name as keyof Header]])), `height ${height}`).toEqual(wanted);
    naive.expectMaker(header);
    expect(naive.hashes[height]).toEqual(Uint8Array.from(chain.state.changeOf(height).hash));
  }
  expect(chain.state.coins.size).toBe(naive.coins.size);
};

/** What a history must have met for its equality to mean anything. */
const describeHistory = (chain: TestChain): Readonly<Record<string, boolean>> => {
  const changes = Array.from({ length: chain.state.tip.height }, (_, i) => chain.state.changeOf(i + 1));
  const spent = changes.flatMap(({ spentCoins }) => spentCoins);
  const stakes = changes.flatMap((change) => change.stakes);
  return {
    fees: changes.some(({ economy }) => economy.fees > 0n),
    overdue: changes.some(({ economy }) => economy.overdue > 0n && economy.overdue < economy.debt),
    overdueRepaid: changes.some(({ economy }, i) => i > 0 && economy.overdue < changes[i - 1]!.economy.overdue),
    lockedDebt: changes.some(({ createdCoins }) => createdCoins.some(({ element, layer }) => element === 'debt' && layer === 1)),
    creditUsed: spent.some(({ element }) => element === 'credit'),
    coinbaseSpent: spent.some(({ type, height }) => type === 4 && height > 0),
    management: changes.some(({ createdCoins }) => createdCoins.some(({ layer }) => layer === 2)),
    registered: stakes.some(({ before }) => before === undefined),
    withdrawn: stakes.some(({ after }) => after === undefined),
  };
};

const RUNS = process.env.VC_SOAK ? 100 : 2;

/** All that a state can be asked, as text. */
const describeState = ({ state }: TestChain): string => {
  const { tipHash, roots, historyPeaks, coins, allStakes } = state;
  const due = Array.from({ length: 200 }, (_, height) => state.dueAtHeight(height));
  const sorted = [...coins].sort(([a], [b]) => (a < b ? -1 : 1));
  const stakes = [...allStakes].sort((a, b) =>
    encodeHex(a.outpoint.txid) + a.outpoint.index < encodeHex(b.outpoint.txid) + b.outpoint.index ? -1 : 1,
  );
  const write = (_: string, each: unknown) => (typeof each === 'bigint' ? `${each}n` : each instanceof Uint8Array ? encodeHex(each) : each);
  return JSON.stringify({ tipHash, roots, historyPeaks, sorted, stakes, due }, write);
};

describe('a second, naive computation over all coins', () => {
  test.each(Array.from({ length: RUNS }, (_, i) => i + 1))(
    'CN5 CN6 CN7 CN8 every field of every header after random history %i',
    (seed) => {
      const chain = makeChain();
      const random = makeRandom(seed);
      for (let branch = 0; branch < 6; branch++) {
        grow(chain, random, 8 + random(8));
        for (let back = random(8); back > 0; back--) chain.state.disconnect();
      }
      grow(chain, random, 4);
      if (process.env.VC_SOAK === undefined) expect(Object.entries(describeHistory(chain)).filter(([, met]) => !met)).toEqual([]);
      expectNaive(chain);
    },
  );

  test('CN8 connecting and taking back is identity, whatever the blocks held', () => {
    const chain = makeChain();
    const random = makeRandom(77);
    for (let round = 0; round < 6; round++) {
      const before = describeState(chain);
      const depth = 1 + random(8);
      grow(chain, random, depth);
      const after = describeState(chain);
      const blocks = Array.from({ length: depth }, (_, i) => chain.state.blockOf(chain.state.tip.height - i)!).reverse();
      for (let i = 0; i < depth; i++) chain.state.disconnect();
      expect(describeState(chain)).toBe(before);
      for (const block of blocks) chain.connect(block);
      expect(describeState(chain)).toBe(after);
    }
  });
});
