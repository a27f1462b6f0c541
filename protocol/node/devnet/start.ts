import { spawn } from 'node:child_process';
import { Failure } from '#protocol/failure';
import { runDevnet } from './run-devnet.ts';

const say = (line: string): void => void process.stderr.write(`${line}\n`);

const OPENERS: Readonly<Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>>> = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', ''],
  linux: ['xdg-open'],
};

const openBrowser = (url: string): void => {
  const opener = OPENERS[process.platform];
  if (process.env.CI !== undefined || process.env.BROWSER === 'none' || opener === undefined) return;
  const [command, ...rest] = opener;
  spawn(command, [...rest, url], { stdio: 'ignore', detached: true })
    .on('error', () => undefined)
    .unref();
};

export interface StartDevnet {
  readonly data: string;
  readonly ports: 'fixed' | 'auto';
  readonly prefill: number;
}

/**
 * `vc devnet`: runs until it is asked to stop; the one line on stdout is the wallet's address. Answers the exit code.
 *
 * @source SPEC ND42
 */
export const startDevnet = async ({ data, ports, prefill }: StartDevnet): Promise<number> => {
  const asked = new Promise<'asked'>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve('asked'));
  });
  try {
    const devnet = await runDevnet({ folder: data, ports, prefill, say });
    process.stdout.write(`Wallet: ${devnet.wallet}\n`);
    openBrowser(devnet.wallet);
    const reason = await Promise.race([asked, devnet.ended]);
    say('devnet: stopping');
    await devnet.stop();
    return reason === 'asked' ? 0 : 1;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    say(`devnet: ${error.code}${typeof error.cause === 'string' || typeof error.cause === 'number' ? ` ${error.cause}` : ''}`);
    return 1;
  }
};
