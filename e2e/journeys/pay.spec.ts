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
  await expect(page.getByRole('link', { name: /10\.00 VC · Verified at height/ })).toBeVisible({ timeout: 60_000 });
};

const send = async (page: Page, to: string, amount: string): Promise<void> => {
  await page.goto(new URL('#/send', page.url()).href);
  await page.getByLabel('To', { exact: true }).fill(to);
  await page.getByLabel('Amount (VC)').fill(amount);
  await page.getByRole('button', { name: 'Review' }).click();
  await expect(page.getByRole('heading', { name: 'Review' })).toBeVisible();
  await page.getByRole('button', { name: `Send ${amount} VC` }).click();
  await expect(page.getByRole('heading', { name: 'Sent' })).toBeVisible();
};

const goTo = (page: Page, place: string): Promise<unknown> => page.goto(new URL(`#${place}`, page.url()).href);

/** The stages a payment may be shown in, in their order. */
const STAGES = [/^Payment received: Claimed/, /^Payment received: In block/, /^Payment received: Verified at height/];

test('a payment from one browser to another, verified by the browsers themselves', async ({ arrive }) => {
  const [payer, payee] = [await arrive(), await arrive()];
  await createWallet(payer.page);
  await createWallet(payee.page);
  const address = await myAddress(payee.page);
  await takeFromFaucet(payer.page);
  await goTo(payer.page, '/');
  await expect(payer.page.getByRole('button', { name: /^Value you can spend: Verified at height/ })).toBeVisible({ timeout: 60_000 });
  await goTo(payee.page, '/');
  await send(payer.page, address, '2.50');
  await expect(
    payee.page.getByRole('button', { name: STAGES[0] as RegExp }).or(payee.page.getByRole('button', { name: STAGES[1] as RegExp })),
  ).toBeVisible({ timeout: 60_000 });
  await expect(payee.page.getByRole('button', { name: STAGES[2] as RegExp })).toBeVisible({ timeout: 60_000 });
  await expect(payee.page.getByRole('region', { name: 'Value you can spend' })).toContainText('2.50');
  await expect(payee.page.getByRole('button', { name: /^Value you can spend: Verified at height/ })).toBeVisible();
});
