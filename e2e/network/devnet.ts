import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { nodeFolder } from '../../protocol/node/devnet/devnet-folder.ts';

/** A running development network of three real node processes, as `npm start` makes one. */
export interface Devnet {
  /** origin of the wallet, with a slash at its end */
  readonly wallet: string;
  readonly folder: string;
  /** Ends its processes and leaves its folder. */
  readonly halt: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

const nothing = async (): Promise<void> => undefined;

/** A network that somebody else started and stops. */
export const networkAt = (wallet: string): Devnet => ({ wallet, folder: '', halt: nothing, stop: nothing });

const START_SECONDS = 90;

const waitForWallet = async (child: ChildProcess, seconds: number): Promise<string> => {
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  const timer = setTimeout(() => child.kill('SIGKILL'), seconds * 1000);
  for await (const line of lines) {
    const found = /^Wallet: (http:\/\/\S+)$/.exec(line);
    if (found?.[1] !== undefined) {
      clearTimeout(timer);
      return found[1];
    }
  }
  throw new Error(`the network did not start: exit ${child.exitCode}`);
};

/** Has `vc node --verify` replay the chain of a network that was halted, from genesis. @throws where any block breaks a rule */
export const verifyChain = async (folder: string): Promise<void> => {
  const verify = ['node', '--data', nodeFolder(folder, 0), '--verify', '--json'];
  await promisify(execFile)(process.execPath, ['--conditions=source', 'workers/cli/vc.ts', ...verify]);
};

export const makeDevnetFolder = (): string => mkdtempSync(join(tmpdir(), 'vc-devnet-'));

/** Starts a network on free ports, or goes on with the one of that folder. Stopping it takes the folder away. */
export const startDevnet = async (args: readonly string[] = [], seconds = START_SECONDS, folder = makeDevnetFolder()): Promise<Devnet> => {
  const child = spawn(
    process.execPath,
    ['--conditions=source', 'workers/cli/vc.ts', 'devnet', '--ports', 'auto', '--data', folder, ...args],
    { stdio: ['ignore', 'pipe', process.env.VC_E2E_LOG === undefined ? 'ignore' : 'inherit'], env: { ...process.env, BROWSER: 'none' } },
  );
  const wallet = await waitForWallet(child, seconds);
  const halt = async (): Promise<void> => {
    if (child.exitCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'exit');
  };
  const stop = async (): Promise<void> => {
    await halt();
    rmSync(folder, { recursive: true, force: true });
  };
  return { wallet, folder, halt, stop };
};
