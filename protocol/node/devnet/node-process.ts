import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { Failure } from '#protocol/failure';
import { isFault } from '#protocol/fault';
import { invariant } from '#protocol/invariant';
import { decodeNetworkFile } from '#protocol/params/network-file';
import { startNode } from '../cli/start-node.ts';
import { installNodeCrypto } from '../crypto/node-crypto.ts';
import type { NodePorts } from './ports.ts';

/** What the parent hands to each node process as its one argument. */
export interface NodeProcessOptions {
  readonly node: number;
  readonly folder: string;
  readonly networkFile: string;
  readonly ports: NodePorts;
  readonly bitcoin: string;
  readonly webFolder: string;
}

export type NodeProcessMessage = { readonly kind: 'started'; readonly http: number } | { readonly kind: 'failed'; readonly code: string };

const tell = (message: NodeProcessMessage): void => {
  if (process.connected) process.send?.(message);
};

const codeOf = (error: unknown): string => (error instanceof Failure ? error.code : 'bug');

const run = async (options: NodeProcessOptions): Promise<void> => {
  installNodeCrypto();
  const log = pino(
    { level: process.env.VC_LOG ?? 'info' },
    pino.destination({ dest: join(options.folder, 'log'), mkdir: true, sync: true }),
  );
  const bytes = new Uint8Array(readFileSync(options.networkFile));
  const file = decodeNetworkFile(bytes);
  if (isFault(file)) throw new Failure('network-file', file.fault);
  const loopback = '/ip4/127.0.0.1/tcp';
  const fatal = Promise.withResolvers<unknown>();
  const node = await startNode({
    folder: options.folder,
    networkFile: { bytes, file },
    httpPort: options.ports.http,
    listen: [`${loopback}/${options.ports.tcp}`, `${loopback}/${options.ports.ws}/ws`],
    bootstrap: file.bootstrap.filter((address) => !address.includes('/ws/') && !address.startsWith(`${loopback}/${options.ports.tcp}/`)),
    bitcoinPeers: [options.bitcoin],
    solo: false,
    staking: true,
    devNode: options.node,
    mailboxGroup: 'devnet',
    webFolder: options.webFolder,
    log,
    onFatal: fatal.resolve,
  });
  tell({ kind: 'started', http: node.http.port });
  const signal = new Promise<void>((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM', 'disconnect'] as const) process.once(name, () => resolve());
  });
  const reason = await Promise.race([signal, node.stopAsked, fatal.promise]);
  log.info({ fatal: reason !== undefined }, 'node stops');
  if (reason !== undefined) log.error({ err: reason }, 'node cannot go on');
  await node.stop();
  process.exit(reason === undefined ? 0 : 1);
};

const [argument] = process.argv.slice(2);
invariant(argument !== undefined, 'the parent names the options');
run(JSON.parse(argument) as NodeProcessOptions).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  tell({ kind: 'failed', code: codeOf(error) });
  process.exitCode = 1;
  if (process.connected) process.disconnect();
  setTimeout(() => process.exit(1), 100);
});
