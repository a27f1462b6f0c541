import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ZERO_HASH } from '../../protocol/codec/hash32.ts';
import { encodeHex } from '../../protocol/codec/hex.ts';
import { fixtureBitcoin } from '../../protocol/node/chain/bitcoin-fixture.ts';
import type { Chain } from '../../protocol/node/chain/chain.ts';
import type { NodeBitcoin } from '../../protocol/node/chain/contract.ts';
import { fixtureGenesis } from '../../protocol/node/chain/genesis-fixture.ts';
import { genesisSource, type OpenChainOptions, openChain } from '../../protocol/node/chain/open-chain.ts';
import { makePoolChain } from '../../protocol/node/chain/pool-chain.ts';
import { DevelopmentKeys, xOnly } from '../../protocol/node/devnet/dev-keys.ts';
import { Mempool } from '../../protocol/node/mempool/mempool.ts';
import type { NodeNetwork } from '../../protocol/node/network/contract.ts';
import { type NetworkOptions, startNetwork } from '../../protocol/node/network/start-network.ts';
import { Staker } from '../../protocol/node/staking/staker.ts';
import { type NodeSync, startSync } from '../../protocol/node/sync/start-sync.ts';
import { DEV_PARAMETERS } from '../../protocol/params/networks.ts';

export interface RealNode {
  readonly chain: Chain;
  readonly mempool: Mempool;
  readonly bitcoin: NodeBitcoin;
  readonly staker: Staker;
  readonly network: NodeNetwork;
  readonly sync: NodeSync;
  readonly errors: unknown[];
  readonly time: () => number;
  readonly setTime: (time: number) => void;
  /** Makes blocks slot by slot until `count` were made. */
  readonly grow: (count: number) => Promise<void>;
  readonly stop: () => Promise<void>;
}

const running = new Set<() => Promise<void>>();

export const stopRealNodes = async (): Promise<void> => {
  for (const stop of [...running]) await stop();
};

const stakerKeys = (only: (index: number) => boolean): ReadonlyMap<string, Uint8Array> => {
  const keys = new DevelopmentKeys();
  const secrets = Array.from({ length: DEV_PARAMETERS.genesisStakes }, (_, i) => keys.staker(i).secret);
  return new Map(secrets.filter((_, i) => only(i)).map((secret) => [encodeHex(xOnly(secret)), secret]));
};

/** A node with its own store, stakes and sockets, whose slots the test moves. Without `options.bitcoin` it names headers that have no work. */
export const startRealNode = async (
  only: (index: number) => boolean,
  bootstrap: readonly string[] = [],
  options: Partial<NetworkOptions> = {},
  startProofs?: OpenChainOptions['startProofs'],
): Promise<RealNode> => {
  const folder = await mkdtemp(join(tmpdir(), 'vc-node-'));
  const genesis = fixtureGenesis();
  const bitcoin = options.bitcoin ?? fixtureBitcoin();
  const state = { time: genesis.block.header.time };
  const clock = { now: () => state.time };
  const errors: unknown[] = [];
  const report = (error: unknown): void => void errors.push(error);
  const chain = await openChain({
    folder,
    genesis: genesisSource(genesis),
    parameters: DEV_PARAMETERS,
    network: 'dev',
    configHash: ZERO_HASH,
    bitcoin,
    clock,
    findRun: () => undefined,
    ...(startProofs && { startProofs }),
  });
  const mempool = new Mempool({ chain: makePoolChain(chain), clock });
  chain.onTip((change) => mempool.applyTip({ connected: change.connectedTransactions, disconnected: change.disconnectedTransactions }));
  const keys = stakerKeys(only);
  const staker = new Staker({ chain, mempool, bitcoin, clock, keys, isSynchronised: () => true, solo: true, report });
  await staker.refresh();
  const network = await startNetwork({
    chain,
    mempool,
    bitcoin,
    clock,
    seed: randomBytes(32),
    listen: ['/ip4/127.0.0.1/tcp/0'],
    bootstrap,
    report,
    ...options,
  });
  const sync = startSync({ chain, bitcoin, network, report });
  const stop = async (): Promise<void> => {
    running.delete(stop);
    sync.close();
    await network.close();
    await chain.close();
    await rm(folder, { recursive: true });
  };
  running.add(stop);
  const grow = async (count: number): Promise<void> => {
    for (let made = 0; made < count; ) {
      state.time += DEV_PARAMETERS.slotLength;
      if (await staker.trySlot(state.time)) made++;
    }
  };
  const setTime = (time: number): void => {
    state.time = time;
  };
  return { chain, mempool, bitcoin, staker, network, sync, errors, time: () => state.time, setTime, grow, stop };
};
