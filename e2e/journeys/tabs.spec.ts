import type { Page } from '@playwright/test';
import { encodeHex } from '../../protocol/codec/hex.ts';
import { outpointKey } from '../../protocol/tx/outpoint.ts';
import { expect, test } from './fixtures.ts';
import { createWallet, expectVerified, goTo, myAddress, openTab, payments, prepare, takeFromFaucet, verifiedHeight } from './person.ts';

const SENDS = process.env.VC_SOAK === undefined ? 2 : 100;
const AMOUNT = '0.01';
const UNITS = 1_000_000n;

const follows = (page: Page) => page.getByText('Another tab leads; this one follows it.');

/** Tells the page what a browser tells a tab that another one is put before. */
const setVisibility = (page: Page, state: 'visible' | 'hidden'): Promise<void> =>
  page.evaluate((to) => {
    Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => to });
    document.dispatchEvent(new Event('visibilitychange'));
  }, state);

const approve = async (page: Page): Promise<'sent' | 'refused'> => {
  const sent = page.getByRole('heading', { name: 'Sent' });
  await page.getByRole('button', { name: `Send ${AMOUNT} VC` }).click();
  await expect(sent.or(page.getByRole('alert').filter({ hasText: /\S/ })).first()).toBeVisible();
  return (await sent.isVisible()) ? 'sent' : 'refused';
};

const sendUntilSent = (page: Page, to: string): Promise<void> =>
  expect(async () => {
    await prepare(page, to, AMOUNT, 2_000);
    expect(await approve(page)).toBe('sent');
  }).toPass({ timeout: 60_000 });

test('CW8 two tabs of one browser show one wallet, and the second goes on when the first is closed', async ({ arrive, devnet }) => {
  const { context, page: first } = await arrive();
  await createWallet(first);
  await takeFromFaucet(first);
  const second = await openTab(context, devnet.wallet);
  await expect(second.getByRole('region', { name: 'Value you can spend' })).toContainText('10.00');
  await expectVerified(second);
  await expect(follows(second)).toBeVisible();
  await expect(follows(first)).toBeHidden();
  const before = await verifiedHeight(second);
  await first.close();
  await expect.poll(() => verifiedHeight(second), { timeout: 60_000 }).toBeGreaterThan(before + 1);
  await goTo(second, '/');
  await expect(follows(second)).toBeHidden();
  await expectVerified(second);
});

test('CW8 a tab that is looked at takes over from a hidden one', async ({ arrive, devnet }) => {
  const { context, page: first } = await arrive();
  await createWallet(first);
  const second = await openTab(context, devnet.wallet);
  await expect(follows(second)).toBeVisible();
  await setVisibility(first, 'hidden');
  await expect(follows(second)).toBeHidden();
  await expect(follows(first)).toBeAttached();
  await setVisibility(first, 'visible');
  await setVisibility(second, 'hidden');
  await expect(follows(first)).toBeHidden();
  await expectVerified(first);
});

test('CW5 C9 payments from two tabs: no coin is spent twice, no record lost, no address used again', async ({ arrive, devnet }) => {
  test.setTimeout(SENDS * 120_000);
  const payee = await arrive();
  await createWallet(payee.page);
  const to = await myAddress(payee.page);
  const { context, page: first } = await arrive();
  await createWallet(first);
  await takeFromFaucet(first);
  const second = await openTab(context, devnet.wallet);
  const tabs = [first, second];
  for (const tab of tabs) await prepare(tab, to, AMOUNT);
  expect((await Promise.all(tabs.map(approve))).sort()).toEqual(['refused', 'sent']);
  await Promise.all(
    tabs.map(async (tab) => {
      for (let sent = 0; sent < SENDS; sent++) await sendUntilSent(tab, to);
    }),
  );
  for (const tab of tabs) await tab.close();
  const reopened = await openTab(context, devnet.wallet);
  await expect(reopened.getByRole('listitem').filter({ hasText: 'Claimed' })).toHaveCount(0, { timeout: 60_000 });
  const sent = (await payments(reopened)).filter(({ outputs }) => outputs.some(({ amount }) => amount === UNITS));
  expect(sent).toHaveLength(1 + 2 * SENDS);
  const spent = sent.flatMap(({ inputs }) => inputs.map(({ outpoint }) => outpointKey(outpoint)));
  expect(new Set(spent).size).toBe(spent.length);
  const change = sent.flatMap(({ outputs }) => outputs.filter(({ amount }) => amount !== UNITS).map(({ script }) => encodeHex(script)));
  expect(new Set(change).size).toBe(change.length);
  await goTo(payee.page, '/');
  const total = (0.01 * sent.length).toFixed(2);
  await expect(payee.page.getByRole('region', { name: 'Value you can spend' })).toContainText(total, { timeout: 60_000 });
});
