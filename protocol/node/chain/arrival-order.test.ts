import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { encodeHex } from '#protocol/codec/hex';
import { sha256 } from '#protocol/crypto/hash';
import { encodeTransaction } from '#protocol/tx/transaction-codec';
import { reportFigure, SOAK } from '../../../setup/soak-figure.ts';
import { installNodeCrypto } from '../crypto/node-crypto.ts';
import { type FixtureBlock, type FixtureNode, type FixtureOptions, faucetPayment, feed, openFixtureNode } from './chain-fixture.ts';

const cleanups: (() => Promise<void>)[] = [];
beforeAll(() => installNodeCrypto());
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const open = async (options: FixtureOptions = {}): Promise<FixtureNode> => {
  const folder = mkdtempSync(join(tmpdir(), 'vc-order-'));
  const node = await openFixtureNode(folder, options);
  cleanups.push(async () => {
    await node.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return node;
};

const SEEDS = SOAK ? 1_000 : 10;

const makeRandom = (seed: number): ((below: number) => number) => {
  let state = seed * 2 + 1;
  return (below) => {
    state = Math.imul(state, 1_664_525) + 1_013_904_223;
    return (state >>> 8) % below;
  };
};

const shuffle = <T>(items: readonly T[], random: (below: number) => number): T[] => {
  const left = items.slice();
  return items.map(() => left.splice(random(left.length), 1)[0] as T);
};

/** Two branches with payments, the same ones in part, and double spends of each other. */
const makeHistory = async (): Promise<{ blocks: readonly FixtureBlock[]; payments: readonly Uint8Array[]; best: FixtureNode }> => {
  const [a, b] = [await open(), await open({ config: sha256(Uint8Array.of(1)) })];
  await a.grow(5);
  await feed(a, b);
  const payments: Uint8Array[] = [];
  const pay = async (node: FixtureNode, index: number, fee: bigint): Promise<void> => {
    const bytes = encodeTransaction(faucetPayment(node, index, fee));
    payments.push(bytes);
    await node.mempool.submit(bytes);
  };
  for (const index of [0, 1, 2]) await pay(a, index, 500n);
  await a.withdrawStake(3);
  await a.grow(4);
  for (const index of [1, 2, 3]) await pay(b, index, 700n);
  await b.grow(7);
  await pay(b, 4, 500n);
  return { blocks: [...(await a.blocksFrom(1)), ...(await b.blocksFrom(6))], payments, best: b };
};

type Arrival = () => Promise<boolean>;

/** Everything comes in an order of its own; what came too early comes again later. */
const deliver = async (
  node: FixtureNode,
  blocks: readonly FixtureBlock[],
  payments: readonly Uint8Array[],
  seed: number,
): Promise<void> => {
  const random = makeRandom(seed);
  const arrivals: Arrival[] = [
    ...blocks.map(
      ({ header, proof }) =>
        async () =>
          (await node.chain.acceptHeader(header, proof)) !== 'unknown-parent',
    ),
    ...blocks.map(
      ({ hash, body }) =>
        async () =>
          (await node.chain.acceptBody(hash, body)) !== 'unknown-header',
    ),
    ...payments.map((bytes) => async () => {
      await node.mempool.submit(bytes);
      return true;
    }),
  ];
  let waiting = shuffle(arrivals, random);
  while (waiting.length > 0) {
    const again: Arrival[] = [];
    for (const arrive of waiting) if (!(await arrive())) again.push(arrive);
    expect(again.length).toBeLessThan(waiting.length);
    waiting = shuffle(again, random);
  }
};

test('ND3 V7 V8 blocks and payments in any order of arrival lead to one state, and no coin is lost or made', async () => {
  const { blocks, payments, best } = await makeHistory();
  const [tip, coins] = [best.chain.tip(), await best.coins()];
  const genesis = best.genesis.block.header.economy;
  let different = 0;
  for (let seed = 1; seed <= SEEDS; seed++) {
    const node = await open();
    node.setTime(best.time());
    await deliver(node, blocks, payments, seed);
    const { hash, header } = node.chain.tip();
    if (encodeHex(hash) !== encodeHex(tip.hash) || encodeHex(header.stateRoot) !== encodeHex(tip.header.stateRoot)) different++;
    expect(await node.coins()).toEqual(coins);
    const supply = await node.countSupply();
    expect(supply).toEqual({
      value: header.economy.value,
      locked: header.economy.locked,
      credit: header.economy.credit,
      debt: header.economy.debt,
    });
    expect(supply.value - supply.debt + header.economy.fees).toBe(genesis.value - genesis.debt + genesis.fees);
    await cleanups.pop()!();
  }
  expect(different).toBe(0);
  reportFigure('V8', `other states over ${SEEDS} orders of arrival`, different, 0, 'states');
});
