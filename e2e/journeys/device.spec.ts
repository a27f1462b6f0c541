import type { Page } from '@playwright/test';
import { encodeHex } from '../../protocol/codec/hex.ts';
import { isFault } from '../../protocol/fault.ts';
import { invariant } from '../../protocol/invariant.ts';
import { DEV_PARAMETERS } from '../../protocol/params/networks.ts';
import { decodeAddress } from '../../protocol/script/address.ts';
import { expect, test } from './fixtures.ts';
import { createWallet, goTo, myAddress, PASSWORD, takeFromFaucet, unlock } from './person.ts';

const PATIENCE = { timeout: 60_000 };

const storage = (page: Page) => page.getByRole('region', { name: 'Storage' });

test('WB18 what was typed to send and to ask for money is there again after the tab was closed, and gone with the wallet', async ({
  arrive,
  devnet,
}) => {
  const { context, page } = await arrive();
  await createWallet(page);
  await goTo(page, '/send');
  await page.getByLabel('To', { exact: true }).fill('somebody');
  await page.getByLabel('Amount (VC)').fill('1.25');
  await page.getByText('Fast', { exact: true }).click();
  await goTo(page, '/receive');
  await page.getByLabel('Amount (optional)').fill('7.5');
  await page.getByLabel('What for (optional)').fill('seed stock');
  await page.close();

  const again = await context.newPage();
  await again.goto(devnet.wallet);
  await unlock(again);
  await goTo(again, '/send');
  await expect(again.getByLabel('To', { exact: true })).toHaveValue('somebody');
  await expect(again.getByLabel('Amount (VC)')).toHaveValue('1.25');
  await expect(again.getByRole('radio', { name: /^Fast/ })).toBeChecked();
  await goTo(again, '/receive');
  await expect(again.getByLabel('Amount (optional)')).toHaveValue('7.5');
  await expect(again.getByLabel('What for (optional)')).toHaveValue('seed stock');

  await goTo(again, '/settings');
  await again.getByText('I have a backup and want to erase the keys from this device').click();
  await again.getByRole('textbox', { name: 'Password', exact: true }).fill(PASSWORD);
  await again.getByRole('button', { name: 'Erase this wallet' }).click();
  await expect(again.getByRole('link', { name: 'Create a wallet' })).toBeVisible(PATIENCE);
  expect(await again.evaluate(() => JSON.stringify(Object.values(localStorage)))).not.toMatch(/somebody|seed stock|1\.25|7\.5/);
});

test('WB17 C7 the browser is asked to keep the data and its answer is shown; once the data is deleted the app opens to restore', async ({
  arrive,
}) => {
  const { context, page } = await arrive((fresh) =>
    fresh.addInitScript(() => {
      const asked = globalThis as { persistAsked?: number; persistAnswer?: boolean };
      if (!('StorageManager' in globalThis)) return;
      const { persist } = StorageManager.prototype;
      StorageManager.prototype.persist = function () {
        asked.persistAsked = (asked.persistAsked ?? 0) + 1;
        return asked.persistAnswer === undefined ? persist.call(this) : Promise.resolve(asked.persistAnswer);
      };
    }),
  );
  await createWallet(page);
  const timesAsked = () => page.evaluate(() => (globalThis as { persistAsked?: number }).persistAsked);
  expect(await timesAsked()).toBe(1);
  await goTo(page, '/settings');
  await expect(storage(page)).toContainText('The browser may delete this wallet’s data');
  await page.evaluate(() => Object.assign(globalThis, { persistAnswer: true }));
  await storage(page).getByRole('button', { name: 'Ask the browser to keep it' }).click();
  expect(await timesAsked()).toBe(2);
  await expect(storage(page)).toContainText('The browser has promised to keep this wallet’s data.');

  const browser = await context.newCDPSession(page);
  const { origin } = new URL(page.url());
  await page.goto('about:blank');
  await browser.send('Storage.clearDataForOrigin', { origin, storageTypes: 'all' });
  await page.goto(origin);
  await expect(page.getByRole('link', { name: 'Restore a wallet' })).toBeVisible(PATIENCE);
});

