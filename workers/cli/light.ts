import { readFile } from 'node:fs/promises';
import { tcp } from '@libp2p/tcp';
import { webSockets } from '@libp2p/websockets';
import type { Command } from 'commander';
import { encodeReversedHex } from '#protocol/codec/hash32';
import { encodeHex } from '#protocol/codec/hex';
import { Failure } from '#protocol/failure';
import { isFault } from '#protocol/fault';
import { installNodeCrypto } from '#protocol/node/crypto/node-crypto';
import { decodeAddress } from '#protocol/script/address';
import { computeScriptTag } from '#protocol/script/owner-tag';
import { formatAmount } from '#protocol/tx/amount-text';
import { computeOwnerCoins, type OwnerCoins } from '#spv/coins/coin-ledger';
import { makeWatchSet } from '#spv/coins/watch-set';
import { executeJob } from '#spv/proof/execute-job';
import { readIdentity } from '../chain/identity.ts';
import { LightDriver, type NetworkIdentity } from '../chain/light-driver.ts';
import { PeerNetwork } from '../net/peer-network.ts';
import { finish, say, toJson } from './finish.ts';
import { makeNodePlatform } from './node-platform.ts';

interface LightFlags {
  readonly network: string;
  readonly peer: readonly string[];
  readonly exact: boolean;
  readonly follow: boolean;
  readonly json: boolean;
  readonly timeout: number;
}

const EXAMPLES = `
Examples:
  vc light dvc1q…                                     the verified balance of an address
  vc light dvc1q… --follow                            and each change of it, as blocks come
  vc light dvc1q… --network http://localhost:8480/network.json --json

Nothing a node says is taken on trust: the last headers are checked with their stake proofs and Bitcoin's headers, genesis
is proved their ancestor, and the list of coins is proved complete under the newest header. Exit code 1: not verified.`;

const loadFile = async (source: string): Promise<Uint8Array> => {
  try {
    if (!/^https?:/.test(source)) return new Uint8Array(await readFile(source));
    const response = await fetch(source, { signal: AbortSignal.timeout(10_000) });
    return new Uint8Array(await response.arrayBuffer());
  } catch (cause) {
    throw new Failure('network-file', cause);
  }
};

const loadIdentity = async (flags: LightFlags): Promise<NetworkIdentity> => {
  const identity = readIdentity(await loadFile(flags.network));
  if (isFault(identity)) throw new Failure(identity.fault);
  return flags.peer.length > 0 ? { ...identity, addresses: flags.peer } : identity;
};

const summarise = (driver: LightDriver, address: string, held: OwnerCoins) => {
  const tip = driver.chain?.tip;
  const value = held.coins.filter((coin) => coin.element === 'value');
  return {
    address,
    height: held.height,
    block: tip === undefined ? undefined : encodeHex(tip.hash),
    provedAt: held.provedAt,
    peersAgreeing: driver.book.count('agrees'),
    balance: value.reduce((sum, coin) => sum + coin.amount, 0n),
    coins: held.coins.map((coin) => ({
      outpoint: `${encodeReversedHex(coin.outpoint.txid)}:${coin.outpoint.index}`,
      element: coin.element,
      layer: coin.layer,
      amount: coin.amount,
      height: coin.height,
    })),
  };
};

const print = (result: ReturnType<typeof summarise>, json: boolean): void => {
  if (json) process.stdout.write(`${toJson(result)}\n`);
  else
    process.stdout.write(
      `${formatAmount(result.balance)} VC in ${result.coins.length} coins, complete at height ${result.height}, ${result.peersAgreeing} peers agree\n`,
    );
};

const runLight = async (address: string, flags: LightFlags): Promise<number> => {
  installNodeCrypto();
  const identity = await loadIdentity(flags);
  const to = decodeAddress(address, identity.parameters.addressPrefix);
  if (isFault(to)) throw new Failure(to.fault);
  const tag = computeScriptTag(to.script);
  const found = Promise.withResolvers<number>();
  let shown = '';
  const show = (): void => {
    const held = computeOwnerCoins(driver.ledger, encodeHex(tag));
    if (driver.stage !== 'following' || held === undefined) return;
    const result = summarise(driver, address, held);
    const mark = toJson(result.coins);
    if (mark !== shown) print(result, flags.json);
    shown = mark;
    if (!flags.follow) found.resolve(0);
  };
  const network = new PeerNetwork([tcp(), webSockets()]);
  const platform = makeNodePlatform();
  const driver: LightDriver = new LightDriver(
    identity,
    {
      platform,
      network,
      compute: async (job) => executeJob(job),
      secret: platform.entropy.bytes(32),
      changed: show,
      read: show,
      ownOutpoints: () => [],
      gossipTx: () => undefined,
      alarm: (alarm) =>
        say(`${alarm.code}${alarm.reason === undefined ? '' : ` (${alarm.reason})`}${alarm.peer === undefined ? '' : ` ${alarm.peer}`}`),
      failed: (error) => found.reject(error),
    },
    { genesis: undefined, snapshot: undefined },
  );
  driver.setPrivacy(flags.exact ? 'exact' : 'bucket');
  driver.setWatched(makeWatchSet([{ tag, script: to.script }]));
  await driver.start();
  process.once('SIGINT', () => found.resolve(shown === '' ? 1 : 0));
  if (!flags.follow) platform.clock.after(flags.timeout, () => found.reject(new Failure('not-verified')));
  try {
    return await found.promise;
  } finally {
    driver.stop();
    await network.stop();
  }
};

const collect = (text: string, before: readonly string[]): readonly string[] => [...before, text];

/** Adds `light` to the program. */
export const registerLightCommand = (program: Command): void => {
  program
    .command('light')
    .argument('<address>', 'whose coins')
    .description("verify an address's coins as a light client: no node of your own, nothing taken on trust")
    .option('--network <file or url>', "the network's file", 'http://localhost:8480/network.json')
    .option('--peer <multiaddress>', 'a node to ask (default: those of the file); may be given more than once', collect, [])
    .option('--exact', 'ask for exactly this address instead of a bucket that hides it among others', false)
    .option('--follow', 'stay and print each change', false)
    .option('--timeout <seconds>', 'give up after so long', Number, 30)
    .option('--json', 'print JSON on stdout', false)
    .addHelpText('after', EXAMPLES)
    .action((address: string, flags: LightFlags) =>
      finish(async () => {
        const code = await runLight(address, flags);
        process.exit(code);
      }),
    );
};
