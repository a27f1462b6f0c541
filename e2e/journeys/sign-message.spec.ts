import { expect, test } from './fixtures.ts';
import { createWallet, goTo, myAddress, PASSWORD } from './person.ts';

const TEXT = 'This address is mine. 此地址属于我。';

test('MS3 MS4 a text signed in one wallet is checked in another, and a changed one is refused', async ({ arrive }) => {
  const [signer, reader] = [await arrive(), await arrive()];
  await createWallet(signer.page);
  await createWallet(reader.page);
  const address = await myAddress(signer.page);

  await goTo(signer.page, '/messages');
  const sign = signer.page.getByRole('form', { name: 'Sign a text' });
  await sign.getByLabel('Address of this wallet').fill(address);
  await sign.getByLabel('Text').fill(TEXT);
  await sign.getByLabel('Password, to sign').fill(PASSWORD);
  await sign.getByRole('button', { name: 'Sign', exact: true }).click();
  await expect(sign.getByRole('status')).toContainText('smp', { timeout: 30_000 });
  await sign.getByRole('button', { name: 'Copy', exact: true }).click();
  const signature = await signer.page.evaluate(() => navigator.clipboard.readText());

  await goTo(reader.page, '/messages');
  const verify = reader.page.getByRole('form', { name: 'Check a signature' });
  await verify.getByLabel('Address').fill(address);
  await verify.getByLabel('Text').fill(TEXT);
  await verify.getByLabel('Signature').fill(signature);
  await verify.getByRole('button', { name: 'Check', exact: true }).click();
  await expect(verify.getByRole('status')).toContainText('signed exactly this text');
  await verify.getByLabel('Text').fill(`${TEXT} And more.`);
  await verify.getByRole('button', { name: 'Check', exact: true }).click();
  await expect(verify.getByText('The signature is not of this address')).toBeVisible();
  await expect(verify.getByRole('status')).toHaveCount(0);
});
