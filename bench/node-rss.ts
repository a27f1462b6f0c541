import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { DevelopmentKeys } from '#protocol/node/devnet/dev-keys';
import { networkPath, nodeFolder } from '#protocol/node/devnet/devnet-folder';
import type { NodePorts } from '#protocol/node/devnet/ports';
import { encodeAddress } from '#protocol/script/address';
import { buildPayToKey } from '#protocol/script/forms/pay-to-key';
import { LightClient } from '#workers/cli/light-client';
import { type MillionCoins, millionCoins } from './million-coins.ts';
import { atMost, type BenchRow, say } from './row.ts';
import { stopLater } from './stop.ts';

const LIMIT = 2 ** 30;
const FULL = 0;
const BEHIND = 2;
const PATIENCE = 120;
const ADDRESSES = 8;

interface RunningNode {
  readonly pid: number;
  readonly http: string;
  readonly ws: string;
  readonly stop: () => Promise<void>;
}

interface Status {
  readonly height: number;
  readonly coins: string;
  readonly peerId: string;
}

const readStatus = async (http: string): Promise<Status> => (await (await fetch(new URL('status', http))).json()) as Status;

const waitFor = async <T>(what: string, ask: () => Promise<T | undefined>): Promise<T> => {
  for (let second = 0; second < PATIENCE; second++) {
    const answer = await ask().catch(() => undefined);
    if (answer !== undefined) return answer;
    await sleep(1_000);
  }
  throw new Error(`${what}: not within ${PATIENCE} seconds`);
};

const stopChild = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
};

/** `vc node` on one of the folders, as an operator starts it. */
const startNode = async ({ network }: MillionCoins, node: number): Promise<RunningNode> => {
  const ports = network.made.ports.nodes[node] as NodePorts;
  const listen = ['http', 'tcp', 'ws'] as const;
  const child = spawn(
    process.execPath,
    [
      '--conditions=source',
      'workers/cli/vc.ts',
      'node',
      '--no-staking',
      ...['--log', 'warn', '--data', nodeFolder(network.folder, node)],
      ...listen.flatMap((name) => [`--${name}`, String(ports[name])]),
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const stop = (): Promise<void> => stopChild(child);
  const forget = stopLater(stop);
  const http = `http://127.0.0.1:${ports.http}/`;
  const { peerId } = await waitFor('the node starts', () => readStatus(http));
  return {
    pid: child.pid as number,
    http,
    ws: `/ip4/127.0.0.1/tcp/${ports.ws}/ws/p2p/${peerId}`,
    stop: async () => {
      forget();
      await stop();
    },
  };
};

/** @unit bytes */
const readMemory = (pid: number): { readonly peak: number; readonly now: number } => {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const at = (name: string): number => 1024 * Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]);
  return { peak: at('VmHWM'), now: at('VmRSS') };
};

/** A light client that proves what addresses of the faucet hold, each by another proof of the coins. */
const askForProofs = async ({ network }: MillionCoins, { ws }: RunningNode): Promise<void> => {
  const keys = new DevelopmentKeys().faucet(1);
  const { addressPrefix } = network.made.file.parameters;
  const client = await LightClient.open({ network: networkPath(network.folder), peers: [ws] });
  try {
    for (let i = 0; i < ADDRESSES; i++) {
      const address = encodeAddress(buildPayToKey(keys.at(i).publicKey), addressPrefix);
      if (address === undefined) throw new Error('a pay to key has an address');
      const { coins } = await client.verifyAddress(address, PATIENCE);
      if (coins.length !== 1) throw new Error('a faucet address has one coin');
    }
  } finally {
    await client.close();
  }
};

/**
 * Figure `node-rss`: a node process that opens a million coins, takes the full blocks that it is behind from another node,
 * and proves coins to a light client. The other one serves headers, stake proofs and bodies; the one that needed more counts.
 */
export const nodeRssRows = async (): Promise<readonly BenchRow[]> => {
  if (process.platform !== 'linux') throw new Error('the peak of a process is read from /proc');
  const million = await millionCoins();
  say('starting two nodes');
  const full = await startNode(million, FULL);
  try {
    const behind = await startNode(million, BEHIND);
    try {
      const { height } = await readStatus(full.http);
      const { coins } = await waitFor('the node that is behind follows', async () => {
        const status = await readStatus(behind.http);
        return status.height === height ? status : undefined;
      });
      say('proving coins to a light client');
      await askForProofs(million, behind);
      const [follower, server] = [readMemory(behind.pid), readMemory(full.pid)];
      const part = atMost({
        unit: 'bytes at the peak',
        ours: Math.max(follower.peak, server.peak),
        limit: LIMIT,
        bar: '< 1 GiB',
        n: Number(coins),
        also: {
          'peak of the node that connected blocks': follower.peak,
          'and afterwards': follower.now,
          'peak of the node that served it': server.peak,
        },
      });
      return [{ name: 'node-rss', ...part }];
    } finally {
      await behind.stop();
    }
  } finally {
    await full.stop();
  }
};
