import { type Devnet, startDevnet } from '../e2e/network/devnet.ts';
import { buildIfChanged } from '../setup/build.mjs';
import { say } from './row.ts';
import { stopLater } from './stop.ts';

const BLOCKS = 2_000;
/** Making the blocks is work of minutes on a busy machine. */
const PATIENCE = 600;

let running: Promise<Devnet> | undefined;

const start = async (): Promise<Devnet> => {
  const wallet = process.env.VC_WALLET;
  if (wallet !== undefined) return { wallet, folder: '', stop: async () => undefined };
  if (!buildIfChanged()) throw new Error('the wallet did not build');
  say(`starting a development network of ${BLOCKS.toLocaleString('en')} blocks`);
  const devnet = await startDevnet(['--prefill', String(BLOCKS)], PATIENCE);
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
