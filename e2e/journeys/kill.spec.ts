import type { Page } from '@playwright/test';
import { askRpc } from '../network/ask-rpc.ts';
import { findNodes, type NodeProcess } from '../network/node-processes.ts';
import { heightOf } from '../network/watch-blocks.ts';
import { expect, test } from './fixtures.ts';
import { createWallet, expectVerified, goTo, myAddress, prepare, takeFromFaucet } from './person.ts';

// a network of its own: the other files keep all three of their nodes
test.use({ prefill: 12 });

const PATIENCE = { timeout: 120_000 };
const AMOUNT = '1.50';

const originOf = ({ options }: NodeProcess): string => `http://127.0.0.1:${options.ports.http}/`;

/** From now on the page notes whether a notice with an alarm, or that it is offline, ever stood on it. */
const noteNotices = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const seen: string[] = [];
    Object.assign(globalThis, { seenNotices: seen });
    new MutationObserver(() => {
      const main = document.querySelector('main');
      const alarms = [...(main?.querySelectorAll('p') ?? [])].find((title) => title.textContent === 'Please read');
      for (const item of alarms?.parentElement?.querySelectorAll('li p:first-child') ?? []) seen.push(item.textContent ?? '');
      for (const notice of ['You are offline', 'Peers disagree']) if (main?.textContent.includes(notice)) seen.push(notice);
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
  });

const notedNotices = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() => (globalThis as { seenNotices?: readonly string[] }).seenNotices ?? ['nothing was noted']);

const REPLACED = 'The network replaced its newest blocks.';

/** Whether a node knows two blocks or more that are not of its best chain: makers may build on one block, whoever is killed. */
const hasBranch = async (node: NodeProcess): Promise<boolean> =>
  (await askRpc<readonly { readonly branchlen: number }[]>(originOf(node), 'getchaintips')).some(({ branchlen }) => branchlen >= 2);

/** Nothing is noticed but what happened: blocks count as replaced only where the nodes that are left have the other branch. */
const expectUnnoticed = async (page: Page, left: readonly NodeProcess[]): Promise<void> => {
  const notices = await notedNotices(page);
  const replaced = notices.some((notice) => notice.startsWith(REPLACED));
  const branches = await Promise.all(left.map(hasBranch));
  expect(notices.filter((notice) => !notice.startsWith(REPLACED))).toEqual([]);
  expect(replaced && !branches.includes(true), 'blocks were called replaced that no node saw replaced').toBe(false);
};

/** The node that has proved coins to this page and does not serve the page itself. */
const findProver = async (page: Page, others: readonly NodeProcess[]): Promise<NodeProcess> => {
  await goTo(page, '/network');
  const rows = page.getByRole('list', { name: 'Peers' }).getByRole('listitem');
  const proving = rows.filter({ hasText: /state proofs [1-9]/ });
  await expect(proving.first()).toBeVisible();
  const names = (await proving.allTextContents()).join(' ');
  for (const node of others) {
    const { peerId } = (await (await fetch(`${originOf(node)}status`)).json()) as { readonly peerId: string };
    if (names.includes(`…${peerId.slice(-4)}`)) return node;
  }
  throw new Error('every proof came from the node that serves the page');
};

test('a node that proved the wallet’s coins is killed while a payment is under way: it arrives, the other two go on, nothing is noticed', async ({
  arrive,
  devnet,
}) => {
  test.skip(process.platform !== 'linux', 'finds the processes in /proc');
  test.skip(process.env.VC_WALLET !== undefined, 'kills a node of a network of its own');
  const [{ page: payer }, { page: payee }] = [await arrive(), await arrive()];
  await createWallet(payee);
  const to = await myAddress(payee);
  await goTo(payee, '/');
  await createWallet(payer);
  await takeFromFaucet(payer);
  const nodes = findNodes(devnet.folder);
  expect(nodes).toHaveLength(3);
  const killed = await findProver(payer, nodes.slice(1));
  const left = nodes.filter((node) => node !== killed);
  await prepare(payer, to, AMOUNT);
  for (const page of [payer, payee]) await noteNotices(page);
  const before = await Promise.all(left.map((node) => heightOf(originOf(node))));
  await payer.getByRole('button', { name: `Send ${AMOUNT} VC` }).click();
  await expect(payer.getByRole('heading', { name: 'Sent' })).toBeVisible();
  process.kill(killed.pid, 'SIGKILL');

  await expect(payee.getByRole('button', { name: /^Payment received: Verified at height/ })).toBeVisible(PATIENCE);
  for (const [i, node] of left.entries()) {
    const start = before[i] ?? Number.NaN;
    await expect.poll(() => heightOf(originOf(node)), PATIENCE).toBeGreaterThanOrEqual(start + 5);
  }
  expect(findNodes(devnet.folder).map(({ pid }) => pid)).toEqual(left.map(({ pid }) => pid));
  for (const page of [payer, payee]) {
    await goTo(page, '/');
    await expectVerified(page);
    await expectUnnoticed(page, left);
  }
  await takeFromFaucet(payee);
});
