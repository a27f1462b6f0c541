import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type BrowserContext, chromium, type LaunchOptions, type Page } from '@playwright/test';

/** A browser of its own with a profile on the disk, whose processes can be ended as a machine's failure ends them. */
export interface KeptBrowser {
  readonly open: () => Promise<Page>;
  readonly kill: () => Promise<void>;
  readonly remove: () => Promise<void>;
}

const argumentsOf = (pid: number): string => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1');
  } catch {
    return '';
  }
};

const processesOf = (profile: string): readonly number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => argumentsOf(pid).includes(profile));

/** The one that started all others and leads their group. */
const isFirst = (pid: number): boolean => argumentsOf(pid).includes('--user-data-dir=') && !argumentsOf(pid).includes('--type=');

const endGroup = (pid: number): void => {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
};

/** Ends every process of a profile's browser at once; nothing of it is told. */
const killBrowser = async (profile: string): Promise<void> => {
  for (const pid of processesOf(profile).filter(isFirst)) endGroup(pid);
  while (processesOf(profile).length > 0) await delay(20);
};

/** Makes an empty profile. */
export const makeKeptBrowser = async (options: LaunchOptions): Promise<KeptBrowser> => {
  const profile = await mkdtemp(join(tmpdir(), 'vc-profile-'));
  const opened: { context: BrowserContext | undefined } = { context: undefined };
  const open = async (): Promise<Page> => {
    opened.context = await chromium.launchPersistentContext(profile, { ...options, locale: 'en-GB' });
    const [page = await opened.context.newPage()] = opened.context.pages();
    return page;
  };
  const kill = async (): Promise<void> => {
    const closed = opened.context?.waitForEvent('close');
    await killBrowser(profile);
    await closed;
    opened.context = undefined;
  };
  const remove = async (): Promise<void> => {
    if (opened.context !== undefined) await kill();
    await rm(profile, { recursive: true, force: true });
  };
  return { open, kill, remove };
};
