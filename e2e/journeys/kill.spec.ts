import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { startDevnet } from '../network/devnet.ts';
import { createWallet, expectVerified, goTo, takeFromFaucet } from './person.ts';

/** Process ids of the node processes that keep their stores in this folder. */
const nodesOf = (folder: string): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, 'latin1');
        return line.includes('node-process') && line.includes(folder);
      } catch {
        return false;
      }
    });

test('a node is killed: the other two make the next five blocks and the wallet goes on', async ({ browser }) => {
  test.skip(process.platform !== 'linux', 'finds the processes in /proc');
  const devnet = await startDevnet();
  const context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] });
  try {
    const page = await context.newPage();
    await page.goto(devnet.wallet);
    await createWallet(page);
    const height = async (): Promise<number> => ((await (await fetch(`${devnet.wallet}status`)).json()) as { height: number }).height;
    const pids = nodesOf(devnet.folder).sort((a, b) => a - b);
    expect(pids).toHaveLength(3);
    process.kill(pids[2] as number, 'SIGKILL');
    const before = await height();
    await expect.poll(height, { timeout: 120_000 }).toBeGreaterThanOrEqual(before + 5);
    await takeFromFaucet(page);
    await goTo(page, '/');
    await expectVerified(page);
    expect(nodesOf(devnet.folder)).toHaveLength(2);
  } finally {
    await context.close();
    await devnet.stop();
  }
});
