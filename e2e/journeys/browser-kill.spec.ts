import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from '@playwright/test';
import { reportFigure, SOAK } from '../../setup/soak-figure.ts';
import { type KeptBrowser, makeKeptBrowser } from '../network/browser.ts';
import { type Line, standBetween } from '../network/line.ts';
import { expect, test } from './fixtures.ts';
import { createWallet, goTo, PASSWORD, send, takeFromFaucet, unlock } from './person.ts';

const KILLS = 4;
/** each with a profile of its own that is killed `KILLS` times */
const ROUNDS = SOAK ? 50 : 1;
const LONGEST = 5_000;
const SECONDS = 60;
/** what is there is there without a node */
const CUT: Line = { cut: true, lag: 0 };
const OPEN: Line = { cut: false, lag: 0 };
const PAYEE = 'dvc1q9y6qww8vce36v2px5slk4z0xzq66wztjjw4s6k';

/** Milliseconds from what the screen says to the kill: most of them few. */
const waitOf = (round: number): number => Math.floor(LONGEST * (round / ROUNDS) ** 3);

const shownAddress = async (page: Page): Promise<string> => {
  await goTo(page, '/receive');
  return (
    (await page
      .getByText(/^dvc1\w{30,}$/)
      .first()
      .textContent()) ?? ''
  );
};

const showNextAddress = async (page: Page): Promise<string> => {
  const before = await shownAddress(page);
  await page.getByRole('button', { name: 'Next address' }).click();
  await expect(page.getByText(before, { exact: true })).toHaveCount(0);
  return shownAddress(page);
};

const saveBackup = async (page: Page): Promise<void> => {
  await goTo(page, '/backup');
  await page.getByLabel('Password, to seal the file').fill(PASSWORD);
  await page.getByRole('button', { name: 'Save backup file' }).click();
  await expect(page.getByText(/^Saved /)).toBeVisible();
};

/** One wallet from its first screen on: after each thing that is said to be saved the browser is killed, and it is there. */
const live = async (browser: KeptBrowser, wallet: string, wait: number): Promise<void> => {
  const again = async (line: Line): Promise<Page> => {
    await delay(wait);
    await browser.kill();
    const page = await browser.open();
    await standBetween(page, line);
    await page.goto(wallet);
    await unlock(page);
    return page;
  };
  const first = await browser.open();
  await first.goto(wallet);
  await createWallet(first);

  const withKeys = await again(CUT);
  const address = await showNextAddress(withKeys);

  const withAddress = await again(CUT);
  expect(await shownAddress(withAddress)).toBe(address);
  await saveBackup(withAddress);

  const withBackup = await again(OPEN);
  await goTo(withBackup, '/backup');
  await expect(withBackup.getByText(/^Saved /)).toBeVisible();
  await takeFromFaucet(withBackup);
  await goTo(withBackup, '/');
  await expect(withBackup.getByRole('region', { name: 'Value you can spend' })).toContainText('10.00');
  await send(withBackup, PAYEE, '0.01');
  const payment = new URL(withBackup.url()).hash.slice(1);

  const withPayment = await again(CUT);
  await goTo(withPayment, payment);
  await expect(withPayment.getByRole('heading', { name: 'Sent' })).toBeVisible();
};

test('CW3 CW5 C6 a browser that is killed after the screen said saved has it when it is started again: keys, address, payment, backup', async ({
  devnet,
  launchOptions,
}) => {
  test.skip(process.platform !== 'linux', 'finds the processes in /proc');
  test.setTimeout(ROUNDS * SECONDS * 1_000 + 60_000);
  for (let round = 0; round < ROUNDS; round++) {
    const browser = await makeKeptBrowser(launchOptions);
    try {
      await live(browser, devnet.wallet, waitOf(round));
    } finally {
      await browser.remove();
    }
  }
  reportFigure('C6', 'kills of the browser after which all that was said to be saved was there', KILLS * ROUNDS, { atLeast: 200 }, 'kills');
});
