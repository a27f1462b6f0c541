import { setTimeout as delay } from 'node:timers/promises';
import type { BrowserContext, Locator, Page } from '@playwright/test';
import { outpointKey } from '../../protocol/tx/outpoint.ts';
import { type Line, standBetween } from '../network/line.ts';
import { type Arrive, expect, test } from './fixtures.ts';
import { createWallet, goTo, myAddress, openTab, payments, prepare, takeFromFaucet, unlock, verifiedHeight } from './person.ts';

const AMOUNT = '0.01';
const UNITS = 1_000_000n;
const PATIENCE = { timeout: 60_000 };
/** milliseconds after "Send" was pressed */
const MOMENTS = [20, 150];
const LAG = 2_000;

/** Makes what kills the process of a tab, workers and all, at once. */
const makeKill = async (page: Page): Promise<() => Promise<void>> => {
  const session = await page.context().newCDPSession(page);
  return async () => {
    const gone = page.waitForEvent('crash');
    session.send('Page.crash').catch(() => undefined);
    await gone;
    await page.close();
  };
};

const press = (page: Page): Promise<void> =>
  page.getByRole('button', { name: `Send ${AMOUNT} VC` }).evaluate((button) => (button as HTMLButtonElement).click());

/** How many payments to somebody else the page lists, each of which spends coins of its own. */
const countSent = async (page: Page): Promise<number> => {
  const sent = (await payments(page)).filter(({ outputs }) => outputs.some(({ amount }) => amount === UNITS));
  const spent = sent.flatMap(({ inputs }) => inputs.map(({ outpoint }) => outpointKey(outpoint)));
  expect(new Set(spent).size).toBe(spent.length);
  return sent.length;
};

const allInBlocks = async (page: Page): Promise<void> => {
  await goTo(page, '/activity');
  await expect(page.getByRole('listitem').filter({ hasText: 'Claimed' })).toHaveCount(0, PATIENCE);
};

/** What the device knows by itself: the tab that is asked hears of no node. */
const countKept = async (context: BrowserContext, wallet: string): Promise<number> => {
  const page = await context.newPage();
  await standBetween(page, { cut: true, lag: 0 });
  await page.goto(wallet);
  await unlock(page);
  const kept = await countSent(page);
  await page.close();
  return kept;
};

const expectPaid = async (payee: Page, count: number): Promise<void> => {
  const total = (Number(AMOUNT) * count).toFixed(2);
  await expect(payee.getByRole('region', { name: 'Value you can spend' })).toContainText(total, PATIENCE);
};

/** The one coin there is, or its change, can be paid with as soon as the tab has it proved. */
const expectFree = (tab: Page, to: string): Promise<void> => expect(() => prepare(tab, to, AMOUNT, 2_000)).toPass(PATIENCE);

/** Somebody with 10 VC behind a line that can be cut, and somebody to be paid. */
const begin = async (arrive: Arrive, line: Line) => {
  const { page: payee } = await arrive();
  await createWallet(payee);
  const to = await myAddress(payee);
  await goTo(payee, '/');
  const { context, page } = await arrive((tab) => standBetween(tab, line));
  await createWallet(page);
  await takeFromFaucet(page);
  return { payee, to, context, page };
};

const expectOnce = async (context: BrowserContext, wallet: string, payee: Page): Promise<void> => {
  expect(await countKept(context, wallet)).toBe(1);
  const tab = await openTab(context, wallet);
  await allInBlocks(tab);
  expect(await countSent(tab)).toBe(1);
  await expectPaid(payee, 1);
};

const heard = (payee: Page): Locator => payee.getByRole('button', { name: /^Payment received: / });

test('CW5 C6 a tab killed at any moment after Send was pressed: the payment is there, or was never made and its coin is free', async ({
  arrive,
  devnet,
}) => {
  const { payee, to, context, page } = await begin(arrive, { cut: false, lag: 0 });
  let kept = 0;
  let tab = page;
  for (const moment of MOMENTS) {
    await expectFree(tab, to);
    const kill = await makeKill(tab);
    const pressed = press(tab).catch(() => undefined);
    if (moment > 0) await delay(moment);
    await kill();
    await pressed;
    kept = await countKept(context, devnet.wallet);
    tab = await openTab(context, devnet.wallet);
    await allInBlocks(tab);
    expect(await countSent(tab)).toBe(kept);
  }
  await expectFree(tab, to);
  await expectPaid(payee, kept);
  const height = await verifiedHeight(tab);
  await expect.poll(() => verifiedHeight(tab), PATIENCE).toBeGreaterThan(height + 1);
  expect(await countSent(tab)).toBe(kept);
});

test('CW5 C6 a tab killed before any node has heard of the payment: it is there again and comes into a block once', async ({
  arrive,
  devnet,
}) => {
  const line: Line = { cut: false, lag: 0 };
  const { payee, to, context, page } = await begin(arrive, line);
  await prepare(page, to, AMOUNT);
  const kill = await makeKill(page);
  line.cut = true;
  await press(page);
  await expect(page.getByRole('heading', { name: 'Sent' })).toBeVisible();
  await kill();
  await expect(heard(payee)).toHaveCount(0);
  await expectOnce(context, devnet.wallet, payee);
});

test('CW5 C6 a tab killed while the answer of a node that has the payment is on its way: it is there again and comes into a block once', async ({
  arrive,
  devnet,
}) => {
  const line: Line = { cut: false, lag: 0 };
  const { payee, to, context, page } = await begin(arrive, line);
  await prepare(page, to, AMOUNT);
  const kill = await makeKill(page);
  line.lag = LAG;
  await press(page);
  await expect(heard(payee)).toBeVisible(PATIENCE);
  await kill();
  await expectOnce(context, devnet.wallet, payee);
});
