import AxeBuilder from '@axe-core/playwright';
import { expect, test } from './fixtures.ts';
import { createWallet, goTo } from './person.ts';

const PLACES = [
  '/',
  '/activity',
  '/network',
  '/receive',
  '/send',
  '/backup',
  '/settings',
  '/coins',
  '/contacts',
  '/messages',
  '/help',
  '/more',
];

const POLICY =
  /^default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'(?: 'sha256-[A-Za-z0-9+/=]+')*; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'(?: ws:\/\/127\.0\.0\.1:\d+){3}; worker-src 'self'; manifest-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types vc default$/;

test('every place is accessible in light and dark', async ({ arrive }) => {
  const { page } = await arrive();
  await createWallet(page);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    for (const place of PLACES) {
      await goTo(page, place);
      await expect(page.getByRole('heading', { level: 1 }).or(page.getByText('Value you can spend')).first()).toBeVisible();
      const { violations } = await new AxeBuilder({ page })
        .exclude('[data-live-announcer]')
        .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
        .analyze();
      expect(violations.map(({ id, nodes }) => `${place} ${colorScheme} ${id}: ${nodes[0]?.html}`)).toEqual([]);
    }
  }
});

test('the policy is the exact one, on the page and on every script, and nothing foreign is fetched', async ({ arrive, devnet }) => {
  const page = await fetch(devnet.wallet);
  expect(page.headers.get('content-security-policy')).toMatch(POLICY);
  const scripts = [...(await page.text()).matchAll(/src="([^"]+\.js)"/g)].map(([, src]) => src as string);
  expect(scripts.length).toBeGreaterThan(0);
  for (const src of scripts) expect((await fetch(new URL(src, devnet.wallet))).headers.get('content-security-policy')).toMatch(POLICY);
  const person = await arrive();
  await createWallet(person.page);
  const refused = await person.page.evaluate(() =>
    fetch('http://127.0.0.1:9/foreign').then(
      () => false,
      () => true,
    ),
  );
  expect(refused).toBe(true);
  for (const worker of person.page.workers())
    expect(
      await worker.evaluate(() =>
        fetch('http://127.0.0.1:9/foreign').then(
          () => false,
          () => true,
        ),
      ),
    ).toBe(true);
});
