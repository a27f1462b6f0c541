import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { pino } from 'pino';
import { encodeHex } from '#protocol/codec/hex';
import { Failure } from '#protocol/failure';
import { isFault } from '#protocol/fault';
import { decodeNetworkFile, type NetworkFile } from '#protocol/params/network-file';
import { installNodeCrypto } from '../crypto/node-crypto.ts';
import { startDevnet } from '../devnet/start.ts';
import { defaultWebFolder } from '../http/web-files.ts';
import { finish, readPort, say } from './finish.ts';
import { settleMemory } from './memory.ts';
import { defaultFolder } from './node-folder.ts';
import { addPolicy } from './policy-command.ts';
import { startNode } from './start-node.ts';
import { verifyStore } from './verify-store.ts';

interface NodeFlags {
  readonly network: string;
  readonly data?: string;
  readonly http: number;
  readonly tcp: number;
  readonly ws: number;
  readonly peer: readonly string[];
  readonly bitcoin: readonly string[];
  readonly solo: boolean;
  readonly staking: boolean;
  readonly verify: boolean;
  readonly devNode?: number;
  readonly mailboxGroup?: string;
  readonly log: string;
  readonly json: boolean;
}

const readCount = (text: string): number => {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 0) throw new InvalidArgumentError('a whole number, 0 or more');
  return count;
};

const readGroup = (text: string): string => {
  if (!/^[a-z0-9-]{1,64}$/.test(text)) throw new InvalidArgumentError('1 to 64 small letters, digits or hyphens');
  return text;
};

const collect = (text: string, before: readonly string[]): readonly string[] => [...before, text];

const readNetworkFile = (folder: string): { bytes: Uint8Array<ArrayBuffer>; file: NetworkFile } => {
  const bytes = readBytes(join(folder, 'network.json'));
  const file = decodeNetworkFile(bytes);
  if (isFault(file)) throw new Failure('network-file', file.fault);
  return { bytes, file };
};

const readBytes = (path: string): Uint8Array<ArrayBuffer> => {
  try {
    return new Uint8Array(readFileSync(path));
  } catch (cause) {
    throw new Failure('network-file-missing', cause);
  }
};

const requireLaunched = (network: string): void => {
  if (network !== 'dev') throw new Failure('network-not-launched');
};

const untilStopped = async (flags: NodeFlags): Promise<number> => {
  const folder = flags.data ?? defaultFolder(flags.network);
  const networkFile = readNetworkFile(folder);
  settleMemory();
  const log = pino({ level: flags.log }, pino.destination({ dest: 2, sync: true }));
  const fatal = Promise.withResolvers<unknown>();
  const signal = new Promise<void>((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => resolve());
  });
  const node = await startNode({
    folder,
    networkFile,
    httpPort: flags.http,
    listen: [`/ip4/127.0.0.1/tcp/${flags.tcp}`, `/ip4/127.0.0.1/tcp/${flags.ws}/ws`],
    bootstrap: [...flags.peer, ...networkFile.file.bootstrap.filter((address) => !address.includes('/ws/'))],
    bitcoinPeers: flags.bitcoin,
    solo: flags.solo,
    staking: flags.staking,
    devNode: flags.devNode,
    mailboxGroup: flags.mailboxGroup,
    webFolder: defaultWebFolder(),
    log,
    onFatal: fatal.resolve,
  });
  process.stdout.write(
    flags.json ? `${JSON.stringify({ http: flags.http, peerId: node.peerId })}\n` : `Node: http://localhost:${flags.http}/node\n`,
  );
  const reason = await Promise.race([signal, node.stopAsked, fatal.promise]);
  if (reason !== undefined) log.error({ err: reason }, 'node cannot go on');
  await node.stop();
  return reason === undefined ? 0 : 1;
};

