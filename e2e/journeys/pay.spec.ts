import { expect, test } from './fixtures.ts';
import { createWallet, expectVerified, goTo, myAddress, send, takeFromFaucet } from './person.ts';

test('a payment from one browser to another, verified by the browsers themselves', async ({ arrive }) => {
  const [payer, payee] = [await arrive(), await arrive()];
  await createWallet(payer.page);
  await createWallet(payee.page);
  const address = await myAddress(payee.page);
  await takeFromFaucet(payer.page);
  await goTo(payer.page, '/');
  await expectVerified(payer.page);
  await goTo(payee.page, '/');
  await send(payer.page, address, '2.50');
  const early = payee.page.getByRole('button', { name: /^Payment received: (Claimed|In block)/ });
  const verified = payee.page.getByRole('button', { name: /^Payment received: Verified at height/ });
  await expect(early.or(verified)).toBeVisible({ timeout: 60_000 });
  await expect(verified).toBeVisible({ timeout: 60_000 });
  await expect(payee.page.getByRole('region', { name: 'Value you can spend' })).toContainText('2.50');
  await expectVerified(payee.page);
  await expect(
    payer.page
      .getByRole('listitem')
      .filter({ hasText: /Final/ })
      .filter({ hasText: /Confirmed \d+ deep/ }),
  ).toBeVisible({ timeout: 60_000 });
});
