import { makeTwin } from '../network/twin-address.ts';
import { expect, test } from './fixtures.ts';
import { createWallet, goTo, myAddress, send, takeFromFaucet } from './person.ts';

test('WB12 WB15 W10 an address that looks like one paid before is not paid until both were compared, twice over', async ({ arrive }) => {
  const [{ page: payee }, { page }] = [await arrive(), await arrive()];
  await createWallet(payee);
  const known = await myAddress(payee);
  const twin = makeTwin(known);
  await createWallet(page);
  await takeFromFaucet(page);
  await send(page, known, '0.50');

  await goTo(page, '/send');
  await page.getByLabel('To', { exact: true }).fill(twin);
  await page.getByLabel('Amount (VC)').fill('0.25');
  const notice = page.getByRole('main').getByText('Compare before you go on');
  await expect(notice).toBeVisible();
  await expect(page.getByText('You are about to pay').locator('xpath=following-sibling::*[1]')).toContainText(twin);
  await expect(page.getByText('You paid before', { exact: true }).locator('xpath=following-sibling::*[1]')).toContainText(known);
  await page.getByRole('button', { name: 'Review' }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'Compare the two addresses first.' })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Review' })).toHaveCount(0);

  await page.getByText('I compared every group with the one the payee gave me').click();
  await expect(async () => {
    await page.getByRole('button', { name: 'Review' }).click();
    await expect(page.getByRole('heading', { name: 'Review' })).toBeVisible({ timeout: 2_000 });
  }).toPass({ timeout: 60_000 });
  await expect(page.getByText('The address begins and ends like one you paid before, but it is another one.')).toBeVisible();
  const approve = page.getByRole('button', { name: 'Send 0.25 VC' });
  await expect(approve).toBeDisabled();
  await page.getByText('I have read the warnings').click();
  await expect(approve).toBeEnabled();

  await page.getByRole('button', { name: 'Change' }).click();
  await page.getByLabel('To', { exact: true }).fill(known);
  await expect(page.getByText('Recipient', { exact: true })).toBeVisible();
  await expect(notice).toHaveCount(0);
});