test('C8 full storage is said, and the keys are not touched by it', async ({ arrive }) => {
  const { context, page } = await arrive();
  await createWallet(page);
  const browser = await context.newCDPSession(page);
  const { origin } = new URL(page.url());
  await browser.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1 });
  await goTo(page, '/settings');
  await page.getByText('Exactly', { exact: true }).click();
  await expect(page.getByText(/The browser’s storage is full/)).toBeVisible(PATIENCE);
  await browser.send('Storage.overrideQuotaForOrigin', { origin });
  await goTo(page, '/');
  await page.reload();
  await unlock(page);
});

test('the app can be installed: manifest, icons and service worker are as Chromium wants them', async ({ arrive }) => {
  const { context, page } = await arrive();
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  const browser = await context.newCDPSession(page);
  const { errors, data } = await browser.send('Page.getAppManifest');
  expect(errors).toEqual([]);
  const manifest = JSON.parse(data ?? '{}') as { icons: readonly { src: string; sizes: string; purpose?: string }[]; display: string };
  expect(manifest.display).toBe('standalone');
  expect(manifest.icons.some(({ sizes }) => sizes === '512x512')).toBe(true);
  expect(manifest.icons.some(({ purpose }) => purpose === 'maskable')).toBe(true);
  const { installabilityErrors } = await browser.send('Page.getInstallabilityErrors');
  // a private window, which every test has, is the one thing that stands against it
  expect(installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== 'in-incognito')).toEqual([]);
});

const MANY = 10_000;

/** Puts as many received payments into the browser's own store as somebody has after years. */
const fillLedger = (page: Page, script: string): Promise<number> =>
  page.evaluate(
    async ([own, many]) => {
      const found = (await indexedDB.databases()).find(({ name }) => name?.startsWith('valuecyber-chain-'));
      const db = await new Promise<IDBDatabase>((resolve, reject) => {
        const opening = indexedDB.open(found?.name ?? '');
        opening.onsuccess = () => resolve(opening.result);
        opening.onerror = () => reject(opening.error);
      });
      const transaction = db.transaction('tx', 'readwrite');
      const done = new Promise((resolve) => {
        transaction.oncomplete = resolve;
      });
      const now = Math.floor(Date.now() / 1000);
      for (let index = 0; index < many; index++) {
        const txid = index.toString(16).padStart(64, '0');
        const time = now - 60 * (index + 1);
        const record = {
          txid,
          received: [{ script: own, amount: String(100_000_000 + index) }],
          inputs: [],
          firstSeen: time,
          block: { height: 1, time },
        };
        transaction.objectStore('tx').put(new TextEncoder().encode(JSON.stringify(record)), txid);
      }
      await done;
      db.close();
      return many;
    },
    [script, MANY] as const,
  );

test('WB19 ten thousand payments: the list draws and asks for only what is near the window', async ({ arrive }) => {
  const { page } = await arrive();
  await createWallet(page);
  const to = decodeAddress(await myAddress(page), DEV_PARAMETERS.addressPrefix);
  invariant(!isFault(to), 'the wallet shows an address of its network');
  await takeFromFaucet(page);
  await fillLedger(page, encodeHex(to.script));
  await goTo(page, '/');
  await page.reload();
  await unlock(page);
  await goTo(page, '/activity');
  await expect(page.getByText('10,001 payments')).toBeVisible(PATIENCE);
  const rows = page.getByRole('list', { name: 'Payments' }).getByRole('listitem');
  await expect(rows.first()).toHaveAttribute('aria-setsize', '10001');
  await expect(rows.first()).toContainText('10.00');
  expect(await rows.count()).toBeLessThan(60);
  await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
  await expect(rows.last()).toHaveAttribute('aria-posinset', '10001');
  await expect(rows.last()).toContainText('1.00009999');
  expect(await rows.count()).toBeLessThan(60);
});
