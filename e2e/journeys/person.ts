import { type BrowserContext, expect, type Page } from '@playwright/test';
import { decodeHex } from '../../protocol/codec/hex.ts';
import { isFault } from '../../protocol/fault.ts';
import { invariant } from '../../protocol/invariant.ts';
import type { Transaction } from '../../protocol/tx/transaction.ts';
import { decodeTransaction } from '../../protocol/tx/transaction-codec.ts';

export const PASSWORD = 'correct horse battery';

export const goTo = (page: Page, place: string): Promise<unknown> => page.goto(new URL(`#${place}`, page.url()).href);

export const createWallet = async (page: Page): Promise<void> => {
  await page.getByRole('link', { name: 'Create a wallet' }).click();
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByLabel('Password again').fill(PASSWORD);
  await page.getByRole('button', { name: 'Create wallet' }).click();
  await expect(page.getByText('Value you can spend')).toBeVisible({ timeout: 60_000 });
};

export const unlock = async (page: Page): Promise<void> => {
  await page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Unlock' }).click();
  await expect(page.getByText('Value you can spend').first()).toBeVisible({ timeout: 60_000 });
};

/** Another tab of the same browser, unlocked. */
export const openTab = async (context: BrowserContext, wallet: string): Promise<Page> => {
  const page = await context.newPage();
  await page.goto(wallet);
  await unlock(page);
  return page;
};

/** Height of the newest block that the page has verified. */
export const verifiedHeight = async (page: Page): Promise<number> => {
  await goTo(page, '/network');
  const height = page.getByText('Newest block', { exact: true }).locator('xpath=following::p[1]');
  return Number((await height.textContent())?.replaceAll(',', ''));
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

export const prepare = async (page: Page, to: string, amount: string, timeout = 30_000): Promise<void> => {
  await goTo(page, '/send');
  await page.getByLabel('To', { exact: true }).fill(to);
  await page.getByLabel('Amount (VC)').fill(amount);
  await page.getByRole('button', { name: 'Review' }).click();
  await expect(page.getByRole('heading', { name: 'Review' })).toBeVisible({ timeout });
};

export const send = async (page: Page, to: string, amount: string): Promise<void> => {
  await prepare(page, to, amount);
  await page.getByRole('button', { name: `Send ${amount} VC` }).click();
  await expect(page.getByRole('heading', { name: 'Sent' })).toBeVisible();
};

export const expectVerified = (page: Page): Promise<void> =>
  expect(page.getByRole('button', { name: /^Value you can spend: Verified at height/ })).toBeVisible({ timeout: 60_000 });

const decode = (hex: string): Transaction => {
  const bytes = decodeHex(hex);
  const transaction = isFault(bytes) ? bytes : decodeTransaction(bytes);
  invariant(!isFault(transaction), 'the page shows the bytes of a payment');
  return transaction;
};

/** The payments that the page knows by their bytes. */
export const payments = async (page: Page): Promise<readonly Transaction[]> => {
  await goTo(page, '/activity');
  await expect(page.getByRole('heading', { name: 'Activity' })).toBeVisible();
  const links = page.locator('a[href*="/activity/"]');
  const ids = await links.evaluateAll((found) => found.map((link) => link.getAttribute('href')?.split('/').at(-1) ?? ''));
  const found: string[] = [];
  for (const id of new Set(ids)) {
    await goTo(page, `/activity/${id}`);
    const bytes = page.locator('h3', { hasText: 'The bytes' }).locator('xpath=following::p[1]');
    await expect(bytes).toBeAttached();
    found.push((await bytes.textContent()) ?? '');
  }
  return found.filter((bytes) => bytes !== '').map(decode);
};
