import type { Page } from '@playwright/test';
import { FIRST_ROUTES, paymentPath, ROUTES } from '../../web/app/routes.ts';
import type { Messages } from '../../web/text/messages.ts';
import { expect } from './fixtures.ts';
import { goTo, PASSWORD } from './person.ts';

const SOMEBODY = 'dvc1q9y6qww8vce36v2px5slk4z0xzq66wztjjw4s6k';
const PATIENCE = { timeout: 60_000 };

export interface Place {
  readonly name: string;
  readonly open: () => Promise<unknown>;
  /** undefined: the next place is gone to from here */
  readonly leave?: () => Promise<unknown>;
}

export const prepareAgain = (page: Page, text: Messages): Promise<void> =>
  expect(async () => {
    await goTo(page, ROUTES.send);
    await page.getByLabel(text.send.to, { exact: true }).fill(SOMEBODY);
    await page.getByLabel(`${text.send.amount} (VC)`).fill('0.01');
    await page.getByRole('button', { name: text.send.review, exact: true }).click();
    await expect(page.getByRole('heading', { name: text.review.title, exact: true })).toBeVisible({ timeout: 2_000 });
  }).toPass(PATIENCE);

const openNewestPayment = async (page: Page): Promise<void> => {
  await goTo(page, ROUTES.activity);
  const link = await page
    .locator(`a[href*="#${paymentPath('')}"]`)
    .first()
    .getAttribute('href', PATIENCE);
  await goTo(page, link?.replace('#', '') ?? '');
};

/** Places with a part that is not fixed, or that only a step before leads to. */
const WAYS: Readonly<Record<string, (page: Page, text: Messages) => Promise<unknown>>> = {
  [ROUTES.payment]: openNewestPayment,
  [ROUTES.review]: prepareAgain,
};

const wayTo = (page: Page, text: Messages, path: string): (() => Promise<unknown>) => {
  const way = WAYS[path];
  if (way !== undefined) return () => way(page, text);
  if (path.includes(':')) throw new Error(`no way to ${path} is known here`);
  return () => goTo(page, path);
};

/** Every place of the app before there is a wallet. */
export const firstPlaces = (page: Page, text: Messages): readonly Place[] => [
  ...Object.values(FIRST_ROUTES).map((path) => ({ name: `first ${path}`, open: wayTo(page, text, path) })),
  { name: 'first /restore, file', open: () => page.getByRole('tab', { name: text.restore.byFile }).click() },
];

const dialog = (page: Page, name: string, open: () => Promise<unknown>): Place => ({
  name,
  open: async () => {
    await open();
    await expect(page.getByRole('dialog')).toBeVisible();
  },
  leave: async () => {
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
  },
});

const press = (page: Page, name: string): Promise<void> => page.getByRole('button', { name, exact: true }).first().click();

const dialogs = (page: Page, text: Messages): readonly Place[] => {
  const pressAt = (place: string, name: string) => async () => {
    await goTo(page, place);
    await press(page, name);
  };
  return [
    dialog(page, 'proof', async () => {
      await goTo(page, ROUTES.wallet);
      await page
        .getByRole('button', { name: new RegExp(`^${text.wallet.spendable}: `) })
        .first()
        .click();
    }),
    dialog(page, 'files', pressAt(ROUTES.activity, text.activity.files)),
    dialog(page, 'scanner', pressAt(ROUTES.send, text.send.scan)),
    dialog(page, 'contacts', pressAt(ROUTES.send, text.send.contacts)),
    dialog(page, 'coins', pressAt(ROUTES.send, text.send.chooseCoins)),
  ];
};

/** Every place of the unlocked app, what opens over them, and the lock screen at the end. */
export const walletPlaces = (page: Page, text: Messages): readonly Place[] => [
  ...Object.values(ROUTES).map((path) => ({ name: path, open: wayTo(page, text, path) })),
  { name: 'not found', open: () => goTo(page, '/nothing/here') },
  ...dialogs(page, text),
  {
    name: 'offline',
    open: async () => {
      await goTo(page, ROUTES.wallet);
      await page.context().setOffline(true);
      await expect(page.getByText(text.sync.offline, { exact: true }).first()).toBeAttached();
    },
    leave: () => page.context().setOffline(false),
  },
  {
    name: 'words',
    open: async () => {
      await goTo(page, ROUTES.backup);
      await page.getByLabel(text.backup.wordsPassword).fill(PASSWORD);
      await press(page, text.backup.wordsAction);
      await expect(page.getByRole('list', { name: text.backup.phrase })).toBeVisible(PATIENCE);
    },
  },
  {
    name: 'quiz',
    open: async () => {
      await press(page, text.backup.written);
      await expect(page.getByRole('heading', { name: text.backup.quizTitle })).toBeVisible();
    },
  },
  {
    name: 'lock screen',
    open: async () => {
      await goTo(page, ROUTES.more);
      await page.getByRole('main').getByRole('button', { name: text.nav.lock, exact: true }).click();
      await expect(page.getByRole('heading', { name: text.lock.title })).toBeVisible();
    },
  },
];
