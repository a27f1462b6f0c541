import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { extname, join, resolve } from 'node:path';
import { Failure } from '#protocol/failure';
import { type RegtestSource, startRegtestSource } from '../bitcoin/regtest-source.ts';
import { MEMORY_FLAGS, memoryEnvironment } from '../cli/memory.ts';
import { systemClock } from '../cli/start-node.ts';
import { defaultWebFolder } from '../http/web-files.ts';
import { DEVNET_NODES } from './dev-genesis.ts';
import { type DevnetFolder, makeDevnetFolder, networkPath, nodeFolder, readDevnetFolder } from './devnet-folder.ts';
import type { NodeProcessMessage, NodeProcessOptions } from './node-process.ts';
import { findBusyPort, findPorts, fixedPorts } from './ports.ts';
import { prefillDevnet } from './prefill.ts';

export interface DevnetOptions {
  readonly folder: string;
  readonly ports: 'fixed' | 'auto';
  /** blocks made before the start, on a genesis dated back */
  readonly prefill: number;
  readonly say: (line: string) => void;
}

export interface Devnet {
  readonly file: DevnetFolder;
  readonly wallet: string;
  /** process ids of the nodes */
  readonly pids: readonly number[];
  /** resolved when the network was asked to stop, or a node ended that should not */
  readonly ended: Promise<string>;
  readonly stop: () => Promise<void>;
}

/** @unit milliseconds */
const START_PATIENCE = 60_000;
const STOP_PATIENCE = 10_000;
const HEALTH_EVERY = 150;

const extension = extname(import.meta.filename);
const entry = join(import.meta.dirname, `node-process${extension}`);
const nodeArguments = [...MEMORY_FLAGS, ...(extension === '.ts' ? ['--conditions=source'] : [])];

const spawnNode = (options: NodeProcessOptions): ChildProcess =>
  spawn(process.execPath, [...nodeArguments, entry, JSON.stringify(options)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    detached: true,
    env: memoryEnvironment(),
  });

const waitForStart = async (child: ChildProcess, node: number): Promise<void> => {
  const timeout = AbortSignal.timeout(START_PATIENCE);
  const said = once(child, 'message', { signal: timeout }).then(([message]) => message as NodeProcessMessage);
  const gone = once(child, 'exit', { signal: timeout }).then((): NodeProcessMessage => ({ kind: 'failed', code: 'node-ended' }));
  said.catch(() => undefined);
  gone.catch(() => undefined);
  const message = await Promise.race([said, gone]).catch((cause: unknown) => {
    throw new Failure('node-start-timeout', cause);
  });
  if (message.kind === 'failed') throw new Failure(message.code, `node ${node + 1}`);
};

const waitForHealth = async (url: string): Promise<void> => {
  const end = Date.now() + START_PATIENCE;
  while (Date.now() < end) {
    const health = await fetch(`${url}health`).then(
      (answer) => (answer.ok ? (answer.json() as Promise<{ reasons: readonly string[] }>) : undefined),
      () => undefined,
    );
    if (health !== undefined && health.reasons.length === 0) return;
    await new Promise((passed) => setTimeout(passed, HEALTH_EVERY));
  }
  throw new Failure('node-unhealthy');
};

const stopChild = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_PATIENCE);
  await exited;
  clearTimeout(timer);
};

const openFolder = async ({ folder, ports, prefill, say }: DevnetOptions): Promise<DevnetFolder> => {
  const existing = await readDevnetFolder(folder);
  if (existing !== undefined) return existing;
  say('devnet: making a new network');
  const now = Math.floor(systemClock.now());
  const chosen = ports === 'auto' ? await findPorts() : fixedPorts();
  if (prefill === 0) return makeDevnetFolder(folder, chosen, now);
  return prefillDevnet({ folder, ports: chosen, blocks: prefill, now, say });
};

/**
 * Starts the development network: Bitcoin's source here, three nodes in three processes. A node that ends, however it
 * ends, stops nothing else.
 *
 * Failures: `port-in-use`, and those of a node's start.
 *
 * @source SPEC ND42; spec 10
 */
export const runDevnet = async (options: DevnetOptions): Promise<Devnet> => {
  const { say } = options;
  const folder = resolve(options.folder);
  const opened = await openFolder({ ...options, folder });
  const { ports, file } = opened;
  const busy = await findBusyPort(ports);
  if (busy !== undefined) throw new Failure('port-in-use', busy);
  const source = await startRegtestSource({
    parameters: file.parameters.bitcoin,
    file: join(folder, 'bitcoin-headers'),
    port: ports.bitcoin,
    clock: systemClock,
    genesisTime: file.genesisTime,
    report: (error) => say(`devnet: ${String(error)}`),
  });
  const children: ChildProcess[] = [];
  const stop = (): Promise<void> => stopAll(children, source);
  try {
    say(`devnet: starting ${DEVNET_NODES} nodes`);
    for (const [node, nodePorts] of ports.nodes.entries())
      children.push(
        spawnNode({
          node,
          folder: nodeFolder(folder, node),
          networkFile: networkPath(folder),
          ports: nodePorts,
          bitcoin: source.address,
          webFolder: defaultWebFolder(),
        }),
      );
    await Promise.all(children.map((child, node) => waitForStart(child, node)));
    const wallet = `http://localhost:${ports.nodes[0]?.http ?? 0}/`;
    await waitForHealth(wallet.replace('localhost', '127.0.0.1'));
    return { file: opened, wallet, pids: children.map(({ pid }) => pid ?? 0), ended: watch(children, say), stop };
  } catch (error) {
    await stop();
    throw error;
  }
};

const stopAll = async (children: readonly ChildProcess[], source: RegtestSource): Promise<void> => {
  await Promise.all(children.map(stopChild));
  await source.close();
};

/** Says which node ended; answers when none is left. */
const watch = async (children: readonly ChildProcess[], say: (line: string) => void): Promise<string> => {
  await Promise.all(
    children.map(async (child, node) => {
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      say(`devnet: node ${node + 1} ended (${child.signalCode ?? child.exitCode ?? 'unknown'})`);
    }),
  );
  return 'all-nodes-ended';
};