const verify = async ({ data, network, json }: NodeFlags): Promise<number> => {
  const folder = data ?? defaultFolder(network);
  const verdict = await verifyStore(folder, readNetworkFile(folder), say);
  const shown = verdict.valid ? { ...verdict, stateRoot: encodeHex(verdict.stateRoot) } : verdict;
  process.stdout.write(
    json
      ? `${JSON.stringify(shown)}\n`
      : verdict.valid
        ? `Valid: ${verdict.height} blocks\n`
        : `Invalid: ${verdict.fault} at ${verdict.height}\n`,
  );
  return verdict.valid ? 0 : 1;
};

const NODE_EXAMPLES = `
Examples:
  vc node --network dev --data ./my-node          a node that follows the development network of ./my-node/network.json
  vc node --network dev --data ./my-node --solo   makes blocks though no peer is there
  vc node --data ./my-node --verify               replays the store from genesis and checks everything again

The folder holds network.json (which network: copy it from a node, GET /network.json), the store, the node's identity,
the token of its HTTP, and, where the node is to make blocks, staker-keys: one secret of 64 hexadecimal digits a line.
Logs go to stderr as JSON, one object a line. SIGINT and SIGTERM stop the node cleanly.`;

const DEVNET_EXAMPLES = `
Examples:
  vc devnet                        three nodes, Bitcoin's source, a faucet and the wallet on http://localhost:8480/
  vc devnet --data /tmp/net        another network in another folder
  vc devnet --prefill 2000         a new network that has 2,000 blocks already
  vc devnet --ports auto           free ports instead of the fixed ones, for tests

Stopping it (Ctrl-C) stops all nodes; the next start goes on where they stood. Delete the folder for a new network.`;

const addNode = (program: Command): void => {
  program
    .command('node')
    .description('run a full node: it checks and keeps the whole chain, serves proofs, and makes blocks where it has stakes')
    .addOption(new Option('--network <name>', 'which network').choices(['dev', 'test', 'main']).default('dev'))
    .option('--data <folder>', 'where the node keeps its things (default: ~/.valuecyber/<network>)')
    .option('--http <port>', 'HTTP on loopback: status, metrics, JSON-RPC, the wallet', readPort, 8480)
    .option('--tcp <port>', 'for other nodes', readPort, 8490)
    .option('--ws <port>', 'for browsers', readPort, 8500)
    .option('--peer <multiaddress>', 'a node to begin with; may be given more than once', collect, [])
    .option('--bitcoin <host:port>', 'a Bitcoin peer whose headers are followed; may be given more than once', collect, [])
    .option('--solo', 'make blocks without any synchronised peer', false)
    .option('--no-staking', 'make no blocks')
    .option('--mailbox-group <name>', 'a name that only your nodes have: they pass posts of the mailbox on to each other', readGroup)
    .option('--verify', 'replay the store from genesis, say whether it is valid, and end', false)
    .addOption(new Option('--dev-node <index>', 'act as one of the three nodes of the development network').argParser(readCount))
    .addOption(new Option('--log <level>', 'how much is logged').choices(['error', 'warn', 'info', 'debug']).default('info'))
    .option('--json', 'print JSON on stdout', false)
    .addHelpText('after', NODE_EXAMPLES)
    .action((flags: NodeFlags) =>
      finish(async () => {
        requireLaunched(flags.network);
        installNodeCrypto();
        return flags.verify ? verify(flags) : untilStopped(flags);
      }),
    );
};

const addDevnet = (program: Command): void => {
  program
    .command('devnet')
    .description('run a whole network on this machine: three nodes, a Bitcoin source, a faucet, and the wallet')
    .option('--data <folder>', 'where the network is kept', '.devnet')
    .addOption(new Option('--ports <which>', 'the fixed ports, or free ones').choices(['fixed', 'auto']).default('fixed'))
    .option('--prefill <blocks>', 'begin a new network with so many blocks', readCount, 0)
    .addHelpText('after', DEVNET_EXAMPLES)
    .action((flags: { data: string; ports: 'fixed' | 'auto'; prefill: number }) => finish(() => startDevnet(flags)));
};

/** Adds `node`, `devnet` and `policy` to the program. @source SPEC ND44 */
export const registerNodeCommands = (program: Command): void => {
  addNode(program);
  addDevnet(program);
  addPolicy(program);
};
