import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { makeSmallPool, NO_BITCOIN_HEADERS, SmallChain } from '../../../e2e/network/small-chain.ts';
import { type NodeSync, startSync } from '../sync/start-sync.ts';
import type { NodeNetwork } from './contract.ts';
import { type NetworkOptions, startNetwork } from './start-network.ts';

const LOOPBACK = ['/ip4/127.0.0.1/tcp/0', '/ip4/127.0.0.1/tcp/0/ws'];
const closing: (() => unknown)[] = [];

afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

const eventually = async (what: () => boolean, milliseconds = 10_000): Promise<void> => {
  const end = Date.now() + milliseconds;
  while (!what()) {
    if (Date.now() > end) throw new Error(`not within ${milliseconds} ms: ${what}`);
    await delay(10);
  }
};

const GENESIS_TIME = Math.floor(Date.now() / 1000) - 5_000;

interface TestNode {
  readonly chain: SmallChain;
  readonly pool: Map<string, Uint8Array>;
  readonly network: NodeNetwork;
  readonly sync: NodeSync;
  readonly errors: unknown[];
}

const startNode = async (
  bootstrap: readonly string[] = [],
  options: Partial<NetworkOptions> = {},
  genesisTime = GENESIS_TIME,
): Promise<TestNode> => {
  const chain = new SmallChain(genesisTime);
  const { pool, contract: mempool } = makeSmallPool();
  const errors: unknown[] = [];
  const network = await startNetwork({
    chain: chain.contract,
    mempool,
    bitcoin: NO_BITCOIN_HEADERS,
    clock: { now: () => Date.now() / 1000 },
    seed: randomBytes(32),
    listen: LOOPBACK,
    bootstrap,
    report: (error) => errors.push(error),
    ...options,
  });
  const sync = startSync({ chain: chain.contract, bitcoin: NO_BITCOIN_HEADERS, network, report: (error) => errors.push(error) });
  closing.push(() => {
    sync.close();
    return network.close();
  });
  return { chain, pool, network, sync, errors };
};

const body = (n: number): Uint8Array => Uint8Array.of(n & 0xff, n >> 8, 9);

const grow = async ({ chain }: TestNode, count: number): Promise<void> => {
  for (let i = 0; i < count; i++) await chain.extend(body(chain.tip.header.height + 1), GENESIS_TIME + 4 * (chain.tip.header.height + 1));
};

describe('two nodes', () => {
  test('NW11 a fresh node takes headers first and then all bodies, and follows new blocks by gossip', async () => {
    const old = await startNode();
    await grow(old, 1_300);
    const fresh = await startNode(old.network.addresses().slice(0, 1));
    await eventually(() => fresh.chain.tip.header.height === 1_300, 60_000);
    expect(fresh.sync.isSynchronised()).toBe(true);
    await delay(1_500);
    const made = await old.chain.extend(body(7), Math.floor(Date.now() / 1000));
    await eventually(() => fresh.chain.tip.header.height === 1_301, 3_000);
    expect(fresh.chain.tip.hash).toEqual(made.hash);
    expect([...old.errors, ...fresh.errors]).toEqual([]);
  });
});
