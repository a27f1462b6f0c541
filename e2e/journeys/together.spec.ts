import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Page } from '@playwright/test';
import { nodeFolder } from '../../protocol/node/devnet/devnet-folder.ts';
import type { Devnet } from '../network/devnet.ts';
import { expect, test } from './fixtures.ts';
import { createWallet, goTo, myAddress, PASSWORD, takeFromFaucet } from './person.ts';

const PATIENCE = { timeout: 60_000 };

/** A member of the group signs the file as operators do, by a command that asks a node of their own. */
const signAsMember = async (file: string, { wallet, folder }: Devnet): Promise<void> => {
  const node = ['--data', nodeFolder(folder, 0), '--http', new URL(wallet).port];
  await promisify(execFile)(process.execPath, [
    ...['--conditions=source', 'workers/cli/vc.ts', 'draft', 'sign', file, '--dev', 'member:0', ...node],
  ]);
};

const paste = async (page: Page, text: string): Promise<void> => {
  await goTo(page, '/together');
  await page.getByText('Paste its text').click();
  await page.getByLabel('Text of the draft').fill(text);
  await page.getByRole('button', { name: 'Open', exact: true }).click();
};

const signHere = async (page: Page): Promise<void> => {
  await page.getByLabel('Password, to sign').fill(PASSWORD, PATIENCE);
  await page.getByRole('button', { name: 'Sign', exact: true }).click();
  await expect(page.getByLabel('Password, to sign')).toHaveCount(0, PATIENCE);
};

const copyDraft = async (page: Page): Promise<string> => {
  await page.getByRole('button', { name: 'Copy its text' }).click();
  return page.evaluate(() => navigator.clipboard.readText());
};

test('WB22 WB23 CW49 a group grants credit, an agent and a debtor sign one draw, each reading it in his own browser', async ({
  arrive,
  devnet,
}, info) => {
  test.slow();
  const [{ page: agent }, { page: debtor }] = [await arrive(), await arrive()];
  for (const page of [agent, debtor]) {
    await createWallet(page);
    await takeFromFaucet(page);
  }
  const address = await myAddress(agent);

  await goTo(agent, '/group');
  await expect(agent.getByText('Member 1', { exact: true })).toBeVisible(PATIENCE);
  await agent.getByLabel('Who gets it').fill(address);
  await agent.getByLabel('Credit (VC)').fill('5');
  await agent.getByRole('button', { name: 'Prepare the draft' }).click();
  await expect(agent.getByRole('heading', { name: 'Credit is granted' })).toBeVisible(PATIENCE);
  await signHere(agent);
  await agent.reload();
  await agent.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
  await agent.getByRole('button', { name: 'Unlock' }).click();
  await expect(agent.getByText('1 given, 1 missing')).toBeVisible(PATIENCE);
  const saving = agent.waitForEvent('download');
  await agent.getByRole('button', { name: 'Save for the next signer' }).click();
  const file = info.outputPath('grant.json');
  await (await saving).saveAs(file);
  await signAsMember(file, devnet);
  await agent.getByRole('button', { name: 'Close the draft' }).click();
  await agent.locator('input[type=file]').setInputFiles(file);
  await expect(agent.getByText('All signatures are there.')).toBeVisible(PATIENCE);
  await agent.getByRole('button', { name: 'Send', exact: true }).click();
  await expect(agent.getByText('Credit granted').first()).toBeVisible(PATIENCE);

  await goTo(debtor, '/debts');
  await debtor.getByText(/Draw an agent’s credit/).click();
  await debtor.getByLabel('The agent’s address').fill(address);
  await debtor.getByLabel('You will owe (VC)').fill('3');
  await debtor.getByLabel('You repay by').fill('2031-05-01T12:00');
  await expect(async () => {
    await debtor.getByRole('button', { name: 'Prepare the draft' }).click();
    await expect(debtor.getByRole('heading', { name: 'Credit is drawn' })).toBeVisible({ timeout: 5_000 });
  }).toPass(PATIENCE);
  await expect(debtor.getByText('You will owe', { exact: true })).toBeVisible();
  await expect(debtor.getByText(/until .*2031/).first()).toBeVisible();
  await signHere(debtor);
  const text = await copyDraft(debtor);

  await paste(agent, text.replace('"network": "dev"', '"network": "test"'));
  await expect(agent.getByText('This draft is for another network.')).toBeVisible(PATIENCE);
  await agent.getByRole('button', { name: 'Close the draft' }).click();
  await paste(agent, text);
  await expect(agent.getByRole('heading', { name: 'Credit is drawn' })).toBeVisible(PATIENCE);
  await expect(agent.getByText('You will owe', { exact: true })).toHaveCount(0);
  await signHere(agent);
  await agent.getByRole('button', { name: 'Send', exact: true }).click();

  await goTo(debtor, '/debts');
  const debts = debtor.getByRole('list', { name: 'Debts, nearest first' });
  await expect(debts.getByText('On track')).toBeVisible(PATIENCE);
  await expect(debts).toContainText('2031');
});
