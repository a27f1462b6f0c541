import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { encodeReversedHex } from '#protocol/codec/hash32';
import { encodeHex } from '#protocol/codec/hex';
import { Failure } from '#protocol/failure';
import { computeConfigHash, type NetworkFile } from '#protocol/params/network-file';
import { followBitcoin } from '../bitcoin/follow-bitcoin.ts';
import type { Chain, ChainChange } from '../chain/chain.ts';
import type { Clock } from '../chain/contract.ts';
import { type GenesisSource, openChain } from '../chain/open-chain.ts';
import { makePoolChain } from '../chain/pool-chain.ts';
import { buildDevGenesis } from '../devnet/dev-genesis.ts';
import { DevelopmentKeys, xOnly } from '../devnet/dev-keys.ts';
import { Faucet } from '../devnet/faucet.ts';
import { type HttpServer, startHttp } from '../http/server.ts';
import type { NodeServices, StakingFigures } from '../http/services.ts';
import { Mailbox } from '../mailbox/mailbox.ts';
import { Mempool } from '../mempool/mempool.ts';
import { type NetworkOptions, startNetwork } from '../network/start-network.ts';
import { MakerPolicy } from '../policy/maker-policy.ts';
import { startProofThread } from '../proofs/start-proof-thread.ts';
import { Punisher, type PunisherOptions } from '../punishing/punisher.ts';
import { Staker } from '../staking/staker.ts';
import { startSync } from '../sync/start-sync.ts';
import { readOrMakeSecret, readStakerKeys } from './node-folder.ts';

export interface NodeOptions {
  readonly folder: string;
  readonly networkFile: { readonly bytes: Uint8Array<ArrayBuffer>; readonly file: NetworkFile };
  readonly httpPort: number;
  /** multiaddresses */
  readonly listen: readonly string[];
  readonly bootstrap: readonly string[];
  /** host:port */
  readonly bitcoinPeers: readonly string[];
  readonly solo: boolean;
  /** makes blocks where it has stakes */
  readonly staking: boolean;
  /** one of the nodes of the development network: it has a third of the published stakes, and a faucet */
  readonly devNode: number | undefined;
  /** a name known to the nodes of one operator alone, which pass posts on to each other */
  readonly mailboxGroup?: string | undefined;
  readonly webFolder: string;
  readonly log: Logger;
  readonly clock?: Clock;
  /** the node cannot go on: a disk that does not write, or a bug */
  readonly onFatal: (error: unknown) => void;
}

export interface RunningNode {
  readonly chain: Chain;
  readonly http: HttpServer;
  readonly peerId: string;
  /** resolved once somebody asked the node to stop by its HTTP */
  readonly stopAsked: Promise<void>;
  readonly stop: () => Promise<void>;
}

const DEV_NODES = 3;

/** @unit milliseconds */
const SAVE_EVERY = 60_000;

export const systemClock: Clock = { now: () => Date.now() / 1000 };

const stakerKeysOf = async ({ folder, devNode, networkFile, staking }: NodeOptions): Promise<ReadonlyMap<string, Uint8Array>> => {
  if (!staking) return new Map();
  const own = await readStakerKeys(folder);
  const { genesisStakes } = networkFile.file.parameters;
  const keys = new DevelopmentKeys();
  const published =
    devNode === undefined
      ? []
      : Array.from({ length: genesisStakes }, (_, i) => i)
          .filter((i) => i % DEV_NODES === devNode)
          .map((i) => keys.staker(i).secret);
  return new Map([...own, ...published].map((secret) => [encodeHex(xOnly(secret)), secret]));
};

const genesisOfNetwork = ({ file }: NodeOptions['networkFile']): GenesisSource => {
  if (file.name !== 'dev') throw new Failure('network-not-launched');
  return { hash: file.genesisHash, build: () => buildDevGenesis(file.genesisTime, file.parameters) };
};

const logTip = (log: Logger, { tip, connected, disconnected }: ChainChange): void => {
  log.info(
    { height: tip.header.height, hash: encodeHex(tip.hash), connected: connected.length, disconnected: disconnected.length },
    disconnected.length === 0 ? 'block' : 'reorganisation',
  );
};

/** Starts every part of a full node; what was started is stopped again when a later part fails. */
export const startNode = async (options: NodeOptions): Promise<RunningNode> => {
  const stops: (() => Promise<void> | void)[] = [];
  const stop = async (): Promise<void> => {
    for (const each of stops.splice(0).reverse()) await each();
  };
  try {
    return await startParts(options, stops, stop);
  } catch (error) {
    await stop();
    throw error;
  }
};

type Stops = (() => Promise<void> | void)[];

