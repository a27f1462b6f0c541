import type { Locator, Page } from '@playwright/test';
import type { NodeProcessOptions } from '../../protocol/node/devnet/node-process.ts';
import type { Lie } from '../network/lies.ts';
import { type Liar, startLiar, takePlaceOf } from '../network/start-liar.ts';
import { expect, test } from './fixtures.ts';
import { createWallet, expectVerified, goTo, takeFromFaucet, verifiedHeight } from './person.ts';

const PROVABLE = [
  ['omit-coin', 'leaves out a coin'],
  ['forge-balance', 'makes coins larger'],
  ['header-without-stake', 'sends a header without stake'],
] as const satisfies readonly (readonly [Lie, string])[];

const LIAR = 2;

/** The list shows the end of a peer's name. */
const rowOf = (page: Page, { peerId }: Liar): Locator =>
  page
    .getByRole('list', { name: 'Peers' })
    .getByRole('listitem')
    .filter({ hasText: peerId.slice(-4) });

const expectRight = async (page: Page): Promise<void> => {
  await goTo(page, '/');
  await expect(page.getByText('10.00 VC').first()).toBeVisible();
  await expectVerified(page);
};

/** Every coin is proved anew: each peer is asked for its share. */
const checkAgain = async (page: Page): Promise<void> => {
  await goTo(page, '/');
  await page.getByRole('button', { name: /^Value you can spend: / }).click();
  await page.getByRole('button', { name: 'Check again' }).click();
  await page.keyboard.press('Escape');
  await goTo(page, '/network');
};

test.use({ prefill: 30 });

test.describe('one of three nodes lies', () => {
  test.skip(process.platform !== 'linux', 'finds the processes in /proc');
  test.skip(process.env.VC_WALLET !== undefined, 'stops a node of a network of its own');

  let place: NodeProcessOptions | undefined;
  let liar: Liar | undefined;

  const begin = async (folder: string, lie: Lie): Promise<Liar> => {
    place ??= await takePlaceOf(folder, LIAR);
    liar = await startLiar(place, lie);
    return liar;
  };

  test.afterEach(async () => {
    await liar?.stop();
    liar = undefined;
  });

  const heightOf = async (wallet: string): Promise<number> =>
    ((await (await fetch(`${wallet}status`)).json()) as { readonly height: number }).height;

  for (const [lie, what] of PROVABLE)
    test(`a peer ${what}: it is dropped, the wallet says so and stays right`, async ({ arrive, devnet }) => {
      const running = await begin(devnet.folder, lie);
      const { page } = await arrive();
      await createWallet(page);
      await expect(async () => {
        await checkAgain(page);
        await expect(rowOf(page, running)).toContainText('dropped: it lied', { timeout: 5_000 });
      }).toPass({ timeout: 60_000 });
      await expect(page.getByText(/^A peer sent something false and was dropped/).first()).toBeVisible();
      await takeFromFaucet(page);
      await expectRight(page);
    });

  test('a peer replays an old tip: it is dropped, the wallet says so and stays right', async ({ arrive, devnet }) => {
    const running = await begin(devnet.folder, 'old-tip');
    const { page } = await arrive();
    await createWallet(page);
    await takeFromFaucet(page);
    await goTo(page, '/network');
    await expect(rowOf(page, running)).toContainText('dropped: kept to an old state', { timeout: 90_000 });
    await expect(page.getByText('2 of 2', { exact: false }).first()).toBeVisible();
    await expect(page.getByText(/^A peer kept to an old state and was dropped/).first()).toBeVisible();
    const honest = await heightOf(devnet.wallet);
    await expect.poll(() => verifiedHeight(page)).toBeGreaterThanOrEqual(honest);
    await expectRight(page);
  });
});
