import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { equalBytes } from '#protocol/codec/bytes';
import { isFault } from '#protocol/fault';
import { computeConfigHash, type NetworkFile } from '#protocol/params/network-file';
import { computeEpochHeight } from '#protocol/stake/heights';
import { openBitcoinHeaders } from '../bitcoin/bitcoin-headers.ts';
import type { Chain } from '../chain/chain.ts';
import { openChain } from '../chain/open-chain.ts';
import { buildDevGenesis } from '../devnet/dev-genesis.ts';
import { systemClock } from './start-node.ts';

export type StoreVerdict =
  | { readonly valid: true; readonly height: number; readonly stateRoot: Uint8Array }
  | { readonly valid: false; readonly height: number; readonly fault: string };

const SAY_EVERY = 500;

/** One block from the store into the replay, by the path that blocks from peers take. */
const replayBlock = async (from: Chain, to: Chain, height: number): Promise<string | undefined> => {
  const stored = from.headerAt(height);
  const body = stored && (await from.bodyOf(stored.hash));
  if (stored === undefined || body === undefined) return 'body-missing';
  const proof = await from.stakeProofFor([stored], computeEpochHeight(height, from.parameters));
  if (proof === undefined) return 'stake-proof-missing';
  const header = await to.acceptHeader(stored.bytes, proof);
  if (isFault(header)) return header.fault;
  if (header !== 'accepted') return header;
  const verdict = await to.acceptBody(stored.hash, body);
  if (isFault(verdict)) return verdict.fault;
  return verdict === 'connected' ? undefined : verdict;
};

const replay = async (from: Chain, to: Chain, say: (line: string) => void): Promise<StoreVerdict> => {
  const tip = from.tip().header;
  for (let height = 1; height <= tip.height; height++) {
    const broken = await replayBlock(from, to, height);
    if (broken !== undefined) return { valid: false, height, fault: broken };
    if (height % SAY_EVERY === 0) say(`verify: ${height} of ${tip.height}`);
  }
  const { stateRoot } = to.tip().header;
  return equalBytes(stateRoot, tip.stateRoot)
    ? { valid: true, height: tip.height, stateRoot }
    : { valid: false, height: tip.height, fault: 'state-root' };
};

/**
 * Replays a store from genesis into an empty one: every header rule, kernel, Bitcoin header, signature, script, and the
 * economy of every block are judged again.
 *
 * @source SPEC ND43
 */
export const verifyStore = async (
  folder: string,
  { bytes, file }: { readonly bytes: Uint8Array; readonly file: NetworkFile },
  say: (line: string) => void,
): Promise<StoreVerdict> => {
  const scratch = await mkdtemp(join(tmpdir(), 'vc-verify-'));
  const { parameters } = file;
  const clock = systemClock;
  const genesis = { hash: file.genesisHash, build: () => buildDevGenesis(file.genesisTime, parameters) };
  const bitcoin = await openBitcoinHeaders({ parameters: parameters.bitcoin, file: join(folder, 'bitcoin-headers'), clock });
  const configHash = computeConfigHash(new Uint8Array(20), bytes);
  const common = { genesis, parameters, network: file.name, configHash, bitcoin, clock };
  const from = await openChain({ ...common, folder });
  try {
    const to = await openChain({ ...common, folder: scratch });
    try {
      return await replay(from, to, say);
    } finally {
      await to.close();
    }
  } finally {
    await from.close();
    await bitcoin.close();
    await rm(scratch, { recursive: true, force: true });
  }
};
