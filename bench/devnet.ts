import { verifyStore } from '#protocol/node/cli/verify-store';
import { nodeFolder } from '#protocol/node/devnet/devnet-folder';
import { findPorts } from '#protocol/node/devnet/ports';
import { prefillDevnet } from '#protocol/node/devnet/prefill';
import { encodeNetworkFile } from '#protocol/params/network-file';
import { type Devnet, makeDevnetFolder, networkAt, startDevnet } from '../e2e/network/devnet.ts';
import { buildIfChanged } from '../setup/build.mjs';
import { say } from './row.ts';
import { stopLater } from './stop.ts';

const BLOCKS = 2_000;
/** Making the blocks is work of minutes on a busy machine. */
const PATIENCE = 600;

let running: Promise<Devnet> | undefined;

/** Makes the chain, and replays it from genesis as `vc node --verify` does, before anything is measured on it. */
const makeVerified = async (folder: string): Promise<void> => {
  say(`making a development network of ${BLOCKS.toLocaleString('en')} blocks`);
  const { file } = await prefillDevnet({ folder, ports: await findPorts(), blocks: BLOCKS, now: Math.floor(Date.now() / 1_000), say });
  say('replaying it from genesis');
  const verdict = await verifyStore(nodeFolder(folder, 0), { bytes: encodeNetworkFile(file), file }, say);
  if (!verdict.valid) throw new Error(`the network's chain is not valid: ${verdict.fault} at ${verdict.height}`);
  say(`valid: ${verdict.height.toLocaleString('en')} blocks`);
};

const start = async (): Promise<Devnet> => {
  const wallet = process.env.VC_WALLET;
  if (wallet !== undefined) return networkAt(wallet);
  if (!buildIfChanged()) throw new Error('the wallet did not build');
  const folder = makeDevnetFolder();
  await makeVerified(folder);
  const devnet = await startDevnet([], PATIENCE, folder);
  stopLater(devnet.stop);
  return devnet;
};

/**
 * One network for every figure of the wallet: three real nodes that serve the built wallet, and go on making blocks; or
 * the one whose wallet is at VC_WALLET.
 */
export const devnetWithBlocks = (): Promise<Devnet> => {
  running ??= start();
  return running;
};

/** Height of the first node's chain, as it tells it itself. */
export const heightOf = async ({ wallet }: Devnet): Promise<number> => {
  const status = (await (await fetch(new URL('status', wallet))).json()) as { readonly height: number };
  return status.height;
};
