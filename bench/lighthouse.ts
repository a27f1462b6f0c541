import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CHROMIUM_FLAGS, chromiumPath } from './chromium.ts';
import { devnetWithBlocks } from './devnet.ts';
import { requirePeer } from './install.ts';
import { atLeast, type BenchPart, type BenchRow, median, rowOf, say } from './row.ts';
import { stopLater } from './stop.ts';

const PASSES = 3;
const LEAST_SCORE = 95;
const CATEGORIES = ['performance', 'accessibility'] as const;
type Category = (typeof CATEGORIES)[number];

interface Report {
  readonly lhr: {
    readonly runtimeError?: { readonly message: string };
    readonly categories: Readonly<Record<Category, { readonly score: number | null }>>;
    readonly audits: Readonly<Record<string, { readonly numericValue?: number }>>;
  };
}

interface Lighthouse {
  readonly default: (url: string, flags: { port: number; output: 'json'; logLevel: 'error'; onlyCategories: string[] }) => Promise<Report>;
}

interface Launcher {
  readonly launch: (options: {
    chromePath: string;
    chromeFlags: string[];
    userDataDir: string;
    handleSIGINT: boolean;
    logLevel: 'error';
  }) => Promise<{ readonly port: number; readonly kill: () => void }>;
}

const importPeer = async <T>(name: string): Promise<T> => (await import(pathToFileURL(requirePeer.resolve(name)).href)) as T;

/** One report of a browser of its own, on a profile that never saw the page. */
const report = async (url: string): Promise<Report['lhr']> => {
  const { default: lighthouse } = await importPeer<Lighthouse>('lighthouse');
  const { launch } = await importPeer<Launcher>('chrome-launcher');
  const userDataDir = mkdtempSync(join(tmpdir(), 'vc-lighthouse-'));
  const chrome = await launch({
    chromePath: chromiumPath(),
    chromeFlags: ['--headless=new', ...CHROMIUM_FLAGS],
    userDataDir,
    handleSIGINT: false,
    logLevel: 'error',
  });
  const stop = async (): Promise<void> => {
    chrome.kill();
    rmSync(userDataDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  const forget = stopLater(stop);
  try {
    const { lhr } = await lighthouse(url, { port: chrome.port, output: 'json', logLevel: 'error', onlyCategories: [...CATEGORIES] });
    if (lhr.runtimeError !== undefined) throw new Error(lhr.runtimeError.message);
    return lhr;
  } finally {
    forget();
    await stop();
  }
};

const METRICS = {
  'first contentful paint, ms': 'first-contentful-paint',
  'largest contentful paint, ms': 'largest-contentful-paint',
  'total blocking time, ms': 'total-blocking-time',
} as const;

/** Figure `lighthouse`: its own default, a slow phone, on the wallet that a node of the development network serves. */
export const lighthouseRows = async (): Promise<readonly BenchRow[]> => {
  const { wallet } = await devnetWithBlocks();
  const reports: Report['lhr'][] = [];
  for (let pass = 1; pass <= PASSES; pass++) {
    say(`lighthouse, run ${pass} of ${PASSES}`);
    reports.push(await report(wallet));
  }
  const also = Object.fromEntries(
    Object.entries(METRICS).map(([name, audit]) => [name, median(reports.map(({ audits }) => audits[audit]?.numericValue ?? Number.NaN))]),
  );
  const partOf = (category: Category): BenchPart =>
    atLeast({
      unit: `points, ${category}`,
      ours: median(reports.map(({ categories }) => (categories[category].score ?? 0) * 100)),
      limit: LEAST_SCORE,
      bar: `≥ ${LEAST_SCORE}`,
      n: reports.length,
      ...(category === 'performance' && { also }),
    });
  return [rowOf('lighthouse', { performance: partOf('performance'), accessibility: partOf('accessibility') })];
};
