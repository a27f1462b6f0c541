import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { createWallet, expectVerified, goTo, PASSWORD, takeFromFaucet } from './person.ts';

const choose = async (page: Page, from: string, to: string): Promise<void> => {
  await page.getByRole('button', { name: new RegExp(`^${from}`) }).click({ timeout: 60_000 });
  await page.getByRole('option', { name: to }).click();
  await expect(page.getByRole('button', { name: new RegExp(`^${to}`) })).toBeVisible();
};

test('words and file bring the same accounts and coins to other browsers; offline shows the last verified state', async ({ arrive }) => {
  const owner = await arrive();
  await createWallet(owner.page);
  await takeFromFaucet(owner.page);
  await goTo(owner.page, '/settings');
  await owner.page.getByLabel('New account').fill('Rent');
  await owner.page.getByRole('button', { name: 'Add account' }).click();
  await expect(owner.page.getByRole('button', { name: /^Rent/ })).toBeVisible();
  await takeFromFaucet(owner.page);

  await goTo(owner.page, '/backup');
  await owner.page.getByLabel('Password, to seal the file').fill(PASSWORD);
  const downloading = owner.page.waitForEvent('download');
  await owner.page.getByRole('button', { name: 'Save backup file' }).click();
  const file = await readFile(await (await downloading).path());
  await owner.page.getByLabel('Password, to see the words').fill(PASSWORD);
  await owner.page.getByRole('button', { name: 'Show my words' }).click();
  await expect(owner.page.getByRole('list', { name: 'Your recovery words' }).getByRole('listitem')).toHaveCount(12, { timeout: 30_000 });
  const words = await owner.page.getByRole('list', { name: 'Your recovery words' }).getByRole('listitem').allInnerTexts();
  const phrase = words.map((word) => word.replace(/[^a-z]/g, '')).join(' ');
  expect(phrase.split(' ')).toHaveLength(12);

  const byWords = await arrive();
  await byWords.page.getByRole('link', { name: 'Restore a wallet' }).click();
  await byWords.page.getByLabel('Recovery words').last().fill(phrase);
  await byWords.page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await byWords.page.getByLabel('Password again').fill(PASSWORD);
  await byWords.page.getByRole('button', { name: 'Restore wallet' }).click();
  await expect(byWords.page.getByRole('region', { name: 'Value you can spend' })).toContainText('10.00', { timeout: 60_000 });
  await expectVerified(byWords.page);
  await choose(byWords.page, 'Account 1', 'Account 2');
  await expect(byWords.page.getByRole('region', { name: 'Value you can spend' })).toContainText('10.00', { timeout: 60_000 });

  const byFile = await arrive();
  await byFile.page.getByRole('link', { name: 'Restore a wallet' }).click();
  await byFile.page.getByText('Backup file', { exact: true }).click();
  await byFile.page.locator('input[type=file]').setInputFiles({ name: 'backup.vcb', mimeType: 'application/octet-stream', buffer: file });
  await byFile.page.getByLabel('Password of the backup').fill(PASSWORD);
  await byFile.page.getByRole('button', { name: 'Restore from file' }).click();
  await expect(byFile.page.getByRole('region', { name: 'Value you can spend' })).toContainText('10.00', { timeout: 60_000 });
  await choose(byFile.page, 'Account 1', 'Rent');
  await expect(byFile.page.getByRole('region', { name: 'Value you can spend' })).toContainText('10.00', { timeout: 60_000 });

  await goTo(owner.page, '/');
  await expectVerified(owner.page);
  await owner.page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await owner.context.setOffline(true);
  await owner.page.reload();
  await owner.page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await owner.page.getByRole('button', { name: 'Unlock' }).click();
  await expect(owner.page.getByRole('region', { name: 'Value you can spend' })).toContainText('10.00', { timeout: 60_000 });
  await expect(owner.page.getByRole('button', { name: /^Value you can spend: Stale: last verified \d+ \w+ ago/ })).toBeVisible({
    timeout: 60_000,
  });
  await expect(owner.page.getByText(/^You are offline. What you see was verified \d+ \w+ ago and may have changed since.$/)).toBeVisible();
});
