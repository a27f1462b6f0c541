import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { sha256 } from '#protocol/crypto/hash';
import type { Coin } from '#protocol/ledger/coin';
import { encodeAgent, encodeSuspension } from '#protocol/records/agent';
import { AGENT_TABLE, SUSPENSION_TABLE } from '#protocol/records/tables';
import { UNITS_PER_VC as VC } from '#protocol/tx/amount';
import { computeTxid } from '#protocol/tx/identity';
import type { Outpoint } from '#protocol/tx/outpoint';
import { type FixtureNode, faucetPayment, feed, openFixtureNode } from '../chain/chain-fixture.ts';
import {
  AGENT,
  buildDraw,
  buildGrant,
  buildRepayment,
  DEBTOR,
  draw,
  genesisCoin,
  include,
  PAYEE,
  payTo,
  submit,
  tagOf,
  value,
  writeRecord,
} from '../chain/debt-fixture.ts';
import { installNodeCrypto } from '../crypto/node-crypto.ts';
import { openDatabase } from '../store/database.ts';
import type { Store } from '../store/store.ts';
import type { MakerPolicy } from './maker-policy.ts';

const cleanups: (() => Promise<void> | void)[] = [];
beforeAll(() => installNodeCrypto());
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const makeFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'vc-policy-'));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

const open = async (folder = makeFolder(), config = 0): Promise<FixtureNode> => {
  const node = await openFixtureNode(folder, { config: sha256(Uint8Array.of(config)), policyFile: join(folder, 'maker-policy.json') });
  cleanups.push(() => node.close());
  return node;
};

const set = async ({ policy }: FixtureNode, name: string, changes: object): Promise<void> =>
  void expect(await policy.change(name, changes)).not.toHaveProperty('fault');

const reasons = (policy: MakerPolicy): string[] => policy.refusals().map(({ reason, from, times }) => `${from} ${reason.fault} ${times}`);

/** What the coins in the store say, counted one by one. */
const countDebtTime = async (node: FixtureNode): Promise<bigint> => {
  let sum = 0n;
  const store = Reflect.get(node.chain, 'store') as { coins: () => AsyncIterable<Coin> };
  for await (const { element, amount, medianTime } of store.coins()) if (element === 'debt') sum += amount * BigInt(medianTime);
  return sum;
};

const grantedOnDisk = async ({ chain }: FixtureNode): Promise<bigint> => {
  let sum = 0n;
  for await (const { grants } of chain.grantsFrom(0)) for (const { amount } of grants) sum += amount;
  return sum;
};

const namedBy = async (store: Store, person: number): Promise<Outpoint[]> => {
  const found: Outpoint[] = [];
  for await (const outpoint of store.debtsNaming(tagOf(person))) found.push(outpoint);
  return found;
};

