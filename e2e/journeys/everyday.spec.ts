import { readFile } from 'node:fs/promises';
import type { Locator, Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { createWallet, goTo, myAddress, PASSWORD, prepare, takeFromFaucet } from './person.ts';

const PATIENCE = { timeout: 60_000 };

test.use({ actionTimeout: PATIENCE.timeout });

const SECOND = 'Savings';

const lockAfterAMinute = async (page: Page): Promise<void> => {
  await goTo(page, '/settings');
  await page.getByRole('button', { name: /Lock by itself after/ }).click();
  await page.getByRole('option', { name: '1 minute', exact: true }).click();
  await expect(page.getByRole('button', { name: /Lock by itself after/ })).toContainText('1 minute');
  await goTo(page, '/');
};

const seeWords = async (page: Page): Promise<readonly string[]> => {
  await page.getByLabel('Password, to see the words').fill(PASSWORD);
  await page.getByRole('button', { name: 'Show my words' }).click();
  const items = page.getByRole('list', { name: 'Your recovery words' }).getByRole('listitem');
  await expect(items).toHaveCount(12, PATIENCE);
  return (await items.allInnerTexts()).map((text) => text.replace(/[^a-z]/g, ''));
};

const answerQuiz = async (page: Page, choose: (group: Locator, right: string) => Promise<void>): Promise<void> => {
  const words = await seeWords(page);
  await page.getByRole('button', { name: 'I wrote them down' }).click();
  const questions = page.getByRole('radiogroup', { name: /^Word number/ });
  await expect(questions).toHaveCount(3);
  for (const group of await questions.all()) {
    const place = Number((await group.getByText(/^Word number/).textContent())?.replace(/\D/g, ''));
    await choose(group, words[place - 1] ?? '');
  }
  await page.getByRole('button', { name: 'Check', exact: true }).click();
};

const takeQuiz = async (page: Page): Promise<void> => {
  await goTo(page, '/backup');
  await expect(page.getByText('Not checked yet')).toBeVisible();
  await answerQuiz(page, async (group, right) => {
    const wrong = (await group.getByRole('radio').all()).map(async (radio) => (await radio.getAttribute('value')) ?? '');
    const other = (await Promise.all(wrong)).find((word) => word !== right) ?? '';
    await group.getByText(other, { exact: true }).click();
  });
  await expect(page.getByText('Not all three words are right. Look at what you wrote and try again.')).toBeVisible();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByText('Not checked yet')).toBeVisible();
  await answerQuiz(page, (group, right) => group.getByText(right, { exact: true }).click());
  await expect(page.getByText('Right. Your words are safe with you.')).toBeVisible();
  await expect(page.getByText(/^Checked .* ago$/)).toBeVisible();
};

