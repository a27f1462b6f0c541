import { askRpc } from '../network/ask-rpc.ts';
import { expect, test } from './fixtures.ts';
import { createWallet, goTo } from './person.ts';

type Sums = Readonly<Record<'value' | 'locked' | 'credit' | 'debt' | 'overdue' | 'fees', string>>;

const sumsAt = async (wallet: string, height: number): Promise<Sums> => {
  const hash = await askRpc<string>(wallet, 'getblockhash', [height]);
  return (await askRpc<{ readonly economy: Sums }>(wallet, 'getblockheader', [hash])).economy;
};

const units = (text: string): bigint => {
  const [whole = '', decimals = ''] = text.trim().replaceAll(',', '').split('.');
  return BigInt(whole + decimals.padEnd(8, '0'));
};

test('the newest rows of the economy are those of the headers that the node has', async ({ arrive, devnet }) => {
  const { page } = await arrive();
  await createWallet(page);
  await goTo(page, '/network');
  await page.getByText('The same as a table').click();
  const rows = page.getByRole('region', { name: 'The same as a table' }).getByRole('row');
  await expect(rows.first()).toHaveText('HeightTimeCirculating valueLocked valueCreditDebtOverdue debt');
  await expect(async () => {
    const shown = (await rows.filter({ has: page.getByRole('rowheader') }).all()).slice(0, 3);
    expect(shown.length).toBeGreaterThan(1);
    for (const row of shown) {
      const [height = '', , ...figures] = await row.getByRole('rowheader').or(row.getByRole('cell')).allTextContents();
      const { value, locked, credit, debt, overdue } = await sumsAt(devnet.wallet, Number(height.replaceAll(',', '')));
      expect(figures.map(units)).toEqual([units(value) - units(locked), ...[locked, credit, debt, overdue].map(units)]);
    }
  }).toPass({ timeout: 60_000 });
});
