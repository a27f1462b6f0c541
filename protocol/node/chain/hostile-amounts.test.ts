import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { encodeHex } from '#protocol/codec/hex';
import { type Fault, isFault } from '#protocol/fault';
import type { Coin } from '#protocol/ledger/coin';
import { MAX_AMOUNT } from '#protocol/tx/amount';
import type { Transaction, TransactionOutput } from '#protocol/tx/transaction';
import { encodeTransaction } from '#protocol/tx/transaction-codec';
import { installNodeCrypto } from '../crypto/node-crypto.ts';
import { DevelopmentKeys } from '../devnet/dev-keys.ts';
import { signKeySpends } from '../devnet/sign-key-spend.ts';
import { type FixtureNode, faucetPayment, feed, openFixtureNode } from './chain-fixture.ts';

const cleanups: (() => Promise<void> | void)[] = [];
beforeAll(() => installNodeCrypto());
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const open = async (): Promise<FixtureNode> => {
  const folder = mkdtempSync(join(tmpdir(), 'vc-amounts-'));
  const node = await openFixtureNode(folder);
  cleanups.push(async () => {
    await node.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return node;
};

const key = new DevelopmentKeys().faucet(0).at(4);
const tipOf = (node: FixtureNode): string => encodeHex(node.chain.tip().hash);
const codeOf = (verdict: string | object | Fault): string => (isFault(verdict) ? verdict.fault : 'accepted');

/** Faucet output 4 spent `times` times in one transaction, into these outputs, well signed. */
const spend = (node: FixtureNode, times: number, outputs: (script: Uint8Array) => readonly TransactionOutput[]): Transaction => {
  const [plain] = [faucetPayment(node, 4, 500n)];
  const { outpoint } = plain.inputs[0]!;
  const coin = node.mempool.findCoin(outpoint) as Coin;
  const inputs = Array.from({ length: times }, () => ({ outpoint, sequence: 0xffff_fffd, witness: [] }));
  const given = { layer: 0, type: 0, inputs, outputs: outputs(coin.script), lockTime: 0 } as const;
  return signKeySpends(
    given,
    inputs.map(() => ({ coin, ...key })),
  );
};

const paying =
  (...amounts: readonly bigint[]) =>
  (script: Uint8Array): TransactionOutput[] =>
    amounts.map((amount) => ({ element: 'value', amount, script }));

const HELD = 100n * 100_000_000n;

describe.each([
  ['one coin twice in a transaction', 2, paying(2n * HELD - 500n), 'duplicate-outpoint'],
  ['more than there is, by one', 1, paying(HELD + 1n), 'value-created'],
  ['an amount of 2^53', 1, paying(2n ** 53n), 'amount-range'],
  ['an amount of 2^62 - 1', 1, paying(2n ** 62n - 1n), 'amount-range'],
  ['an amount of 2^63: a debt of nothing', 1, paying(2n ** 63n), 'amount-minimum'],
  ['an amount of -1', 1, paying(2n ** 64n - 1n), 'element'],
  ['two amounts that add up to 2^54', 1, paying(MAX_AMOUNT, MAX_AMOUNT), 'value-created'],
  [
    '2,049 amounts whose sum wraps round at 2^64',
    1,
    paying(...Array.from({ length: 2_048 }, () => MAX_AMOUNT), 2_048n + HELD - 1_000n),
    'value-created',
  ],
])('V4 %s', (_, times, outputs, code) => {
  test('CN3 LE7 TX2 TX5 is refused by the pool, and in a block', async () => {
    const [node, maker] = [await open(), await open()];
    await node.grow(2);
    await feed(node, maker);
    const transaction = spend(node, times, outputs);
    expect(codeOf(await node.mempool.submit(encodeTransaction(transaction)))).toBe(code);
    const block = await maker.makeNext({ added: [transaction] });
    node.setTime(maker.time());
    const before = tipOf(node);
    expect(await node.chain.acceptHeader(block.header, block.proof)).toBe('accepted');
    expect(codeOf(await node.chain.acceptBody(block.hash, block.body))).toBe(code);
    expect(tipOf(node)).toBe(before);
    expect(await node.countSupply()).toMatchObject({ value: node.genesis.block.header.economy.value });
    await node.grow(1);
  });
});

describe('V4 one coin twice in a block', () => {
  test('CN3 in two transactions it is refused, in one transaction and the stake that makes the block it is not', async () => {
    const [node, maker] = [await open(), await open()];
    await node.grow(2);
    await feed(node, maker);
    const [first, second] = [faucetPayment(node, 4, 500n), faucetPayment(node, 4, 900n)];
    const twice = await maker.makeNext({ added: [first, second] });
    node.setTime(maker.time());
    expect(await node.chain.acceptHeader(twice.header, twice.proof)).toBe('accepted');
    expect(await node.chain.acceptBody(twice.hash, twice.body)).toMatchObject({ fault: 'missing-input', detail: { transaction: 2 } });
    const stake = await maker.withdrawStake(7);
    const [withdrawal] = maker.mempool.pool.inMiningOrder();
    const own = await maker.makeNext({ by: stake, transactions: [withdrawal!.transaction] });
    node.setTime(maker.time());
    expect(await node.chain.acceptHeader(own.header, own.proof)).toBe('accepted');
    expect(await node.chain.acceptBody(own.hash, own.body)).toBe('connected');
    expect(node.stakeIsGone(stake)).toBe(true);
    await node.grow(2);
    const { economy } = node.chain.tip().header;
    const { value, locked } = await node.countSupply();
    expect({ value, locked }).toEqual({ value: economy.value, locked: economy.locked });
    expect(value + economy.fees).toBe(node.genesis.block.header.economy.value);
  });
});
