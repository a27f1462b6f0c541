import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Page } from '@playwright/test';
import { nodeFolder } from '../../protocol/node/devnet/devnet-folder.ts';
import type { Devnet } from '../network/devnet.ts';
import { expect, test } from './fixtures.ts';
import { createWallet, goTo, myAddress, PASSWORD, takeFromFaucet } from './person.ts';

const runVc = async (...args: readonly string[]): Promise<unknown> => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--conditions=source', 'workers/cli/vc.ts', ...args, '--json']);
  return JSON.parse(stdout);
};

/** A member of the admission group grants credit, as operators do it: by a command that asks a node of their own. */
const grantCredit = async (page: Page, { wallet, folder }: Devnet, to: string, amount: string): Promise<void> => {
  const [agent] = (await runVc('key', '--dev', 'agent:0')) as [{ readonly address: string }];
  const answer = await page.evaluate(
    async (address) => (await fetch('/faucet', { method: 'POST', body: JSON.stringify({ address }) })).status,
    agent.address,
  );
  expect(answer).toBe(200);
  const node = ['--data', nodeFolder(folder, 0), '--http', new URL(wallet).port];
  await expect(async () => {
    await runVc('credit', 'grant', '--to', to, '--amount', amount, '--dev', 'agent:0', '--dev', 'member:0', '--wait', '60', ...node);
  }).toPass({ timeout: 90_000 });
};

test('WB20 WB21 CW49 credit is drawn with a date, the debt is shown, goes on with another, and is repaid', async ({ arrive, devnet }) => {
  const { page } = await arrive();
  await createWallet(page);
  const address = await myAddress(page);
  await expect(page.getByRole('link', { name: 'Debts' })).toHaveCount(0);
  await grantCredit(page, devnet, address, '5');

  await goTo(page, '/debts');
  await expect(page.getByText('No debt')).toBeVisible();
  await page.getByLabel('Amount owed (VC)').fill('2', { timeout: 60_000 });
  await page.getByLabel('To be repaid by').fill('2031-05-01T12:00');
  await page.getByRole('button', { name: 'Review' }).click();
  await expect(page.getByRole('heading', { name: 'Review' })).toBeVisible();
  await expect(page.getByText('You will owe')).toBeVisible();
  await expect(page.getByText(/until .*2031/)).toBeVisible();
  await page.getByRole('button', { name: 'Owe 2.00 VC' }).click();
  await expect(page.getByRole('heading', { name: 'Received' })).toBeVisible();
  await expect(page.getByText('Credit drawn').first()).toBeVisible();

  await goTo(page, '/debts');
  const debts = page.getByRole('list', { name: 'Debts, nearest first' });
  await expect(debts.getByText('On track')).toBeVisible({ timeout: 60_000 });
  await expect(debts).toContainText('2031');
  await goTo(page, '/');
  await expect(page.getByText('A debt falls due')).toBeVisible();
  await takeFromFaucet(page);

  await goTo(page, '/debts');
  await debts.getByRole('button', { name: 'New term' }).click();
  await page.getByRole('dialog').getByLabel('To be repaid by').fill('2033-05-01T12:00');
  await page.getByRole('button', { name: 'Prepare the draft' }).click();
  await expect(page.getByRole('heading', { name: 'A debt goes on with a new term' })).toBeVisible({ timeout: 60_000 });
  await page.getByLabel('Password, to sign').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign', exact: true }).click();
  await page.getByRole('button', { name: 'Send', exact: true }).click({ timeout: 60_000 });
  await expect(page.getByText('Debt rolled over').first()).toBeVisible();
  await goTo(page, '/debts');
  await expect(debts).toContainText('2033', { timeout: 60_000 });

  await debts.getByRole('button', { name: 'Repay' }).click();
  await expect(page.getByText('You repay')).toBeVisible();
  await page.getByRole('button', { name: 'Repay 2.00 VC' }).click();
  await expect(page.getByText('Debt repaid').first()).toBeVisible();
  await goTo(page, '/debts');
  await expect(page.getByText('No debt')).toBeVisible({ timeout: 60_000 });
});
