import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { en } from '../../web/text/en.ts';
import type { Language } from '../../web/text/language.ts';
import { zh } from '../../web/text/zh.ts';
import { expect, test } from './fixtures.ts';
import { createWallet, goTo, send, takeFromFaucet } from './person.ts';
import { firstPlaces, type Place, walletPlaces } from './places.ts';

const SOMEBODY = 'dvc1q9y6qww8vce36v2px5slk4z0xzq66wztjjw4s6k';
const THEMES = ['light', 'dark'] as const;
const [PHONE, TABLET, DESK] = [360, 768, 1440];
const HEIGHT = 900;
const SETTLED = 2_000;
const TEXTS = { en, zh };

const asks = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'];

const axe = async (page: Page, place: string): Promise<readonly string[]> => {
  const { violations } = await new AxeBuilder({ page }).exclude('[data-live-announcer]').withTags(asks).analyze();
  return violations.map(({ id, nodes }) => `${place} ${id}: ${nodes[0]?.html}`);
};

/** What is found and is still found when the page has settled: a block or an answer may come in the middle of a look. */
const whatStays = async (page: Page, find: () => Promise<readonly string[]>): Promise<readonly string[]> => {
  if ((await find()).length === 0) return [];
  await page.waitForTimeout(SETTLED);
  return find();
};

/** Opens what is folded, and waits for what is still on its way. */
const unfold = async (page: Page): Promise<void> => {
  await expect(page.locator('h1').first()).toBeAttached();
  await expect(page.locator('[aria-busy="true"]')).toHaveCount(0);
  await page.evaluate(() => {
    for (const details of document.querySelectorAll('details')) details.open = true;
  });
};

/** What sticks out at the right, if the page can be pushed sideways. */
const sideways = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    const out = [...document.body.querySelectorAll('*')].filter((element) => element.getBoundingClientRect().right > clientWidth + 1);
    return [`${scrollWidth} > ${clientWidth}: ${out.at(-1)?.outerHTML.slice(0, 200)}`];
  });

/** Whatever is read, seen or heard, that has three words of Latin letters beside each other. */
const foreignSentences = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() => {
    const found: string[] = [];
    const take = (text: string | null) => {
      if (/[A-Za-z]{2,}[ ,]+[A-Za-z]{2,}[ ,]+[A-Za-z]{2,}/.test(text ?? '')) found.push(text ?? '');
    };
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) take(node.textContent);
    for (const element of document.querySelectorAll('*'))
      for (const name of ['aria-label', 'title', 'placeholder', 'alt']) take(element.getAttribute(name));
    return found;
  });

/** One place at every width and in both themes; with eyes that do not see at one width of each language. */
const look = async (page: Page, { name, open, leave }: Place, language: Language): Promise<readonly string[]> => {
  await page.setViewportSize({ width: DESK, height: HEIGHT });
  await open();
  await unfold(page);
  const found: string[] = [];
  const seen = language === 'en' ? DESK : PHONE;
  for (const width of [DESK, TABLET, PHONE]) {
    await page.setViewportSize({ width, height: HEIGHT });
    for (const colorScheme of THEMES) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      const at = `${name} ${language} ${width} ${colorScheme}`;
      found.push(...(await whatStays(page, () => sideways(page))).map((wide) => `${at} ${wide}`));
      const listens = width === seen && (language === 'en' || colorScheme === 'light');
      if (listens) found.push(...(await whatStays(page, () => axe(page, at))));
    }
  }
  if (language === 'en') expect(await foreignSentences(page), 'sentences are seen').not.toEqual([]);
  if (language === 'zh') found.push(...(await foreignSentences(page)).map((text) => `${name} ${text}`));
  await page.setViewportSize({ width: DESK, height: HEIGHT });
  await leave?.();
  return found;
};

const lookAtAll = async (page: Page, places: readonly Place[], language: Language): Promise<void> => {
  const found: string[] = [];
  for (const place of places) found.push(...(await look(page, place, language)));
  expect(found).toEqual([]);
};

const speak = async (page: Page, language: Language): Promise<void> => {
  await page.evaluate((chosen) => localStorage.setItem('vc.preferences', JSON.stringify({ language: chosen })), language);
  await page.reload();
};

for (const language of ['en', 'zh'] as const)
  test(`WB1 every place in ${language}: accessible in light and dark, whole sentences, nothing sideways from phone to desk`, async ({
    arrive,
  }) => {
    test.slow();
    const { page } = await arrive();
    await speak(page, language);
    await lookAtAll(page, firstPlaces(page, TEXTS[language]), language);
    await speak(page, 'en');
    await goTo(page, '/');
    await createWallet(page);
    await takeFromFaucet(page);
    await send(page, SOMEBODY, '0.01');
    await goTo(page, '/settings');
    await page.getByText(language === 'en' ? 'English' : '简体中文', { exact: true }).click();
    await expect(page.getByRole('heading', { name: TEXTS[language].settings.title, level: 1 })).toBeVisible();
    await lookAtAll(page, walletPlaces(page, TEXTS[language]), language);
  });
