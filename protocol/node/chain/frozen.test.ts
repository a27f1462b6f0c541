import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Coin } from '#protocol/ledger/coin';
import { UNITS_PER_VC as VC } from '#protocol/tx/amount';
import { encodeTransaction } from '#protocol/tx/transaction-codec';
import { installNodeCrypto } from '../crypto/node-crypto.ts';
import { type FixtureNode, feed, openFixtureNode } from './chain-fixture.ts';
import { buildRepayment, DEBTOR, draw, include, PAYEE, payTo, value } from './debt-fixture.ts';

const folders: string[] = [];

beforeAll(() => installNodeCrypto());
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const pays = (cash: Coin, amount: bigint): Uint8Array => encodeTransaction(payTo(cash, DEBTOR, [value(amount, PAYEE)]));

const makeFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'vc-frozen-'));
  folders.push(folder);
  return folder;
};

const open = (folder: string): Promise<FixtureNode> => openFixtureNode(folder);

describe('a node with a debtor', () => {
  test('DE4 ND23 ND5 knows who is frozen from the block after, in pool and blocks, and after a restart', async () => {
    const folder = makeFolder();
    const node = await open(folder);
    const { cash, owed } = await draw(node, { kind: 'blocks', blocks: 4 });
    await node.grow(3);
    const late = pays(cash, 80n * VC);
    expect(node.chain.tip().header.economy).toMatchObject({ debt: VC, overdue: VC });
    expect(await node.mempool.submit(late)).toMatchObject({ fault: 'frozen', detail: { input: 0, clause: 1 } });
    const time = node.time();
    await node.close();

    const again = await open(folder);
    again.setTime(time);
    expect(await again.mempool.submit(late)).toMatchObject({ fault: 'frozen' });
    const [left] = await include(again, buildRepayment({ cash, owed }, 500n));
    expect(again.chain.tip().header.economy).toMatchObject({ debt: 0n, overdue: 0n });
    expect(await again.mempool.submit(pays(left as Coin, 90n * VC))).not.toHaveProperty('fault');
    await again.close();
  });

  test('DE4 ND23 what waits in the pool leaves it when its owner is frozen', async () => {
    const [here, there] = [await open(makeFolder()), await open(makeFolder())];
    const { cash } = await draw(here, { kind: 'blocks', blocks: 3 });
    await here.grow(1);
    await feed(here, there);
    expect(await here.mempool.submit(pays(cash, 90n * VC))).not.toHaveProperty('fault');
    there.setTime(here.time());
    await there.grow(1);
    expect(here.mempool.pool.size).toBe(1);
    await feed(there, here);
    expect(here.chain.tip().header.economy.overdue).toBe(VC);
    expect(here.mempool.pool.size).toBe(0);
    await Promise.all([here.close(), there.close()]);
  });
});