const startParts = async (options: NodeOptions, stops: Stops, stop: () => Promise<void>): Promise<RunningNode> => {
  const { folder, log, networkFile, clock = systemClock, onFatal } = options;
  const { file, bytes } = networkFile;
  const { parameters } = file;
  const report = (error: unknown): void => log.error({ err: error }, 'part failed');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const bitcoin = await followBitcoin({
    parameters: parameters.bitcoin,
    file: join(folder, 'bitcoin-headers'),
    clock,
    addresses: options.bitcoinPeers,
    report,
  });
  stops.push(() => bitcoin.close());
  const pooled: { mempool: Mempool | undefined } = { mempool: undefined };
  const chain = await openChain({
    folder,
    genesis: genesisOfNetwork(networkFile),
    parameters,
    network: file.name,
    configHash: computeConfigHash(new Uint8Array(20), bytes),
    bitcoin,
    clock,
    findRun: (transaction) => pooled.mempool?.findRun(transaction),
    onFailure: onFatal,
    startProofs: (store) => startProofThread({ folder: store, report }),
  });
  stops.push(() => chain.close());
  const policy = await openPolicy(folder, chain, clock);
  const mempool = await openMempool(options, { chain, clock, maker: policy }, stops);
  pooled.mempool = mempool;
  chain.onTip((change) => logTip(log, change));
  const { mailbox, network, sync } = await startPeers(options, { chain, mempool, bitcoin, clock, report }, stops);
  const staker = await startStaker(options, { chain, mempool, bitcoin, policy, clock, isSynchronised: sync.isSynchronised, report });
  stops.push(() => staker.stop());
  const punisher = startPunisher(log, { chain, mempool, isMaking: () => staker.waitsFor() === undefined, report });
  stops.push(() => punisher.stop());
  const asked = Promise.withResolvers<void>();
  const services: NodeServices = {
    chain,
    mempool,
    bitcoin,
    network,
    mailbox,
    policy,
    punishments: () => punisher.published,
    staking: () => describeStaking(options.staking, staker),
    faucet: options.devNode === undefined ? undefined : new Faucet({ chain, mempool, clock, node: options.devNode }).give,
    networkFile: bytes,
    log,
    startedAt: clock.now(),
    now: clock.now,
    stop: asked.resolve,
  };
  const token = encodeHex(await readOrMakeSecret(folder, 'token'));
  const http = await startHttp(services, { port: options.httpPort, token, webFolder: options.webFolder });
  stops.push(() => http.close());
  log.info({ height: chain.tip().header.height, http: http.port, peerId: network.peerId }, 'node started');
  return { chain, http, peerId: network.peerId, stopAsked: asked.promise, stop };
};

type PeerParts = Pick<NetworkOptions, 'chain' | 'mempool' | 'bitcoin' | 'clock'> & { readonly report: (error: unknown) => void };

const startPeers = async ({ folder, ...options }: NodeOptions, parts: PeerParts, stops: Stops) => {
  const seed = await readOrMakeSecret(folder, 'identity');
  const mailbox = await Mailbox.open({ folder, clock: parts.clock, report: parts.report });
  stops.push(() => mailbox.close());
  const { listen, bootstrap, mailboxGroup } = options;
  const network = await startNetwork({ ...parts, mailbox, seed, listen, bootstrap, mailboxGroup, peersFile: join(folder, 'peers') });
  stops.push(() => network.close());
  const sync = startSync({ ...parts, network });
  stops.push(() => sync.close());
  return { mailbox, network, sync };
};

const describeStaking = (enabled: boolean, staker: Staker): StakingFigures => ({
  enabled,
  stakes: staker.stakeCount,
  blocksMade: staker.blocksMade,
  waitsFor: staker.waitsFor(),
});

const openPolicy = async (folder: string, chain: Chain, clock: Clock): Promise<MakerPolicy> => {
  const policy = await MakerPolicy.open({ chain, now: clock.now, file: join(folder, 'maker-policy.json') });
  chain.onTip((change) => policy.applyTip(change));
  return policy;
};

interface PoolParts {
  readonly chain: Chain;
  readonly clock: Clock;
  readonly maker: MakerPolicy;
}

const openMempool = async ({ folder, log }: NodeOptions, { chain, clock, maker }: PoolParts, stops: Stops): Promise<Mempool> => {
  const path = join(folder, 'mempool');
  const mempool = new Mempool({ chain: makePoolChain(chain), clock, maker });
  const returned = await mempool.load(path);
  if (returned > 0) log.info({ transactions: returned }, 'pool loaded');
  chain.onTip((change) => mempool.applyTip({ connected: change.connectedTransactions, disconnected: change.disconnectedTransactions }));
  const save = (): Promise<void> => mempool.save(path).catch((error: unknown) => log.warn({ err: error }, 'pool not saved'));
  const timer = setInterval(() => void save(), SAVE_EVERY);
  stops.push(async () => {
    clearInterval(timer);
    await save();
  });
  return mempool;
};

const startPunisher = (log: Logger, parts: Omit<PunisherOptions, 'published'>): Punisher =>
  new Punisher({
    ...parts,
    published: (txid, { account, amount }) =>
      log.info({ txid: encodeReversedHex(txid), account, amount: amount.toString() }, 'punishment published'),
  });

type StakerParts = Pick<
  ConstructorParameters<typeof Staker>[0],
  'chain' | 'mempool' | 'bitcoin' | 'clock' | 'policy' | 'isSynchronised' | 'report'
>;

const startStaker = async (options: NodeOptions, parts: StakerParts): Promise<Staker> => {
  const { log, solo } = options;
  const staker = new Staker({
    ...parts,
    keys: await stakerKeysOf(options),
    solo,
    made: ({ header }, transactions) => log.info({ height: header.height, transactions }, 'block made'),
    refused: (reason) => log.warn({ fault: reason.fault }, 'own block refused'),
  });
  if (options.staking) staker.start();
  return staker;
};
