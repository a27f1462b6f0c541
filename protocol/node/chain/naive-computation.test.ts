import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { schnorr } from '@noble/curves/secp256k1.js';
import { ripemd160 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { afterAll, describe, expect, test } from 'vitest';
import type { Block, BlockBody } from '#protocol/block/block';
import { decodeBody, encodeBody } from '#protocol/block/body-codec';
import type { Header } from '#protocol/block/header';
import { decodeHeader, encodeHeader } from '#protocol/block/header-codec';
import { encodeHex } from '#protocol/codec/hex';
import { isFault } from '#protocol/fault';
import { computeEpochHeight } from '#protocol/stake/heights';
import { computeStakeKey } from '#protocol/stake/stake-leaf';
import { encodeStakeProof } from '#protocol/stake/stake-proof';
import { type TestChain, testKey, VC } from '#protocol/state/test-chain';
import { proveRanges } from '#protocol/trie/prove';
import { keyRange } from '#protocol/trie/ranges';
import type { Transaction, TransactionOutput } from '#protocol/tx/transaction';
import { encodeTransaction, encodeTransactionWithoutWitness } from '#protocol/tx/transaction-codec';
import { fixtureBitcoin } from './bitcoin-fixture.ts';
import type { Chain } from './chain.ts';
import { FIXTURE_TIME } from './genesis-fixture.ts';
import { genesisSource, openChain } from './open-chain.ts';
import { growRandomly, makeRandom, makeRandomChain, NAIVE_PARAMETERS as PARAMETERS } from './random-chain-fixture.ts';

/**
 * A second computation of every header, slow and plain on purpose: from the blocks alone, over all coins, with nothing of
 * the product's but the encodings of transactions and the type of a decoded one.
 */
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

/** Computes every header of these blocks anew and compares, from genesis on. */
const expectNaive = (blocks: readonly Block[], hashes: readonly Bytes[]): NaiveChain => {
  const naive = new NaiveChain();
  for (const [height, block] of blocks.entries()) {
    const wanted = naive.add(block);
    const { header } = block;
    expect(Object.fromEntries(Object.keys(wanted).map((name) => [name, header[name as keyof Header]])), `height ${height}`).toEqual(wanted);
    naive.expectMaker(header);
    expect(encodeHex(naive.hashes[height]!)).toBe(encodeHex(hashes[height]!));
  }
  return naive;
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

const RUNS = process.env.VC_SOAK ? 100 : 10;

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

const expectWhole = (chain: TestChain): void => {
  const heights = Array.from({ length: chain.state.tip.height + 1 }, (_, height) => height);
  const naive = expectNaive(
    heights.map((height) => chain.state.blockOf(height)!),
    heights.map((height) => chain.state.changeOf(height).hash),
  );
  expect(chain.state.coins.size).toBe(naive.coins.size);
};

const openNode = async (maker: TestChain) => {
  const folder = mkdtempSync(join(tmpdir(), 'vc-naive-'));
  folders.push(folder);
  const time = { now: FIXTURE_TIME };
  const node = await openChain({
    folder,
    genesis: genesisSource(maker.genesis),
    parameters: PARAMETERS,
    network: 'dev',
    configHash: maker.config,
    bitcoin: fixtureBitcoin(PARAMETERS),
    clock: { now: () => time.now },
  });
  const depths: number[] = [];
  node.onTip(({ disconnected }) => depths.push(disconnected.length));
  return { node, time, depths };
};

/** Hands a maker's block to the node as a peer does: its header with the proof of its stake, then its body. */
const offer = async (node: Chain, { state }: TestChain, height: number): Promise<void> => {
  const { header, body } = state.blockOf(height)!;
  if (header.right.kind !== 'stake') throw new Error('stakes make every block here');
  const epochHeight = computeEpochHeight(height, PARAMETERS);
  const { coins, records, stakes } = state.rootsAt(epochHeight);
  const proved = proveRanges(state.stakeNodes, stakes, [keyRange(computeStakeKey(header.right.outpoint))]);
  if (isFault(proved)) throw new Error(proved.fault);
  const proof = encodeStakeProof({ epochHeight, coinsRoot: coins, recordsRoot: records, multiproof: proved.proof });
  expect(await node.acceptHeader(encodeHeader(header), proof)).toBe('accepted');
  expect(await node.acceptBody(state.changeOf(height).hash, encodeBody(body))).not.toHaveProperty('fault');
};

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

const met = new Set<string>();

describe('a second, naive computation over all coins', () => {
  test.each(Array.from({ length: RUNS }, (_, i) => i + 1))(
    'CN5 CN6 CN7 CN8 every field of every header after random history %i',
    (seed) => {
      const chain = makeRandomChain();
      const random = makeRandom(seed);
      for (let branch = 0; branch < 4; branch++) {
        growRandomly(chain, random, 8 + random(8));
        for (let back = random(8); back > 0; back--) chain.state.disconnect();
      }
      growRandomly(chain, random, 4);
      for (const [what, happened] of Object.entries(describeHistory(chain))) if (happened) met.add(what);
      expectWhole(chain);
    },
  );

  test('CN5 the histories together met everything that a header sums up', () => {
    expect([...met].sort()).toEqual(Object.keys(describeHistory(makeRandomChain())).sort());
  });

  test('CN8 connecting and taking back is identity, whatever the blocks held', () => {
    const chain = makeRandomChain();
    const random = makeRandom(77);
    for (let round = 0; round < 6; round++) {
      const before = describeState(chain);
      const depth = 1 + random(8);
      growRandomly(chain, random, depth);
      const after = describeState(chain);
      const blocks = Array.from({ length: depth }, (_, i) => chain.state.blockOf(chain.state.tip.height - i)!).reverse();
      for (let i = 0; i < depth; i++) chain.state.disconnect();
      expect(describeState(chain)).toBe(before);
      for (const block of blocks) chain.connect(block);
      expect(describeState(chain)).toBe(after);
    }
  });

  test('CN5 CN8 ND3 a node that goes over between two makers’ branches again and again has what their blocks alone give', async () => {
    const bitcoin = fixtureBitcoin(PARAMETERS);
    const makers = [makeRandomChain(FIXTURE_TIME), makeRandomChain(FIXTURE_TIME)] as const;
    for (const maker of makers) maker.bitcoinOf = (time) => bitcoin.slotHeader(time - PARAMETERS.bitcoinLag)!.hash;
    const { node, time, depths } = await openNode(makers[0]);
    const random = makeRandom(9);
    for (let round = 0; round < 14; round++) {
      const parted = makers[0].state.tip.height;
      makers[1].skip = 1;
      for (const [at, maker] of makers.entries()) growRandomly(maker, random, at === round % 2 ? 2 : 4 + random(4));
      for (const maker of round % 2 === 0 ? makers : makers.toReversed()) {
        time.now = Math.max(time.now, maker.state.tip.time);
        for (let height = parted + 1; height <= maker.state.tip.height; height++) await offer(node, maker, height);
      }
      const [lighter, heavier] = makers.toSorted((a, b) => Number(a.state.tip.weight - b.state.tip.weight)) as [TestChain, TestChain];
      while (lighter.state.tip.height > parted) lighter.state.disconnect();
      for (let height = parted + 1; height <= heavier.state.tip.height; height++) lighter.connect(heavier.state.blockOf(height)!);
      expect(encodeHex(node.tip().hash)).toBe(encodeHex(heavier.state.tipHash));
    }
    expect(depths.filter((depth) => depth > 1).length).toBeGreaterThan(6);
    const headers = Array.from({ length: node.tip().header.height + 1 }, (_, height) => node.headerAt(height)!);
    const bodies = await Promise.all(headers.map(async ({ hash }) => decodeBody(Uint8Array.from((await node.bodyOf(hash))!)) as BlockBody));
    const naive = expectNaive(
      headers.map(({ bytes }, height) => ({ header: decodeHeader(Uint8Array.from(bytes)) as Header, body: bodies[height]! })),
      headers.map(({ hash }) => hash),
    );
    expect(node.coinCount()).toBe(BigInt(naive.coins.size));
    await node.close();
  });
});