const feeAt = async (page: Page, speed: string): Promise<number> => {
  await page.getByText(speed, { exact: true }).click();
  await page.getByRole('button', { name: 'Review' }).click();
  const fee = page.getByText('Fee', { exact: true }).locator('xpath=following-sibling::dd');
  await expect(fee).toContainText('units per byte');
  const units = Number((await fee.textContent())?.replaceAll(/[\s,]/g, '').match(/[\d.]+/)?.[0]);
  await page.getByRole('button', { name: 'Change', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Send' })).toBeVisible();
  return units;
};

const choose = async (page: Page, account: string): Promise<void> => {
  await page
    .getByRole('banner')
    .getByRole('button', { name: /Account/ })
    .click();
  await page.getByRole('option', { name: account, exact: true }).click();
};

const expectSpendable = (page: Page, amount: string): Promise<void> =>
  expect(page.getByRole('region', { name: 'Value you can spend' })).toContainText(amount, PATIENCE);

test('what else a person does: words checked, locked by itself, fast or slow, two accounts, a payment link, a label, a file for tables', async ({
  arrive,
}) => {
  test.slow();
  const [{ page: shop }, { page }] = [await arrive(), await arrive()];
  await createWallet(shop);
  await goTo(shop, '/receive');
  await shop.getByLabel('Amount (optional)').fill('0.75');
  await shop.getByLabel('What for (optional)').fill('seed stock');
  await shop.getByRole('button', { name: 'Copy payment link' }).click();
  const link = await shop.evaluate(() => navigator.clipboard.readText());
  expect(link).toMatch(/^valuecyber:dvc1[a-z0-9]+\?amount=0\.75&label=seed%20stock$/);
  await lockAfterAMinute(shop);

  await createWallet(page);
  await takeFromFaucet(page);
  await takeQuiz(page);

  await goTo(page, '/settings');
  await page.getByLabel('New account').fill(SECOND);
  await page.getByRole('button', { name: 'Add account' }).click();
  await expect(page.getByRole('banner')).toContainText(SECOND);
  const savings = await myAddress(page);
  await goTo(page, '/');
  await expectSpendable(page, '0.00');
  await choose(page, 'Account 1');
  await expectSpendable(page, '10.00');
  await prepare(page, savings, '2.00');
  await page.getByRole('button', { name: 'Change', exact: true }).click();
  const [slow, normal, fast] = [await feeAt(page, 'Slow'), await feeAt(page, 'Normal'), await feeAt(page, 'Fast')];
  expect(slow).toBeGreaterThan(0);
  expect(normal).toBeGreaterThan(slow);
  expect(fast).toBeGreaterThan(normal);
  await page.getByRole('button', { name: 'Review' }).click();
  await page.getByRole('button', { name: 'Send 2.00 VC' }).click();
  await expect(page.getByRole('heading', { name: 'Moved within your wallet' })).toBeVisible();
  await expect(page.getByText('Fee', { exact: true }).locator('xpath=following-sibling::dd')).toContainText(String(fast));
  await goTo(page, '/');
  await choose(page, SECOND);
  await expect(page.getByRole('button', { name: /^Payment received: Verified at height/ })).toBeVisible(PATIENCE);
  await expectSpendable(page, '2.00');

  await page.evaluate((text) => navigator.clipboard.writeText(text), link);
  await goTo(page, '/send');
  await page.getByRole('button', { name: 'Paste' }).click();
  await expect(page.getByText('They ask for: seed stock')).toBeVisible();
  await expect(page.getByLabel('Amount (VC)')).toHaveValue('0.75');
  await page.getByRole('button', { name: 'Review' }).click();
  await page.getByRole('button', { name: 'Send 0.75 VC' }).click();
  await expect(page.getByRole('heading', { name: 'Sent' })).toBeVisible();
  await page.getByLabel('Label').fill('=seed, "1st" sack');
  await page.getByRole('button', { name: 'Save : Label' }).click();
  await page.getByLabel('Name of the payee').fill('Seed shop');
  await page.getByRole('button', { name: 'Save : Name of the payee' }).click();
  const row = page.getByRole('link', { name: /=seed, "1st" sack/ });
  await expect(row).toContainText('0.75', PATIENCE);
  await expect(page.getByRole('button', { name: /^=seed, "1st" sack: Verified at height/ })).toBeVisible(PATIENCE);

  await page.getByRole('button', { name: 'Files', exact: true }).click();
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export CSV' }).click();
  const [head, ...lines] = (await readFile(await (await downloading).path(), 'utf8')).split('\r\n');
  expect(head).toBe('time,txid,direction,change,fee,height,stage,counterparty,label');
  expect(lines).toHaveLength(2);
  const address = /dvc1[a-z0-9]+/.exec(link)?.[0];
  expect(lines[0]).toMatch(
    new RegExp(`^\\d{4}-[\\d-]+T[\\d:.]+Z,[0-9a-f]{64},out,-0\\.75\\d+,0\\.\\d+,\\d+,verified,${address},"'=seed, ""1st"" sack"$`),
  );
  expect(lines[1]).toMatch(/^[^,]+,[0-9a-f]{64},in,2,,\d+,verified,,$/);

  await expect(shop.getByRole('heading', { name: 'Wallet locked' })).toBeVisible({ timeout: 120_000 });
});
