import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { encodeHex } from '#protocol/codec/hex';
import { sha256 } from '#protocol/crypto/hash';
import { buildPunishment } from '#protocol/debt/build-punishment';
import { tagHolder } from '#protocol/debt/holder';
import type { Coin } from '#protocol/ledger/coin';
import { UNITS_PER_VC as VC } from '#protocol/tx/amount';
import type { Transaction } from '#protocol/tx/transaction';
import { encodeTransaction } from '#protocol/tx/transaction-codec';
import { PUNISHMENT } from '#protocol/tx/transaction-type';
import { type FixtureNode, type FixtureOptions, feed, openFixtureNode } from '../chain/chain-fixture.ts';
import { buildRepayment, DEBTOR, type Drawn, draw, include, PAYEE, payTo, submit, tagOf, value } from '../chain/debt-fixture.ts';
import { installNodeCrypto } from '../crypto/node-crypto.ts';

const cleanups: (() => Promise<void> | void)[] = [];
beforeAll(() => installNodeCrypto());
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const makeFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'vc-punish-'));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

const open = async (options: FixtureOptions = {}, config = 0): Promise<FixtureNode> => {
  const node = await openFixtureNode(makeFolder(), { punishing: true, config: sha256(Uint8Array.of(config)), ...options });
  cleanups.push(() => node.close());
  return node;
};

const punishments = (node: FixtureNode): Transaction[] =>
  node.mempool.pool.inMiningOrder().flatMap(({ transaction }) => (transaction.type === PUNISHMENT ? [transaction] : []));

const takes = (transaction: Transaction): string[] =>
  transaction.inputs.map(({ outpoint }) => `${encodeHex(outpoint.txid)}:${outpoint.index}`);
const named = ({ outpoint }: Coin): string => `${encodeHex(outpoint.txid)}:${outpoint.index}`;

/** Hands in what a frozen account may not do, and waits for what comes of it. */
const decline = async (node: FixtureNode, transaction: Transaction): Promise<void> => {
  expect(await submit(node, transaction)).toBe('frozen');
  await node.punisher?.settled();
};

/** The debtor's cash in coins of 10 VC, and a debt that is overdue. */
const frozen = async (node: FixtureNode, coins = 3): Promise<Drawn & { readonly cashes: readonly Coin[] }> => {
  const { cash, owed } = await draw(node, { kind: 'blocks', blocks: 4 });
  const cashes = await include(
    node,
    payTo(cash, DEBTOR, [...Array.from({ length: coins }, () => value(10n * VC, DEBTOR)), value(20n * VC, DEBTOR)]),
  );
  await node.grow(3);
  expect(node.chain.tip().header.economy.overdue).toBe(VC);
  return { cash: cashes.at(-1) as Coin, owed, cashes };
};

