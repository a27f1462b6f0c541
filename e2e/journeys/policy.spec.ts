import { readFileSync } from 'node:fs';
import type { Page, Worker } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { createWallet } from './person.ts';

const FOREIGN = 'http://127.0.0.1:9/foreign';

interface Built {
  readonly styleHashes: readonly string[];
}

interface Release {
  readonly files: readonly { readonly path: string }[];
}

const asJson = async <T>(url: URL): Promise<T> => (await fetch(url)).json() as Promise<T>;

/** The policy to the letter: what is not fixed in it are the hashes of the build's own styles and the network's sockets. */
const expectedPolicy = async (wallet: string): Promise<string> => {
  const { styleHashes } = JSON.parse(readFileSync('dist/web/csp.json', 'utf8')) as Built;
  for (const hash of styleHashes) expect(hash).toMatch(/^'sha256-[A-Za-z0-9+/]{43}='$/);
  const { bootstrap } = await asJson<{ readonly bootstrap: readonly string[] }>(new URL('network.json', wallet));
  const sockets = bootstrap.flatMap((address) => /\/ip4\/([\d.]+)\/tcp\/(\d+)\/ws\//.exec(address)?.slice(1, 3).join(':') ?? []);
  expect(sockets).toHaveLength(3);
  return [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    `style-src ${["'self'", ...styleHashes].join(' ')}`,
    "img-src 'self' data: blob:",
    "font-src 'self'",
    `connect-src ${["'self'", ...sockets.map((socket) => `ws://${socket}`)].join(' ')}`,
    "worker-src 'self'",
    "manifest-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types vc default',
  ].join('; ');
};

/** What the browser says of a thread that fetches from elsewhere. */
const fetchForeign = (thread: Page | Worker): Promise<string> =>
  (thread as Page).evaluate(
    (url) =>
      new Promise<string>((resolve) => {
        globalThis.addEventListener('securitypolicyviolation', (event) => {
          const { effectiveDirective, blockedURI, disposition } = event as SecurityPolicyViolationEvent;
          resolve(`${disposition} ${effectiveDirective} ${blockedURI}`);
        });
        fetch(url).then(
          () => resolve('fetched'),
          () => undefined,
        );
      }),
    FOREIGN,
  );

test('WB10 ND30 W5 the policy is the exact one on every file of the app and on every other answer', async ({ devnet }) => {
  const policy = await expectedPolicy(devnet.wallet);
  const { files } = await asJson<Release>(new URL('version.json', devnet.wallet));
  const paths = files.map(({ path }) => path);
  expect(paths).toEqual(expect.arrayContaining(['/index.html', '/manifest.webmanifest']));
  expect(paths.filter((path) => path.endsWith('.js')).length).toBeGreaterThan(10);
  for (const path of ['/', '/sw.js', '/version.json', '/network.json', '/status', '/nothing/here', ...paths])
    expect([path, (await fetch(new URL(path, devnet.wallet))).headers.get('content-security-policy')]).toEqual([path, policy]);
});

test('WB10 W5 nothing foreign is fetched by the page, by a worker or by the service worker', async ({ arrive }) => {
  const { context, page } = await arrive();
  await createWallet(page);
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  const workers = page.workers();
  expect(workers.length).toBeGreaterThanOrEqual(2);
  expect(context.serviceWorkers()).toHaveLength(1);
  for (const thread of [page, ...workers, ...context.serviceWorkers()])
    expect(await fetchForeign(thread)).toBe(`enforce connect-src ${FOREIGN}`);
});
