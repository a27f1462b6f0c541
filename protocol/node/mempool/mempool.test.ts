import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { decodeBody, encodeBody } from '#protocol/block/body-codec';
import { computeWitnessRoot } from '#protocol/block/body-roots';
import { asHash32 } from '#protocol/codec/hash32';
import { encodeHex } from '#protocol/codec/hex';
import { currentCurve, useCrypto } from '#protocol/crypto/backend';
import { sha256 } from '#protocol/crypto/hash';
import { isFault } from '#protocol/fault';
import type { Coin } from '#protocol/ledger/coin';
import { computeTxid, computeVirtualSize } from '#protocol/tx/identity';
import type { Transaction } from '#protocol/tx/transaction';
import { encodeTransaction } from '#protocol/tx/transaction-codec';
import { CREDIT_AUTHORISATION } from '#protocol/tx/transaction-type';
import { type FixtureNode, faucetPayment, feed, openFixtureNode } from '../chain/chain-fixture.ts';
import { makePoolChain } from '../chain/pool-chain.ts';
import { installNodeCrypto } from '../crypto/node-crypto.ts';
import { RELAY_POLICY } from '../policy/relay-policy.ts';
import { Mempool } from './mempool.ts';
import { checkPackageLimits } from './package-limits.ts';
import { entryMemory, Pool, type PoolEntry } from './pool.ts';

const cleanups: (() => Promise<void> | void)[] = [];
beforeAll(() => installNodeCrypto());
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const makeFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'vc-pool-'));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

const open = async (config = 0): Promise<FixtureNode> => {
  const node = await openFixtureNode(makeFolder(), { config: sha256(Uint8Array.of(config)) });
  cleanups.push(() => node.close());
  return node;
};

const submit = async (node: FixtureNode, transaction: Transaction): Promise<string> => {
  const result = await node.mempool.submit(encodeTransaction(transaction));
  return isFault(result) ? result.fault : 'accepted';
};

const outpoint = (transaction: Transaction, index = 0) => ({ txid: computeTxid(transaction), index });

