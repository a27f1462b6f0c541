import { readdirSync, readFileSync } from 'node:fs';
import type { Browser, Page } from '@playwright/test';
import { expectVerified, unlock } from '../e2e/journeys/person.ts';
import { withChromium } from './chromium.ts';
import { devnetWithBlocks, heightOf } from './devnet.ts';
import { openFreshProfile, reachFirstScreen, reachVerifiedBalance } from './fresh-profile.ts';
import { atMost, type BenchRow, median, RUNS, say } from './row.ts';

const WORK_LIMIT = 2_000;
const BYTES_LIMIT = 1_000_000;
const RESUME_LIMIT = 300;
const SETTLE = 1_000;
/** long enough for the chain to be read, judged anew and followed to the tip behind the lock screen */
const FOLLOWED = 3_000;

/** CPU time of a thread so far. @unit milliseconds */
interface ThreadTime {
  readonly thread: string;
  readonly name: string;
  readonly time: number;
}

/** Linux tells what each thread has really run, in nanoseconds; elsewhere only whole processes are known. */
const readThreads = (pid: number): readonly ThreadTime[] => {
  const folder = `/proc/${pid}/task`;
  return readdirSync(folder).map((thread) => ({
    thread,
    name: thread === String(pid) ? 'main thread' : readFileSync(`${folder}/${thread}/comm`, 'utf8').trim(),
    time: Number(readFileSync(`${folder}/${thread}/schedstat`, 'utf8').split(' ')[0]) / 1e6,
  }));
};

interface Work {
  /** of all renderer processes, whatever thread: compositor, compiler and garbage collector too */
  readonly processes: number;
  readonly threads: readonly ThreadTime[];
}

const readWork = async (browser: Browser): Promise<Work> => {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const renderers = processInfo.filter(({ type }) => type === 'renderer');
  const processes = renderers.reduce((sum, { cpuTime }) => sum + cpuTime * 1_000, 0);
  return { processes, threads: process.platform === 'linux' ? renderers.flatMap(({ id }) => readThreads(id)) : [] };
};

interface Spent {
  readonly work: number;
  readonly main: number;
  readonly workers: number;
  readonly processes: number;
}

interface Start {
  readonly cold: Spent;
  readonly bytes: number;
  readonly resumed: Spent;
  readonly followed: Spent;
}

const compareWork = (before: Work, after: Work): Spent => {
  const known = new Map(before.threads.map(({ thread, time }) => [thread, time]));
  const spent = (isCounted: (name: string) => boolean): number =>
    after.threads.filter(({ name }) => isCounted(name)).reduce((sum, { thread, time }) => sum + time - (known.get(thread) ?? 0), 0);
  const main = spent((name) => name === 'main thread');
  const workers = spent((name) => name.startsWith('DedicatedWorker'));
  const processes = after.processes - before.processes;
  return { work: after.threads.length > 0 ? main + workers : processes, main, workers, processes };
};

/**
 * The same profile opens the wallet again, up to the lock screen with the stored chain judged anew, and waits; nobody looks at
 * the page until the work is read: looking is work of its own in that page.
 */
const reopen = async (browser: Browser, page: Page): Promise<Spent> => {
  await page.goto('about:blank');
  await page.waitForTimeout(SETTLE);
  const before = await readWork(browser);
  await page.goBack({ waitUntil: 'commit' });
  await new Promise((resolve) => setTimeout(resolve, FOLLOWED));
  const spent = compareWork(before, await readWork(browser));
  await page.getByRole('button', { name: 'Unlock' }).waitFor();
  return spent;
};

/** Without a network, which is resuming alone; then with one, and unlocked, to see that the chain was followed meanwhile. */
const resume = async (browser: Browser, page: Page): Promise<{ readonly resumed: Spent; readonly followed: Spent }> => {
  await page.waitForTimeout(FOLLOWED);
  await page.context().setOffline(true);
  const resumed = await reopen(browser, page);
  await page.context().setOffline(false);
  const followed = await reopen(browser, page);
  await unlock(page);
  await expectVerified(page);
  return { resumed, followed };
};

/** A browser of its own, settled on an empty page; from there to the verified balance of a new wallet, and once more. */
const startCold = (wallet: string): Promise<Start> =>
  withChromium(async (browser) => {
    const { page, received } = await openFreshProfile(browser, wallet);
    await page.waitForTimeout(SETTLE);
    const before = await readWork(browser);
    await reachFirstScreen(page, wallet);
    await reachVerifiedBalance(page);
    const bytes = received();
    const cold = compareWork(before, await readWork(browser));
    return { cold, bytes, ...(await resume(browser, page)) };
  });

const withParts = (spent: readonly Spent[]): { readonly ours: number; readonly also: Readonly<Record<string, number>> } => {
  const at = (part: keyof Spent): number => median(spent.map((one) => one[part]));
  return { ours: at('work'), also: { 'main thread': at('main'), workers: at('workers'), 'all threads of the renderer': at('processes') } };
};

/** The light client is its workers; what the page does beside them is told apart. */
const withResumed = (starts: readonly Start[]): ReturnType<typeof withParts> => {
  const at = (of: (start: Start) => number): number => median(starts.map(of));
  return {
    ours: at(({ resumed }) => (process.platform === 'linux' ? resumed.workers : resumed.processes)),
    also: {
      'with the main thread of the page': at(({ resumed }) => resumed.work),
      'and with three peers joined and the chain followed': at(({ followed }) => followed.work),
      'all threads of the renderer': at(({ resumed }) => resumed.processes),
    },
  };
};

/**
 * Figures `cold-start-work`, `cold-start-bytes`, `resume-work`: opening a fresh profile, making a wallet, following the chain to its tip and
 * proving the balance. Work is the CPU time of the page's main thread and of its workers, the wallet's password
 * stretching included; waiting is none. Bytes are all that peers sent and what HTTP answered, the app's own files left out.
 * Resuming is opening the same profile again, without a network: the work of the light client's workers until the stored chain
 * is read and judged anew and the lock screen stands.
 */
export const coldStartRows = async (): Promise<readonly BenchRow[]> => {
  const devnet = await devnetWithBlocks();
  const starts: Start[] = [];
  for (let round = 1; round <= RUNS; round++) {
    say(`cold start, run ${round} of ${RUNS}`);
    starts.push(await startCold(devnet.wallet));
  }
  const n = await heightOf(devnet);
  return [
    {
      name: 'cold-start-work',
      ...atMost({
        unit: 'ms of CPU, main thread and workers',
        ...withParts(starts.map(({ cold }) => cold)),
        limit: WORK_LIMIT,
        bar: '≤ 2 s',
        n,
      }),
    },
    {
      name: 'cold-start-bytes',
      ...atMost({ unit: 'bytes received', ours: median(starts.map(({ bytes }) => bytes)), limit: BYTES_LIMIT, bar: '≤ 1 MB', n }),
    },
    {
      name: 'resume-work',
      ...atMost({
        unit: 'ms of CPU, workers',
        ...withResumed(starts),
        limit: RESUME_LIMIT,
        bar: '≤ 300 ms',
        n,
      }),
    },
  ];
};
