import type { Browser, CDPSession, Page } from '@playwright/test';
import { createWallet, expectVerified } from '../e2e/journeys/person.ts';

/** A page of a profile that never saw the wallet, and all that it asked for and received since. */
export interface FreshProfile {
  readonly page: Page;
  readonly cdp: CDPSession;
  /** paths of the wallet's origin, each once, in the order they were asked for */
  readonly requested: () => readonly string[];
  /** bytes by network: what WebSockets carried, and answers over HTTP other than the app's own files */
  readonly received: () => number;
}

/** The app's own files are those that its release lists, and what it is started by. */
const listAppFiles = async (wallet: string): Promise<ReadonlySet<string>> => {
  const { files } = (await (await fetch(new URL('version.json', wallet))).json()) as {
    readonly files: readonly { readonly path: string }[];
  };
  return new Set(['/', '/sw.js', '/version.json', ...files.map(({ path }) => path)]);
};

const BINARY = 2;

const countReceived = (cdp: CDPSession, isApp: (url: string) => boolean): (() => number) => {
  let bytes = 0;
  const urls = new Map<string, string>();
  cdp.on('Network.requestWillBeSent', ({ requestId, request }) => void urls.set(requestId, request.url));
  cdp.on('Network.dataReceived', ({ requestId, encodedDataLength, dataLength }) => {
    if (!isApp(urls.get(requestId) ?? '')) bytes += Math.max(encodedDataLength, dataLength);
  });
  cdp.on('Network.webSocketFrameReceived', ({ response: { opcode, payloadData } }) => {
    bytes += Buffer.byteLength(payloadData, opcode === BINARY ? 'base64' : 'utf8');
  });
  return () => bytes;
};

/** Opens an empty page that is ready to go to the wallet. */
export const openFreshProfile = async (browser: Browser, wallet: string): Promise<FreshProfile> => {
  const appFiles = await listAppFiles(wallet);
  const context = await browser.newContext({ locale: 'en-GB' });
  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  const requested = new Set<string>();
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.origin === new URL(wallet).origin) requested.add(url.pathname);
  });
  const received = countReceived(cdp, (url) => url.startsWith(wallet) && appFiles.has(new URL(url).pathname));
  await cdp.send('Network.enable');
  return { page, cdp, requested: () => [...requested], received };
};

/** The first screen works: what it offers can be chosen. */
export const reachFirstScreen = async (page: Page, wallet: string): Promise<void> => {
  await page.goto(wallet, { waitUntil: 'commit' });
  await page.getByRole('link', { name: 'Create a wallet' }).waitFor();
};

/** As a person goes: a password, twice, and then the balance, complete and verified. */
export const reachVerifiedBalance = async (page: Page): Promise<void> => {
  await createWallet(page);
  await expectVerified(page);
};