describe('mempool', () => {
  test('ND20 refuses what pays less than a unit a virtual byte, what breaks a rule, and what is confirmed', async () => {
    const node = await open();
    const payment = faucetPayment(node, 0, 500n);
    const size = BigInt(computeVirtualSize(payment));
    expect(await submit(node, faucetPayment(node, 0, size - 2n))).toBe('fee-rate');
    expect(await submit(node, faucetPayment(node, 0, size + 1n))).toBe('accepted');
    expect(await submit(node, faucetPayment(node, 0, size + 1n))).toBe('accepted');
    expect(node.mempool.pool.size).toBe(1);
    const bytes = encodeTransaction(faucetPayment(node, 1, 500n));
    expect(await node.mempool.submit(bytes.slice(0, -1))).toHaveProperty('fault');
    expect(await node.mempool.submit(new Uint8Array([...bytes, 0]))).toHaveProperty('fault');
    const tampered = bytes.slice();
    tampered[120] = tampered[120]! ^ 1;
    expect(await node.mempool.submit(tampered)).toHaveProperty('fault');
    const [coinbase] = node.genesis.block.body.transactions;
    expect(await submit(node, coinbase!)).toBe('coinbase-loose');
    await node.grow(1);
    const absent = faucetPayment(node, 2, 500n);
    const inputs = [{ ...absent.inputs[0]!, outpoint: { txid: asHash32(new Uint8Array(32).fill(9)), index: 0 } }];
    expect(await submit(node, { ...absent, inputs })).toBe('missing-input');
    expect(await submit(node, faucetPayment(node, 3, 500n, { lockTime: 500 }))).toBe('lock-time');
  });

  test('ND20 tells each accepted transaction once', async () => {
    const node = await open();
    const told: string[] = [];
    const stop = node.mempool.onAccepted((txid) => told.push(encodeHex(txid)));
    const payment = faucetPayment(node, 0, 500n);
    await submit(node, payment);
    await submit(node, payment);
    expect(told).toEqual([encodeHex(computeTxid(payment))]);
    stop();
    await submit(node, faucetPayment(node, 1, 500n));
    expect(told.length).toBe(1);
  });

  test('ND21 a replacement pays a higher rate, all replaced fees and its own relay', async () => {
    const node = await open();
    const first = faucetPayment(node, 0, 1_000n);
    expect(await submit(node, first)).toBe('accepted');
    const child = faucetPayment(node, 0, 2_000n, { outpoint: outpoint(first) });
    expect(await submit(node, child)).toBe('accepted');
    expect(await submit(node, faucetPayment(node, 0, 1_000n, { outputs: 2 }))).toBe('replacement-fee');
    expect(await submit(node, faucetPayment(node, 0, 3_000n, { outputs: 2 }))).toBe('replacement-fee');
    expect(await submit(node, faucetPayment(node, 0, 3_400n, { outputs: 2 }))).toBe('accepted');
    expect(node.mempool.has(computeTxid(first))).toBe(false);
    expect(node.mempool.has(computeTxid(child))).toBe(false);
    expect(node.mempool.pool.size).toBe(1);
  });

  test('ND22 a chain of unconfirmed transactions ends at 25', async () => {
    const node = await open();
    let last = faucetPayment(node, 0, 500n);
    const verdicts = [await submit(node, last)];
    for (let i = 0; i < 25; i++) {
      last = faucetPayment(node, 0, 500n, { outpoint: outpoint(last) });
      verdicts.push(await submit(node, last));
    }
    expect(verdicts.filter((verdict) => verdict === 'accepted').length).toBe(25);
    expect(verdicts.at(-1)).toBe('too-many-ancestors');
  });

  test('ND22 a transaction with many children takes no twenty-fifth one', async () => {
    const node = await open();
    const parent = faucetPayment(node, 0, 5_000n, { outputs: 30 });
    expect(await submit(node, parent)).toBe('accepted');
    const verdicts: string[] = [];
    for (let i = 0; i < 26; i++) verdicts.push(await submit(node, faucetPayment(node, 0, 500n, { outpoint: outpoint(parent, i) })));
    expect(verdicts.filter((verdict) => verdict === 'accepted').length).toBe(24);
    expect(verdicts.at(-1)).toBe('too-many-descendants');
    const sized = { size: 101_001, spends: [] };
    expect(checkPackageLimits(new Pool(), sized, [], RELAY_POLICY)).toMatchObject({ fault: 'too-many-ancestors' });
  });

  test('ND23 what a block holds leaves, what conflicts with it leaves, and a reorganisation brings back what it took out', async () => {
    const [a, b] = [await open(0), await open(1)];
    await a.grow(3);
    await feed(a, b);
    const [paid, other] = [faucetPayment(a, 0, 900n), faucetPayment(a, 0, 700n)];
    const kept = faucetPayment(a, 1, 900n);
    await submit(a, paid);
    const child = faucetPayment(a, 0, 900n, { outpoint: outpoint(paid) });
    await submit(a, child);
    await submit(b, other);
    await submit(b, kept);
    await a.grow(1);
    expect(a.mempool.pool.size).toBe(0);
    await feed(a, b);
    expect(b.mempool.has(computeTxid(other))).toBe(false);
    expect(b.mempool.has(computeTxid(kept))).toBe(true);
    const c = await open(2);
    await feedUpTo(a, c, 3);
    await c.grow(3);
    await feed(c, a);
    expect(encodeHex(a.chain.tip().hash)).toBe(encodeHex(c.chain.tip().hash));
    expect(a.mempool.has(computeTxid(paid))).toBe(true);
    expect(a.mempool.has(computeTxid(child))).toBe(true);
  });

  test('ND23 SC12 a block that holds a pooled transaction under another witness has its scripts run', async () => {
    const node = await open();
    const paid = faucetPayment(node, 0, 900n);
    expect(await submit(node, paid)).toBe('accepted');
    const [input] = paid.inputs as [Transaction['inputs'][number]];
    const [signature, key] = input.witness as [Uint8Array, Uint8Array];
    const spoiled = { ...paid, inputs: [{ ...input, witness: [signature.with(20, signature[20]! ^ 1), key] }] };
    expect(computeTxid(spoiled)).toEqual(computeTxid(paid));
    const witnessRoot = computeWitnessRoot({ transactions: [paid, spoiled], versions: [] });
    const good = await node.makeNext({ transactions: [paid], change: (header) => ({ ...header, witnessRoot }) });
    const body = decodeBody(good.body);
    if (isFault(body)) throw new Error(body.fault);
    expect(await node.chain.acceptHeader(good.header, good.proof)).toBe('accepted');
    const bad = encodeBody({ ...body, transactions: [body.transactions[0]!, spoiled] });
    expect(await node.chain.acceptBody(good.hash, bad)).toMatchObject({ fault: 'sig-nullfail', detail: { transaction: 1 } });
  });

  test('ND23 a reorganisation judges the pool anew and runs none of its scripts again', async () => {
    const [a, b] = [await open(0), await open(1)];
    await a.grow(2);
    await b.grow(4);
    const payments = Array.from({ length: 5 }, (_, i) => faucetPayment(a, i, 900n));
    for (const payment of payments) expect(await submit(a, payment)).toBe('accepted');
    const curve = currentCurve();
    let verified = 0;
    const verifyEcdsa: typeof curve.verifyEcdsa = (...question) => {
      verified++;
      return curve.verifyEcdsa(...question);
    };
    useCrypto({ curve: { ...curve, verifyEcdsa } });
    cleanups.push(() => useCrypto({ curve }));
    await feed(b, a);
    expect(encodeHex(a.chain.tip().hash)).toBe(encodeHex(b.chain.tip().hash));
    expect(payments.map((payment) => a.mempool.has(computeTxid(payment)))).toEqual(payments.map(() => true));
    expect(verified).toBe(0);
    await submit(b, payments[0]!);
    expect(verified).toBe(1);
  });

  test('ND23 what waits too long leaves', async () => {
    const node = await open();
    await submit(node, faucetPayment(node, 0, 500n));
    const time = node.time();
    node.setTime(time + RELAY_POLICY.expiry + 1);
    node.mempool.applyTip({ connected: [], disconnected: [] });
    expect(node.mempool.pool.size).toBe(0);
    node.setTime(time);
  });

  test('ND24 P13 a full pool stays under its bound, the lowest rate leaves first, and asks for more afterwards', async () => {
    const node = await open();
    const sample = faucetPayment(node, 0, 1_000n);
    const memory = entryMemory({ transaction: sample, bytes: encodeTransaction(sample) } as PoolEntry);
    const clock = { now: () => node.time() };
    const policy = { ...RELAY_POLICY, maxPoolBytes: memory * 20 };
    const pool = new Mempool({ chain: makePoolChain(node.chain), clock, policy });
    const fees = Array.from({ length: 40 }, (_, i) => 1_000n + BigInt((i * 17) % 40) * 100n);
    for (const [i, fee] of fees.entries()) {
      await pool.submit(encodeTransaction(faucetPayment(node, i, fee)));
      expect(pool.pool.memory).toBeLessThanOrEqual(policy.maxPoolBytes);
    }
    const left = [...pool.pool.all()].map(({ fee }) => fee).sort();
    expect(left.length).toBeGreaterThan(15);
    expect(left).toEqual(fees.toSorted().slice(-left.length));
    expect(pool.minFeeRate()).toBeGreaterThan(RELAY_POLICY.minFeeRate);
    expect(await pool.submit(encodeTransaction(faucetPayment(node, 50, 300n)))).toMatchObject({ fault: 'fee-rate' });
    node.setTime(node.time() + 20 * 24 * 3600);
    expect(pool.minFeeRate()).toBe(RELAY_POLICY.minFeeRate);
  });

  test('ND25 P13 the pool survives a restart, a torn file and a foreign one', async () => {
    const node = await open();
    const file = join(makeFolder(), 'mempool');
    const first = faucetPayment(node, 0, 900n);
    await submit(node, first);
    await submit(node, faucetPayment(node, 0, 900n, { outpoint: outpoint(first) }));
    await submit(node, faucetPayment(node, 1, 300n));
    await node.mempool.save(file);
    const fresh = (): Mempool => new Mempool({ chain: makePoolChain(node.chain), clock: { now: () => node.time() } });
    expect(await fresh().load(file)).toBe(3);
    const bytes = readFileSync(file);
    writeFileSync(file, bytes.subarray(0, bytes.length - 7));
    expect(await fresh().load(file)).toBe(0);
    writeFileSync(file, bytes);
    await node.grow(1);
    expect(await fresh().load(file)).toBe(0);
    expect(await fresh().load(join(file, 'nowhere'))).toBe(0);
  });

  test('ND23 what reads a coin leaves once a block has spent it, and not before', async () => {
    const source = { txid: asHash32(new Uint8Array(32).fill(7)), index: 0 };
    const spending = (index: number, txid = asHash32(new Uint8Array(32).fill(1))): Transaction => ({
      layer: 0,
      type: 0,
      inputs: [{ outpoint: { txid, index }, sequence: 0, witness: [] }],
      outputs: [{ element: 'value', amount: 1n, script: Uint8Array.of(0x51) }],
      lockTime: 0,
    });
    let isThere = true;
    const coin = { outpoint: source } as Coin;
    const pool = new Mempool({
      chain: {
        nextHeight: () => 1,
        medianTime: () => 0,
        isConfirmed: () => false,
        overdue: () => 0n,
        findCoin: () => (isThere ? coin : undefined),
        planSeizure: () => undefined,
        judge: ({ inputs }) => ({ fee: 9_000n, checks: 1, run: undefined, spends: [inputs[0]!.outpoint], references: [source] }),
      },
      clock: { now: () => 0 },
    });
    await pool.submit(encodeTransaction(spending(1)));
    const reading = spending(source.index, source.txid);
    pool.applyTip({ connected: [[reading]], disconnected: [] });
    expect(pool.pool.size).toBe(1);
    isThere = false;
    pool.applyTip({ connected: [[reading]], disconnected: [] });
    expect(pool.pool.size).toBe(0);
  });

  test('ND26 takes references to confirmed coins only, and at most 25 to one coin', async () => {
    const chain = { nextHeight: () => 1, medianTime: () => 0, findCoin: () => undefined, overdue: () => 0n, isConfirmed: () => false };
    const source = { txid: asHash32(new Uint8Array(32).fill(7)), index: 0 };
    const verdicts: string[] = [];
    const mempool = new Mempool({
      chain: {
        ...chain,
        planSeizure: () => undefined,
        judge: (transaction) => ({
          fee: 9_000n,
          checks: 1,
          run: undefined,
          spends: [transaction.inputs[0]!.outpoint],
          references: [source],
        }),
      },
      clock: { now: () => 0 },
    });
    const make = (index: number): Transaction => ({
      layer: 0,
      type: 0,
      inputs: [{ outpoint: { txid: asHash32(new Uint8Array(32).fill(1)), index }, sequence: 0, witness: [] }],
      outputs: [{ element: 'value', amount: 1n, script: Uint8Array.of(0x51) }],
      lockTime: 0,
    });
    for (let i = 0; i < 26; i++) {
      const result = await mempool.submit(encodeTransaction(make(i)));
      verdicts.push(isFault(result) ? result.fault : 'accepted');
    }
    expect(verdicts.filter((verdict) => verdict === 'accepted').length).toBe(25);
    expect(verdicts.at(-1)).toBe('too-many-references');
    const drawing = encodeTransaction({ ...make(50), type: CREDIT_AUTHORISATION });
    expect(await mempool.submit(drawing)).toHaveProperty('txid');
    const parent = make(100);
    const loose = new Mempool({
      chain: {
        ...chain,
        planSeizure: () => undefined,
        judge: (transaction) => ({
          fee: 9_000n,
          checks: 1,
          run: undefined,
          spends: [transaction.inputs[0]!.outpoint],
          references: transaction.inputs[0]!.outpoint.index === 101 ? [{ txid: computeTxid(parent), index: 0 }] : [],
        }),
      },
      clock: { now: () => 0 },
    });
    expect(await loose.submit(encodeTransaction(parent))).toHaveProperty('txid');
    expect(await loose.submit(encodeTransaction(make(101)))).toMatchObject({ fault: 'reference-unconfirmed' });
  });
});

const feedUpTo = async (from: FixtureNode, to: FixtureNode, height: number): Promise<void> => {
  to.setTime(from.time());
  for (let at = 1; at <= height; at++) {
    const { header, proof, hash, body } = await from.blockAt(at);
    await to.chain.acceptHeader(header, proof);
    await to.chain.acceptBody(hash, body);
  }
};
