import type { Page } from '@playwright/test';
import { expect, PASSWORD, test } from './fixtures.ts';

const createWallet = async (page: Page): Promise<void> => {
  await page.getByRole('link', { name: 'Create a wallet' }).click();
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByLabel('Password again').fill(PASSWORD);
  await page.getByRole('button', { name: 'Create wallet' }).click();
  await expect(page.getByText('Value you can spend')).toBeVisible({ timeout: 60_000 });
};

const myAddress = async (page: Page): Promise<string> => {
  await page.getByRole('link', { name: 'Receive' }).first().click();
  await page.getByRole('button', { name: 'Copy', exact: true }).click();
  return page.evaluate(() => navigator.clipboard.readText());
};

const takeFromFaucet = async (page: Page): Promise<void> => {
  await page.getByRole('link', { name: 'Receive' }).first().click();
  await page.getByRole('button', { name: 'Get 10 VC from the faucet' }).click();
  await expect(page.getByRole('status').filter({ hasText: '10 VC arrived' })).toBeVisible({ timeout: 60_000 });
};

const send = async (page: Page, to: string, amount: string): Promise<void> => {
  await page.goto(new URL('#/send', page.url()).href);
  await page.getByLabel('To', { exact: true }).fill(to);
  await page.getByLabel('Amount', { exact: true }).fill(amount);
  await page.getByRole('button', { name: 'Review' }).click();
  await expect(page.getByRole('heading', { name: 'Review' })).toBeVisible();
  await page.getByRole('checkbox', { name: 'I have read the warnings' }).check();
  await page.getByRole('button', { name: `Send ${amount} VC` }).click();
  await expect(page.getByRole('heading', { name: 'Payment' })).toBeVisible();
};

test('a payment from one browser to another, verified by the browsers themselves', async ({ arrive }) => {
  const [payer, payee] = [await arrive(), await arrive()];
  await createWallet(payer.page);
  await createWallet(payee.page);
  const address = await myAddress(payee.page);
  await takeFromFaucet(payer.page);
  await expect(payer.page.getByRole('status').first()).toBeVisible();
  await payer.page.goto(new URL('#/', payer.page.url()).href);
  await expect(payer.page.getByRole('button', { name: /^Verified at height/ }).first()).toBeVisible({ timeout: 60_000 });
  await send(payer.page, address, '2.5');
  await expect(payee.page.getByRole('status').filter({ hasText: '2.5 VC arrived' })).toBeVisible({ timeout: 60_000 });
  await payee.page.goto(new URL('#/', payee.page.url()).href);
  await expect(payee.page.getByRole('button', { name: /^Verified at height/ }).first()).toBeVisible({ timeout: 60_000 });
});
