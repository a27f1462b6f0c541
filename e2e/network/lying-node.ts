import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isFault } from '../../protocol/fault.ts';
import { invariant } from '../../protocol/invariant.ts';
import { followBitcoin } from '../../protocol/node/bitcoin/follow-bitcoin.ts';
import { openChain } from '../../protocol/node/chain/open-chain.ts';
import { makePoolChain } from '../../protocol/node/chain/pool-chain.ts';
import { readOrMakeSecret } from '../../protocol/node/cli/node-folder.ts';
import { systemClock } from '../../protocol/node/cli/start-node.ts';
import { installNodeCrypto } from '../../protocol/node/crypto/node-crypto.ts';
import { buildDevGenesis } from '../../protocol/node/devnet/dev-genesis.ts';
import type { NodeProcessOptions } from '../../protocol/node/devnet/node-process.ts';
import { Mempool } from '../../protocol/node/mempool/mempool.ts';
import { startNetwork } from '../../protocol/node/network/start-network.ts';
import { startSync } from '../../protocol/node/sync/start-sync.ts';
import { computeConfigHash, decodeNetworkFile } from '../../protocol/params/network-file.ts';
import { type Lie, tellLie } from './lies.ts';

const LOOPBACK = '/ip4/127.0.0.1/tcp';
const clock = systemClock;

const openHonest = async ({ folder, networkFile, bitcoin: source }: NodeProcessOptions) => {
  const bytes = new Uint8Array(readFileSync(networkFile));
  const file = decodeNetworkFile(bytes);
  invariant(!isFault(file), 'a development network has a file');
  const { parameters, genesisTime } = file;
  const report = (error: unknown): void => void process.stderr.write(`${String(error)}\n`);
  const headers = { file: `${folder}/bitcoin-headers`, addresses: [source] };
  const bitcoin = await followBitcoin({ ...headers, parameters: parameters.bitcoin, clock, report });
  const chain = await openChain({
    folder,
    genesis: { hash: file.genesisHash, build: () => buildDevGenesis(genesisTime, parameters) },
    parameters,
    network: file.name,
    configHash: computeConfigHash(new Uint8Array(20), bytes),
    bitcoin,
    clock,
  });
  const mempool = new Mempool({ chain: makePoolChain(chain), clock });
  chain.onTip((change) => mempool.applyTip({ connected: change.connectedTransactions, disconnected: change.disconnectedTransactions }));
  return { parts: { chain, mempool, bitcoin, clock, report }, bootstrap: file.bootstrap };
};

/**
 * A node in another one's place, with its store, name and ports, that tells one lie to whoever asks. It follows the
 * chain under a second name that nobody has a reason to ban.
 */
const run = async (options: NodeProcessOptions, lie: Lie): Promise<void> => {
  installNodeCrypto();
  const { parts, bootstrap } = await openHonest(options);
  const { tcp, ws } = options.ports;
  const others = bootstrap.filter((address) => !address.includes('/ws/') && !address.startsWith(`${LOOPBACK}/${tcp}/`));
  const follower = await startNetwork({ ...parts, seed: randomBytes(32), listen: [`${LOOPBACK}/0`], bootstrap: others });
  const sync = startSync({ chain: parts.chain, bitcoin: parts.bitcoin, network: follower, report: parts.report });
  const liar = await startNetwork({
    ...parts,
    chain: tellLie(parts.chain, lie),
    seed: await readOrMakeSecret(options.folder, 'identity'),
    listen: [`${LOOPBACK}/${tcp}`, `${LOOPBACK}/${ws}/ws`],
    bootstrap: [],
  });
  process.send?.({ peerId: liar.peerId });
  await new Promise<void>((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM', 'disconnect'] as const) process.once(name, () => resolve());
  });
  await liar.close();
  sync.close();
  await follower.close();
  await parts.chain.close();
  await parts.bitcoin.close();
  process.exit(0);
};

const [options, lie] = process.argv.slice(2);
invariant(options !== undefined && lie !== undefined, 'the parent names the options and the lie');
await run(JSON.parse(options) as NodeProcessOptions, lie as Lie);
