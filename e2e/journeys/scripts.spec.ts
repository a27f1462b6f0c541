import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';

const NO_POLICY = 'http://localhost:9/no-policy';
const SETTLE = 1_500;

/**
 * Every way by which text becomes a script, tried in a turn of its own: what DevTools evaluates itself is outside of the
 * page's policy. Names those that ran.
 */
const tryEverySink = (page: Page, settle: number): Promise<{ readonly tried: readonly string[]; readonly ran: readonly string[] }> =>
  page.evaluate(async (patience) => {
    const ran: string[] = [];
    Object.assign(globalThis, { ran: (name: string) => ran.push(name) });
    const code = (name: string): string => `(top ?? self).ran(${JSON.stringify(name)})`;
    const attribute = (name: string): string => code(name).replaceAll('"', '&quot;');
    const place = <E extends Element>(element: E): E => document.body.appendChild(element);
    const make = <K extends keyof HTMLElementTagNameMap>(tag: K, given: Partial<HTMLElementTagNameMap[K]>) =>
      Object.assign(document.createElement(tag), given);
    const data = (name: string): string => `data:text/javascript,${encodeURIComponent(code(name))}`;
    const blob = (name: string): string => URL.createObjectURL(new Blob([code(name)], { type: 'text/javascript' }));
    const run = (text: string) => `javascript:${text}`;
    const sinks: Record<string, (name: string) => unknown> = {
      eval: (name) => Reflect.get(globalThis, 'eval')(code(name)),
      function: (name) => new Function(code(name))(),
      asyncFunction: (name) => Object.getPrototypeOf(async () => undefined).constructor(code(name))(),
      timeout: (name) => setTimeout(code(name)),
      interval: (name) => setTimeout(clearInterval, 300, setInterval(code(name), 50)),
      innerHtml: (name) => (place(document.createElement('div')).innerHTML = `<img src="x:" onerror="${attribute(name)}">`),
      outerHtml: (name) => (place(document.createElement('div')).outerHTML = `<img src="x:" onerror="${attribute(name)}">`),
      insertAdjacentHtml: (name) => document.body.insertAdjacentHTML('beforeend', `<img src="x:" onerror="${attribute(name)}">`),
      fragment: (name) => document.body.append(document.createRange().createContextualFragment(`<script>${code(name)}</script>`)),
      parser: (name) => {
        const parsed = new DOMParser().parseFromString(`<img src="x:" onerror="${attribute(name)}">`, 'text/html');
        place(document.importNode(parsed.body.firstElementChild as Element, true));
      },
      write: (name) => {
        const inner = place(document.createElement('iframe')).contentDocument;
        inner?.write(`<script>${code(name)}</script>`);
      },
      srcdoc: (name) => place(make('iframe', { srcdoc: `<script>${code(name)}</script>` })),
      frameScheme: (name) => place(make('iframe', { src: run(code(name)) })),
      frameBlob: (name) =>
        place(make('iframe', { src: URL.createObjectURL(new Blob([`<script>${code(name)}</script>`], { type: 'text/html' })) })),
      scriptText: (name) => place(make('script', { text: code(name) })),
      scriptContent: (name) => place(make('script', { textContent: code(name) })),
      scriptModule: (name) => place(make('script', { type: 'module', textContent: code(name) })),
      scriptData: (name) => place(make('script', { src: data(name) })),
      scriptBlob: (name) => place(make('script', { src: blob(name) })),
      importData: (name) => import(data(name)),
      importBlob: (name) => import(blob(name)),
      workerBlob: (name) => {
        const worker = new Worker(URL.createObjectURL(new Blob(['postMessage(1)'], { type: 'text/javascript' })));
        worker.onmessage = () => ran.push(name);
      },
      handler: (name) => {
        const button = place(document.createElement('button'));
        button.setAttribute('onclick', code(name));
        button.click();
      },
      link: (name) => place(make('a', { href: run(`${code(name)};void 0`) })).click(),
      form: (name) => {
        const form = place(make('form', { action: run(`${code(name)};void 0`) }));
        form.submit();
      },
      animation: (name) => {
        const holder = place(document.createElement('div'));
        holder.setAttribute('style', 'animation: seen 1ms');
        holder.setAttribute('onanimationend', code(name));
        holder.dispatchEvent(new Event('animationend'));
      },
    };
    const attempt = (name: string, sink: (name: string) => unknown): Promise<void> =>
      new Promise((done) => {
        setTimeout(() => {
          Promise.resolve()
            .then(() => sink(name))
            .catch(() => undefined)
            .then(() => done());
        });
      });
    for (const [name, sink] of Object.entries(sinks)) await attempt(name, sink);
    await new Promise((passed) => setTimeout(passed, patience));
    return { tried: Object.keys(sinks), ran: [...new Set(ran)].sort() };
  }, settle);

test('W5 a script that was slipped into the page runs through none of the ways that would run it without the policy', async ({
  browser,
  devnet,
}) => {
  const context = await browser.newContext();
  const bare = await context.newPage();
  await bare.route(NO_POLICY, (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html><body>' }));
  await bare.goto(NO_POLICY);
  const without = await tryEverySink(bare, SETTLE);
  const page = await context.newPage();
  await page.goto(devnet.wallet);
  await expect(page.getByRole('link', { name: 'Create a wallet' })).toBeVisible();
  const { ran } = await tryEverySink(page, SETTLE);
  await context.close();
  expect(without.tried.filter((name) => !without.ran.includes(name))).toEqual([]);
  expect(without.ran.length).toBeGreaterThanOrEqual(20);
  expect(ran).toEqual([]);
});
