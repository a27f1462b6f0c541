import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { NodeProcessOptions } from '../../protocol/node/devnet/node-process.ts';
import type { Lie } from './lies.ts';
import { findNodes, isGone } from './node-processes.ts';

export interface Liar {
  readonly peerId: string;
  readonly stop: () => Promise<void>;
}

const START_SECONDS = 60;

/**
 * Stops the network's node that keeps its store in this folder, so that liars can take its place.
 *
 * @shape node: 0 to 2
 */
export const takePlaceOf = async (folder: string, node: number): Promise<NodeProcessOptions> => {
  const found = findNodes(folder).find(({ options }) => options.node === node);
  if (found === undefined) throw new Error(`no node ${node} keeps its store in ${folder}`);
  process.kill(found.pid, 'SIGTERM');
  while (!isGone(found.pid)) await delay(50);
  return found.options;
};

/** Starts a process that tells one lie in the place of a node that was stopped. */
export const startLiar = async (options: NodeProcessOptions, lie: Lie): Promise<Liar> => {
  const entry = join(import.meta.dirname, 'lying-node.ts');
  const child = spawn(process.execPath, ['--conditions=source', entry, JSON.stringify(options), lie], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const signal = AbortSignal.timeout(START_SECONDS * 1000);
  const said = once(child, 'message', { signal });
  const ended = once(child, 'exit', { signal }).then(() => {
    throw new Error(`the liar did not start: exit ${child.exitCode}`);
  });
  said.catch(() => undefined);
  ended.catch(() => undefined);
  const [message] = await Promise.race([said, ended]);
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    await exited;
  };
  return { peerId: (message as { readonly peerId: string }).peerId, stop };
};