describe('a maker that is handed what a frozen account may not do', () => {
  test('PU1 PU3 PU4 publishes its punishment, mines it, and the debt stays for the next', async () => {
    const [node, other] = [await open(), await open({ punishing: false }, 1)];
    const { owed, cashes } = await frozen(node);
    await feed(node, other);
    const announced: Uint8Array[] = [];
    node.mempool.onAccepted((_txid, bytes) => void announced.push(bytes));
    const [first, second] = cashes as [Coin, Coin];
    const declined = payTo(first, DEBTOR, [value(9n * VC, PAYEE)]);
    await decline(node, declined);
    expect(punishments(node).map(takes)).toEqual([[named(first), named(owed)]]);
    expect(announced).toEqual(punishments(node).map(encodeTransaction));
    expect(await other.mempool.submit(announced[0] as Uint8Array)).not.toHaveProperty('fault');

    await decline(node, declined);
    await decline(node, payTo(first, DEBTOR, [value(8n * VC, PAYEE)]));
    expect(node.punisher?.published).toBe(1);
    await node.grow(1);
    expect(node.chain.tip().header.economy).toMatchObject({ fees: first.amount, debt: VC, overdue: VC });
    expect(await submit(node, declined)).toBe('missing-input');

    await decline(node, payTo(second, DEBTOR, [value(9n * VC, PAYEE)]));
    expect(punishments(node).map(takes)).toEqual([[named(second), named(owed)]]);
    await node.grow(1);
    expect(node.chain.findCoin(owed.outpoint)).toBeDefined();
    expect(node.punisher?.published).toBe(2);
  });

  test('PU4 two nodes make the same bytes of it', async () => {
    const [here, there] = [await open(), await open({}, 1)];
    const { cashes } = await frozen(here);
    await feed(here, there);
    const declined = payTo(cashes[0] as Coin, DEBTOR, [value(VC, PAYEE)]);
    await decline(here, declined);
    await decline(there, declined);
    expect(punishments(there).map(encodeTransaction)).toEqual(punishments(here).map(encodeTransaction));
    expect(punishments(there)).toHaveLength(1);
  });

  test('PU1 a node without stakes, and one that waits for peers, refuses and publishes nothing', async () => {
    const maker = await open({ punishing: false });
    const { cashes } = await frozen(maker);
    const declined = payTo(cashes[0] as Coin, DEBTOR, [value(VC, PAYEE)]);
    for (const options of [{ stakes: () => false }, { solo: false }]) {
      const node = await open(options, 1);
      await feed(maker, node);
      await decline(node, declined);
      expect([node.punisher?.published, node.mempool.pool.size]).toEqual([0, 0]);
    }
  });

  test('PU1 what was lawful when it came leaves the pool and is not punished, a lawful repayment neither', async () => {
    const [here, there] = [await open(), await open({}, 1)];
    const { cash, owed } = await draw(here, { kind: 'blocks', blocks: 3 });
    await here.grow(1);
    await feed(here, there);
    expect(await submit(here, payTo(cash, DEBTOR, [value(90n * VC, PAYEE)]))).toBe('accepted');
    there.setTime(here.time());
    await there.grow(1);
    await feed(there, here);
    await here.punisher?.settled();
    expect([here.mempool.pool.size, here.punisher?.published]).toEqual([0, 0]);
    expect(await submit(here, buildRepayment({ cash, owed }, 1_000n))).toBe('accepted');
    await here.punisher?.settled();
    expect(here.punisher?.published).toBe(0);
  });

  test('PU3 never of a debt that falls due one second later', async () => {
    const node = await open();
    await node.grow(12);
    const medianAfter = (blocks: number): number => {
      const { height } = node.chain.tip().header;
      const times = Array.from({ length: 11 - blocks }, (_, i) => node.chain.headerAt(height - i)?.header.time as number);
      return times.toSorted((a, b) => b - a)[5 - blocks] as number;
    };
    for (const [early, expected] of [
      [0, 'accepted'],
      [1, 'frozen'],
    ] as const) {
      const other = await open({}, early + 1);
      await feed(node, other);
      other.setTime(node.time());
      const medianTime = medianAfter(2);
      const { cash, owed } = await draw(other, { kind: 'expiry', lockTime: medianTime - early });
      expect(other.chain.medianTime()).toBe(medianTime);
      const declined = payTo(cash, DEBTOR, [value(VC, PAYEE)]);
      const seizure = { declined, account: tagHolder(tagOf(DEBTOR)), seized: [cash.outpoint], amount: cash.amount };
      if (early === 0) expect(await submit(other, buildPunishment(seizure, owed))).toBe('declined-lawful');
      expect(await submit(other, declined)).toBe(expected);
      await other.punisher?.settled();
      expect(punishments(other)).toHaveLength(early);
    }
  });

  test('PU3 another debt carries on where one has its 25 pooled references', async () => {
    const node = await open();
    const first = await draw(node, { kind: 'blocks', blocks: 6 });
    const second = await draw(node, { kind: 'blocks', blocks: 4 }, 11, first.cash);
    const coins = await include(node, payTo(second.cash, DEBTOR, [...Array.from({ length: 51 }, () => value(VC, DEBTOR))]));
    await node.grow(3);
    expect(node.chain.tip().header.economy.overdue).toBe(2n * VC);
    for (const coin of coins) await decline(node, payTo(coin, DEBTOR, [value(VC / 2n, PAYEE)]));
    const counted = Map.groupBy(punishments(node), (transaction) => takes(transaction).at(-1));
    expect(new Map([...counted].map(([name, each]) => [name, each.length]))).toEqual(
      new Map([first.owed, second.owed].map((coin) => [named(coin), 25])),
    );
    await node.grow(1);
    await decline(node, payTo(coins[50] as Coin, DEBTOR, [value(VC / 2n, PAYEE)]));
    expect(punishments(node)).toHaveLength(1);
  });

  test('PU3 passes over what the account owes later', async () => {
    const node = await open();
    let own: Coin | undefined;
    for (const by of [11, 12, 13, 14]) own = (await draw(node, { kind: 'blocks', blocks: 60 + by }, by, own)).cash;
    const { owed, cash } = await draw(node, { kind: 'blocks', blocks: 3 }, 15, own);
    await node.grow(2);
    const due: string[] = [];
    for await (const coin of node.chain.overdueDebts(tagHolder(tagOf(DEBTOR)))) due.push(named(coin));
    expect(due).toEqual([named(owed)]);
    await decline(node, payTo(cash, DEBTOR, [value(VC, PAYEE)]));
    expect(punishments(node).map(takes)).toEqual([[named(cash), named(owed)]]);
  });

  test('PU4 a repayment of the liability takes the punishment that rests on it out of the pool', async () => {
    const [here, there] = [await open(), await open({ punishing: false }, 1)];
    const { cash, owed, cashes } = await frozen(here);
    await feed(here, there);
    await decline(here, payTo(cashes[0] as Coin, DEBTOR, [value(9n * VC, PAYEE)]));
    there.setTime(here.time());
    await include(there, buildRepayment({ cash, owed }, 1_000n));
    await feed(there, here);
    expect(here.chain.tip().header.economy.overdue).toBe(0n);
    expect(here.mempool.pool.size).toBe(0);
    expect(here.chain.findCoin((cashes[0] as Coin).outpoint)).toBeDefined();
  });
});
