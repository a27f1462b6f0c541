import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Browser, chromium } from '@playwright/test';
import { findChromium } from '../setup/chromium.mjs';
import { stopLater } from './stop.ts';

export const CHROMIUM_FLAGS = [
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

export const chromiumPath = (): string => {
  const path = findChromium();
  if (path === undefined) throw new Error('no Chromium was found: name one in CHROMIUM_PATH');
  return path;
};

/** Lends a Chromium that was never used before. */
export const withChromium = async <T>(use: (browser: Browser) => Promise<T>): Promise<T> => {
  const browser = await chromium.launch({
    executablePath: chromiumPath(),
    args: CHROMIUM_FLAGS,
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
  const forget = stopLater(() => browser.close());
  try {
    return await use(browser);
  } finally {
    forget();
    await browser.close();
  }
};

export interface ServedFile {
  readonly type: string;
  readonly body: string;
}

/** Serves files by path on loopback while they are used, cross-origin isolated: the page's clock is then exact to 5 µs. */
export const withFiles = async <T>(files: Readonly<Record<string, ServedFile>>, use: (origin: string) => Promise<T>): Promise<T> => {
  const server = createServer((request, answer) => {
    const file = files[request.url ?? ''];
    if (file === undefined) return void answer.writeHead(404).end();
    answer.writeHead(200, {
      'content-type': file.type,
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
    });
    answer.end(file.body);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  try {
    return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  }
};
