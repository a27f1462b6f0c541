import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { encodeHex } from '#protocol/codec/hex';
import { isFault } from '#protocol/fault';
import { computeTxid } from '#protocol/tx/identity';
import type { Transaction } from '#protocol/tx/transaction';
import { encodeTransaction } from '#protocol/tx/transaction-codec';
import { installNodeCrypto } from '../crypto/node-crypto.ts';
import { type FixtureNode, faucetPayment, feed, openFixtureNode } from './chain-fixture.ts';

const cleanups: (() => Promise<void> | void)[] = [];
beforeAll(() => installNodeCrypto());
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const open = async (): Promise<FixtureNode> => {
  const folder = mkdtempSync(join(tmpdir(), 'vc-spends-'));
  const node = await openFixtureNode(folder);
  cleanups.push(async () => {
    await node.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return node;
};

const COMMON = 22;

/** Two nodes with one chain; the second goes its own way from here, by another slot. */
const start = async (): Promise<{ main: FixtureNode; side: FixtureNode }> => {
  const [main, side] = [await open(), await open()];
  await main.grow(COMMON);
  await feed(main, side);
  side.setTime(main.time() + 40);
  return { main, side };
};

const tipOf = (node: FixtureNode): string => encodeHex(node.chain.tip().hash);

const block = async (node: FixtureNode, ...transactions: readonly Transaction[]): Promise<void> => {
  for (const transaction of transactions) {
    const submitted = await node.mempool.submit(encodeTransaction(transaction));
    if (isFault(submitted)) throw new Error(submitted.fault);
  }
  await node.grow(1);
  expect(node.mempool.pool.size).toBe(0);
};

const create = (node: FixtureNode): Transaction => faucetPayment(node, 3, 500n);
const spend = (node: FixtureNode, created: Transaction, fee = 500n): Transaction =>
  faucetPayment(node, 3, fee, { outpoint: { txid: computeTxid(created), index: 0 } });

/** The side branch is by far the heavier one, its last block included; answers what became of that block. */
const offer = async (side: FixtureNode, main: FixtureNode, added: readonly Transaction[]): Promise<unknown> => {
  const last = await side.makeNext({ added });
  await feed(side, main);
  main.setTime(side.time());
  expect(await main.chain.acceptHeader(last.header, last.proof)).toBe('accepted');
  return main.chain.acceptBody(last.hash, last.body);
};

/** What the side branch's last block added is refused; the branch below it holds. */
const refuses = async (side: FixtureNode, main: FixtureNode, added: Transaction): Promise<void> => {
  const before = tipOf(side);
  expect(await offer(side, main, [added])).toMatchObject({ fault: 'missing-input', detail: { transaction: 1 } });
  expect(tipOf(main)).toBe(before);
  await main.grow(1);
};

describe('transactions on branches (the six cases of PIVX #2585)', () => {
  test('ND3 S4 1: a coin made on a branch is spent on that branch', async () => {
    const { main, side } = await start();
    await main.grow(2);
    const made = create(side);
    await block(side, made);
    await block(side, spend(side, made));
    await side.grow(3);
    await feed(side, main);
    expect(tipOf(main)).toBe(tipOf(side));
  });

  test('ND3 S4 2: a coin made on the main chain after the fork is not there for the branch', async () => {
    const { main, side } = await start();
    const made = create(main);
    await block(main, made);
    const stray = spend(main, made);
    await side.grow(4);
    await refuses(side, main, stray);
  });

  test('ND3 S4 3: a coin made and spent on a branch is not spent there again', async () => {
    const { main, side } = await start();
    await main.grow(1);
    const made = create(side);
    await block(side, made);
    const again = spend(side, made, 900n);
    await block(side, spend(side, made));
    await side.grow(2);
    await refuses(side, main, again);
  });

  test('ND3 S4 4 and 5: a coin made on the main chain, spent there or not, is spent on no branch', async () => {
    for (const spentToo of [false, true]) {
      const { main, side } = await start();
      const made = create(main);
      await block(main, made);
      const stray = spend(main, made, 900n);
      if (spentToo) await block(main, spend(main, made));
      await side.grow(5);
      await refuses(side, main, stray);
    }
  });

  test('ND3 S4 6: one transaction in both branches makes a coin that is spent in both', async () => {
    const { main, side } = await start();
    const made = create(main);
    await block(main, made);
    const spent = spend(main, made);
    await block(main, spent);
    await side.grow(3);
    await block(side, made);
    await block(side, spent);
    await feed(side, main);
    expect(tipOf(main)).toBe(tipOf(side));
    expect(main.mempool.pool.size).toBe(0);
    expect(await main.coins()).toEqual(await side.coins());
  });
});

describe('stake on branches', () => {
  test('ND12 S4 a stake withdrawn later on the main chain makes a block on the branch, and no second one there (PIVX #880)', async () => {
    const { main, side } = await start();
    const stake = main.genesisStake(7);
    await main.withdrawStake(7);
    await main.grow(1);
    expect(main.stakeIsGone(stake)).toBe(true);
    const made = await side.makeNext({ by: stake });
    expect(await side.chain.acceptOwn(made.header, made.body)).toBe('connected');
    await side.grow(3);
    await feed(side, main);
    expect(tipOf(main)).toBe(tipOf(side));
    expect(main.chain.isBest(made.hash)).toBe(true);
    expect(main.stakeIsGone(stake)).toBe(false);
    const second = await side.headerByStake(stake, COMMON + 2, 0);
    expect(await main.chain.acceptHeader(second.header, second.proof)).toMatchObject({ fault: 'stake-resting' });
  });

  test('ND12 S4 withdrawn on the branch as well, it makes no block there either', async () => {
    const { main, side } = await start();
    const stake = await main.withdrawStake(7);
    await main.grow(1);
    await side.grow(2);
    await side.withdrawStake(7);
    await side.grow(2);
    await feed(side, main);
    expect(tipOf(main)).toBe(tipOf(side));
    const after = await main.headerByStake(stake, COMMON + 4);
    expect(await main.chain.acceptHeader(after.header, after.proof)).toMatchObject({ fault: 'stake-spent' });
    const before = await main.headerByStake(stake, COMMON + 1);
    expect(await main.chain.acceptHeader(before.header, before.proof)).toBe('accepted');
  });
});