describe('a maker', () => {
  test('MP1 MP6 under its emergency stop pools and mines no credit, goes on with repayment, and accepts it in another’s block', async () => {
    const [here, there] = [await open(makeFolder()), await open(makeFolder(), 1)];
    const { cash, owed } = await draw(here, { kind: 'blocks', blocks: 50 });
    await feed(here, there);
    const grant = buildGrant(here, { by: 11 });
    expect(await submit(here, grant)).toBe('accepted');
    await set(here, 'emergency-stop', { enabled: true });
    expect(await submit(here, buildGrant(here, { by: 12 }))).toBe('emergency-stop');
    const [left] = (await include(here, buildRepayment({ cash, owed }, 1_000n))) as [Coin];
    expect(left.amount).toBe(99n * VC - 1_000n);
    expect(here.chain.isConfirmed(computeTxid(grant))).toBe(false);
    expect(here.mempool.has(computeTxid(grant))).toBe(true);
    expect(reasons(here.policy)).toEqual(['block emergency-stop 1', 'pool emergency-stop 1']);
    expect(here.policy.countOf('emergency-stop')).toBe(2);

    await feed(here, there);
    expect(await submit(there, grant)).toBe('accepted');
    await there.grow(1);
    await feed(there, here);
    expect(here.chain.isConfirmed(computeTxid(grant))).toBe(true);
    await set(here, 'emergency-stop', { enabled: false });
    expect(await submit(here, buildGrant(here, { by: 12 }))).toBe('accepted');
  });

  test('MP2 counts what the chain let in over a period, after a restart and a reorganisation, and what its own block is to let in', async () => {
    const folder = makeFolder();
    const node = await open(folder);
    await set(node, 'credit-rate', { maximum: Number(4n * VC) });
    await include(node, buildGrant(node, { amount: 3n * VC, by: 10 }));
    expect(node.policy.figures()).toMatchObject({ granted: 3n * VC, credit: 3n * VC, circulating: 30_000n * VC - 1_000n });
    expect(await submit(node, buildGrant(node, { amount: VC + 1n, by: 11 }))).toBe('credit-rate');
    const [first, second] = [buildGrant(node, { amount: VC, by: 11, fee: 3_000n }), buildGrant(node, { amount: VC, by: 12 })];
    expect([await submit(node, first), await submit(node, second)]).toEqual(['accepted', 'accepted']);
    await node.grow(1);
    expect([node.chain.isConfirmed(computeTxid(first)), node.chain.isConfirmed(computeTxid(second))]).toEqual([true, false]);
    expect(reasons(node.policy)[0]).toBe('block credit-rate 1');
    const time = node.time();
    cleanups.pop();
    await node.close();

    const again = await open(folder);
    again.setTime(time);
    expect(again.policy.read()['credit-rate'].maximum).toBe(Number(4n * VC));
    expect(again.policy.figures().granted).toBe(4n * VC);
    const rival = await open(makeFolder(), 1);
    await rival.grow(4);
    expect(await grantedOnDisk(again)).toBe(4n * VC);
    await feed(rival, again);
    expect(again.policy.figures().granted).toBe(0n);
    expect(await grantedOnDisk(again)).toBe(0n);
    await again.grow(again.chain.parameters.creditPeriod + 1);
    expect(again.policy.figures().granted).toBe(0n);
  });

  test('MP4 knows the mean age of debt through draws and a restart, and in a store that never kept it', async () => {
    const folder = makeFolder();
    const node = await open(folder);
    await node.grow(2);
    const { owed } = await draw(node, { kind: 'blocks', blocks: 50 });
    await node.grow(12);
    expect(node.chain.debtTime()).toBe(VC * BigInt(owed.medianTime));
    expect(node.chain.debtTime()).toBe(await countDebtTime(node));
    const age = node.chain.medianTime() - owed.medianTime;
    expect(age).toBeGreaterThan(0);
    await set(node, 'debt-age', { maximum: age });
    expect(await submit(node, buildGrant(node, { by: 11 }))).toBe('accepted');
    await set(node, 'debt-age', { maximum: age - 1 });
    expect(await submit(node, buildGrant(node, { by: 12 }))).toBe('debt-age');
    const kept = node.chain.debtTime();
    cleanups.pop();
    await node.close();

    const database = await openDatabase(join(folder, 'store'));
    const debts: Uint8Array[] = [];
    for await (const [key] of database.entries({ gte: Uint8Array.of(0x6b), lt: Uint8Array.of(0x6c) })) debts.push(key.slice());
    await database.writeDurably([Uint8Array.of(0x7c), ...debts].map((key) => ({ type: 'del', key })));
    await database.close();
    const again = await open(folder);
    expect(again.chain.debtTime()).toBe(kept);
    const store = Reflect.get(again.chain, 'store') as Store;
    expect(await namedBy(store, DEBTOR)).toEqual([owed.outpoint]);
    expect(await namedBy(store, AGENT)).toEqual([]);
    expect(debts).toHaveLength(1);
  });

  test('MP4 takes a repayment off, and a draw back with its block', async () => {
    const [here, there] = [await open(makeFolder()), await open(makeFolder(), 1)];
    const drawn = await draw(here, { kind: 'blocks', blocks: 50 });
    const owing = here.chain.debtTime();
    expect(owing).toBe(await countDebtTime(here));
    await include(here, buildRepayment(drawn, 1_000n));
    expect(here.chain.debtTime()).toBe(0n);
    await there.grow(5);
    await feed(there, here);
    expect(here.chain.tip().header.height).toBe(5);
    expect(here.chain.debtTime()).toBe(0n);
    await feed(here, there);
    expect([owing > 0n, there.chain.debtTime()]).toEqual([true, 0n]);
  });

  test('MP7 counts fee and free outputs as interest', async () => {
    const node = await open();
    await set(node, 'minimum-interest', { rate: 100 });
    expect(await submit(node, buildGrant(node, { fee: 2_000n, interest: VC / 100n - 2_001n }))).toBe('minimum-interest');
    expect(await submit(node, buildGrant(node, { fee: 2_000n, interest: VC / 100n - 2_000n }))).toBe('accepted');
  });

  test('MP8 RC10 RC11 keeps to quota and suspension as the group recorded them', async () => {
    const node = await open();
    await writeRecord(
      node,
      { table: AGENT_TABLE, key: tagOf(AGENT), value: encodeAgent({ quota: 2n * VC, label: Uint8Array.of(65) }) },
      20,
    );
    await include(node, buildGrant(node, { amount: VC, by: 10 }));
    expect(await submit(node, buildGrant(node, { amount: VC + 1n, by: 11 }))).toBe('agent-quota');
    expect(await submit(node, buildGrant(node, { amount: 8n * VC, to: PAYEE, by: 11 }))).toBe('accepted');
    const [credit] = (await include(node, buildGrant(node, { amount: VC, by: 12 }))) as [Coin];
    expect(await submit(node, buildGrant(node, { amount: 1n, by: 13 }))).toBe('agent-quota');
    const suspend = (suspended: boolean, by: number) =>
      writeRecord(
        node,
        { table: SUSPENSION_TABLE, key: tagOf(AGENT), value: encodeSuspension({ suspended, reason: new Uint8Array(0) }) },
        by,
      );
    await suspend(true, 21);
    const drawing = buildDraw(node, credit, { kind: 'blocks', blocks: 5 });
    expect(await submit(node, drawing)).toBe('agent-suspended');
    expect(await submit(node, payTo(genesisCoin(node, 2, AGENT), AGENT, [value(VC, PAYEE)]))).toBe('accepted');
    await suspend(false, 22);
    expect(await submit(node, drawing)).toBe('accepted');
  });

  test('MP9 keeps its settings, refuses to start on a file it cannot read, and writes nothing that is refused', async () => {
    const folder = makeFolder();
    const node = await open(folder);
    const file = join(folder, 'maker-policy.json');
    await Promise.all([
      set(node, 'bad-debt', { share: 7 }),
      set(node, 'credit-reserve', { share: 8, enabled: false }),
      set(node, 'bad-debt', { enabled: false }),
    ]);
    const kept = readFileSync(file, 'utf8');
    expect(JSON.parse(kept)).toMatchObject({ 'bad-debt': { share: 7, enabled: false }, 'credit-reserve': { share: 8, enabled: false } });
    expect(await node.policy.change('bad-debt', { share: 10_001 })).toMatchObject({ fault: 'policy-value' });
    expect(readFileSync(file, 'utf8')).toBe(kept);
    cleanups.pop();
    await node.close();
    writeFileSync(file, kept.replace('"share": 7', '"share": 70000'));
    await expect(openFixtureNode(folder, { policyFile: file })).rejects.toMatchObject({ code: 'policy-file', cause: 'policy-value' });
  });

  test('MP1 payments and everything else that grants nothing are not asked about', async () => {
    const node = await open();
    await set(node, 'emergency-stop', { enabled: true });
    await set(node, 'minimum-interest', { rate: 10_000 });
    expect(await submit(node, faucetPayment(node, 5, 500n))).toBe('accepted');
    expect(node.policy.refusals()).toEqual([]);
  });
});
