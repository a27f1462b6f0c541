import { type BrowserContext, test as base, type Page } from '@playwright/test';
import { type Devnet, networkAt, startDevnet, verifyChain } from '../network/devnet.ts';

export interface Person {
  readonly context: BrowserContext;
  readonly page: Page;
}

/** Somebody with a browser profile of his own, at the wallet's first page; `prepare`: what his browser does to it before it runs. */
export type Arrive = (prepare?: (page: Page) => Promise<unknown>) => Promise<Person>;

interface Fixtures {
  readonly arrive: Arrive;
}

interface WorkerFixtures {
  /** blocks that the network has from the beginning; files that want another number get another network */
  readonly prefill: number;
  readonly devnet: Devnet;
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  prefill: [0, { option: true, scope: 'worker' }],
  devnet: [
    async ({ prefill }, use) => {
      const running = process.env.VC_WALLET;
      const start = () => startDevnet(prefill === 0 ? [] : ['--prefill', String(prefill)]);
      if (running !== undefined) return use(networkAt(running));
      const devnet = await start();
      await use(devnet);
      await devnet.halt();
      await verifyChain(devnet.folder);
      await devnet.stop();
    },
    { scope: 'worker', timeout: 240_000 },
  ],
  arrive: async ({ browser, devnet }, use) => {
    const people: Person[] = [];
    const violations: string[] = [];
    await use(async (prepare) => {
      const context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] });
      const page = await context.newPage();
      page.on('console', (message) => {
        const text = message.text();
        if (/Content Security Policy|TrustedScript|Trusted Types/i.test(text) && !text.includes('/foreign')) violations.push(text);
      });
      await page.exposeBinding('reportViolation', (_, text: string) => text.includes('/foreign') || violations.push(text));
      await page.addInitScript(() =>
        addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI, sourceFile }) =>
          Reflect.apply(Reflect.get(globalThis, 'reportViolation'), undefined, [`${effectiveDirective} ${blockedURI} ${sourceFile}`]),
        ),
      );
      page.on('pageerror', (error) => violations.push(String(error)));
      await prepare?.(page);
      await page.goto(devnet.wallet);
      people.push({ context, page });
      return { context, page };
    });
    for (const { context } of people) await context.close();
    test.expect(violations).toEqual([]);
  },
});

export const { expect } = test;
