import type { Page } from '@playwright/test';
import { startReleaseFront } from '../network/release-front.ts';
import { expect, test } from './fixtures.ts';
import { createWallet, goTo, openTab, prepare, takeFromFaucet, unlock } from './person.ts';

const PAYEE = 'dvc1q9y6qww8vce36v2px5slk4z0xzq66wztjjw4s6k';

/** The name of the version that the page was loaded from; the first one has none. */
const runs = (page: Page): Promise<string | null> =>
  page.evaluate(() => document.querySelector('meta[name=release]')?.getAttribute('content') ?? null);

/** What a browser tells a tab that it was put in front; the app then looks for a version. */
const lookNow = (page: Page): Promise<unknown> => page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));

const kept = (page: Page): Promise<string | undefined> =>
  page.evaluate(async () => (await (await caches.open('vc-records')).match('/prepared'))?.text());

const mark = (page: Page): Promise<unknown> => page.evaluate(() => Object.assign(globalThis, { untouched: true }));
const isUntouched = (page: Page): Promise<boolean> => page.evaluate(() => 'untouched' in globalThis);

/** How many tabs hold the wallet open; a closed one lets go a moment after it was closed. */
const countUnlocked = (page: Page): Promise<number> =>
  page.evaluate(async () => (await navigator.locks.query()).held?.filter(({ name }) => name === 'vc-unlocked').length ?? 0);

const prompt = (page: Page) => page.getByText('A new version is ready.');

test('WB11 W7 a new version waits behind a review, a fresh load and an unlocked tab; after consent it runs, and nothing is lost', async ({
  browser,
  devnet,
}) => {
  const front = await startReleaseFront(devnet.wallet);
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.goto(front.wallet);
    await createWallet(page);
    await takeFromFaucet(page);
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    await prepare(page, PAYEE, '0.01');
    await mark(page);

    const version = await front.publish('next');
    await lookNow(page);
    await expect.poll(() => kept(page)).toBe(version);
    await expect(page.getByRole('heading', { name: 'Review' })).toBeVisible();
    await expect(prompt(page)).toHaveCount(0);
    await page.getByRole('button', { name: 'Send 0.01 VC' }).click();
    await expect(page.getByRole('heading', { name: 'Sent' })).toBeVisible();
    await goTo(page, '/send');
    await page.getByLabel('Amount (VC)').fill('1.25');
    await expect(prompt(page)).toHaveCount(0);
    await goTo(page, '/');
    await expect(prompt(page)).toBeVisible();
    expect(await isUntouched(page)).toBe(true);

    const other = await openTab(context, front.wallet);
    expect(await runs(other)).toBe(null);
    await page.getByRole('button', { name: 'Lock and install' }).click();
    await expect(page.getByText('Another tab is still unlocked. Lock it first.')).toBeVisible();
    expect(await isUntouched(page)).toBe(true);
    expect(await isUntouched(other)).toBe(false);
    await other.close();
    await expect.poll(() => countUnlocked(page)).toBe(0);

    await page.getByRole('button', { name: 'Install', exact: true }).click();
    await expect.poll(() => runs(page).catch(() => null)).toBe('next');
    await unlock(page);
    await expect(page.getByRole('region', { name: 'Value you can spend' })).toContainText('9.98999718', { timeout: 60_000 });
    await goTo(page, '/send');
    await expect(page.getByLabel('Amount (VC)')).toHaveValue('1.25');
    await goTo(page, '/settings');
    await expect(page.getByText(version)).toBeVisible();
    await expect(prompt(page)).toHaveCount(0);
  } finally {
    await context.close();
    await front.stop();
  }
});

test('WB11 W7 a version whose files are not those of its list is said and never runs', async ({ browser, devnet }) => {
  const front = await startReleaseFront(devnet.wallet);
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.goto(front.wallet);
    await createWallet(page);
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    await front.publishAltered('evil');
    await lookNow(page);
    await expect(page.getByText('The new version did not match its own list of files and was not installed.')).toBeVisible();
    await page.reload();
    await unlock(page);
    expect(await runs(page)).toBe(null);
  } finally {
    await context.close();
    await front.stop();
  }
});
