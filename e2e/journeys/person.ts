import { expect, type Page } from '@playwright/test';

export const PASSWORD = 'correct horse battery';

export const goTo = (page: Page, place: string): Promise<unknown> => page.goto(new URL(`#${place}`, page.url()).href);

export const createWallet = async (page: Page): Promise<void> => {
  await page.getByRole('link', { name: 'Create a wallet' }).click();
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByLabel('Password again').fill(PASSWORD);
  await page.getByRole('button', { name: 'Create wallet' }).click();
  await expect(page.getByText('Value you can spend')).toBeVisible({ timeout: 60_000 });
};

export const myAddress = async (page: Page): Promise<string> => {
  await goTo(page, '/receive');
  await page.getByRole('button', { name: 'Copy', exact: true }).click();
  return page.evaluate(() => navigator.clipboard.readText());
};

export const takeFromFaucet = async (page: Page): Promise<void> => {
  await goTo(page, '/receive');
  await page.getByRole('button', { name: 'Get 10 VC from the faucet' }).click();
  await expect(page.getByRole('link', { name: /10\.00 VC · Verified at height/ })).toBeVisible({ timeout: 60_000 });
};

export const prepare = async (page: Page, to: string, amount: string): Promise<void> => {
  await goTo(page, '/send');
  await page.getByLabel('To', { exact: true }).fill(to);
  await page.getByLabel('Amount (VC)').fill(amount);
  await page.getByRole('button', { name: 'Review' }).click();
  await expect(page.getByRole('heading', { name: 'Review' })).toBeVisible();
};

export const send = async (page: Page, to: string, amount: string): Promise<void> => {
  await prepare(page, to, amount);
  await page.getByRole('button', { name: `Send ${amount} VC` }).click();
  await expect(page.getByRole('heading', { name: 'Sent' })).toBeVisible();
};

export const expectVerified = (page: Page): Promise<void> =>
  expect(page.getByRole('button', { name: /^Value you can spend: Verified at height/ })).toBeVisible({ timeout: 60_000 });
