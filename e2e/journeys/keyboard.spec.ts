import type { Locator, Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { createWallet, goTo, myAddress, PASSWORD } from './person.ts';

const MOST_STOPS = 80;
const PATIENCE = { timeout: 60_000 };

/** Presses Tab until the element has the focus, as somebody without a mouse does. */
const reach = async (page: Page, target: Locator): Promise<void> => {
  await expect(target).toBeVisible(PATIENCE);
  for (let stop = 0; stop < MOST_STOPS; stop++) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`the keyboard does not reach ${target}`);
};

const press = async (page: Page, role: 'link' | 'button', name: string): Promise<void> => {
  await reach(page, page.getByRole(role, { name, exact: true }).first());
  await page.keyboard.press('Enter');
};

const type = async (page: Page, label: string, text: string): Promise<void> => {
  await reach(page, page.getByLabel(label, { exact: true }));
  await page.keyboard.type(text);
};

const countPointers = (page: Page): Promise<unknown> =>
  page.addInitScript(() => {
    const counted = globalThis as { pointers?: number };
    counted.pointers = 0;
    for (const kind of ['pointerdown', 'mousedown', 'touchstart'])
      addEventListener(kind, () => Object.assign(counted, { pointers: (counted.pointers ?? 0) + 1 }), { capture: true });
  });

test('a payment by keyboard alone, from the first screen through the review to sent', async ({ arrive }) => {
  const payee = await arrive();
  await createWallet(payee.page);
  const address = await myAddress(payee.page);
  await goTo(payee.page, '/');

  const { page } = await arrive(countPointers);
  await press(page, 'link', 'Create a wallet');
  await type(page, 'Password', PASSWORD);
  await type(page, 'Password again', PASSWORD);
  await press(page, 'button', 'Create wallet');
  await press(page, 'link', 'Receive');
  await press(page, 'button', 'Get 10 VC from the faucet');
  await expect(page.getByRole('link', { name: /10\.00 VC · Verified at height/ })).toBeVisible(PATIENCE);
  await press(page, 'link', 'Send');
  await type(page, 'To', address);
  await type(page, 'Amount (VC)', '2.50');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Review' })).toBeVisible();
  await press(page, 'button', 'Send 2.50 VC');
  await expect(page.getByRole('heading', { name: 'Sent' })).toBeVisible();
  await expect(payee.page.getByRole('region', { name: 'Value you can spend' })).toContainText('2.50', PATIENCE);
  expect(await page.evaluate(() => (globalThis as { pointers?: number }).pointers)).toBe(0);
});
