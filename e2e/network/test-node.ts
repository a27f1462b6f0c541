import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { NodeNetwork } from '../../protocol/node/network/contract.ts';
import { type NetworkOptions, startNetwork } from '../../protocol/node/network/start-network.ts';
import { type NodeSync, startSync } from '../../protocol/node/sync/start-sync.ts';
import { makeSmallPool, NO_BITCOIN_HEADERS, SmallChain } from './small-chain.ts';

const LOOPBACK = ['/ip4/127.0.0.1/tcp/0', '/ip4/127.0.0.1/tcp/0/ws'];
const closing: (() => unknown)[] = [];

export const stopNodes = async (): Promise<void> => {
  await Promise.all(closing.splice(0).map((close) => close()));
};

export const eventually = async (what: () => boolean, milliseconds = 10_000): Promise<void> => {
  const end = Date.now() + milliseconds;
  while (!what()) {
    if (Date.now() > end) throw new Error(`not within ${milliseconds} ms: ${what}`);
    await delay(10);
  }
};

export const GENESIS_TIME = Math.floor(Date.now() / 1000) - 5_000;

export interface TestNode {
  readonly chain: SmallChain;
  readonly pool: Map<string, Uint8Array>;
  readonly network: NodeNetwork;
  readonly sync: NodeSync;
  readonly errors: unknown[];
}

export const startNode = async (
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

export const body = (n: number): Uint8Array => Uint8Array.of(n & 0xff, n >> 8, 9);

export const grow = async ({ chain }: TestNode, count: number): Promise<void> => {
  for (let i = 0; i < count; i++) await chain.extend(body(chain.tip.header.height + 1), GENESIS_TIME + 4 * (chain.tip.header.height + 1));
};
