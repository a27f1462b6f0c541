import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeHex } from '#protocol/codec/hex';
import { computeConfigHash, encodeNetworkFile } from '#protocol/params/network-file';
import { type BitcoinHeaders, openBitcoinHeaders } from '../bitcoin/bitcoin-headers.ts';
import { mineDueHeaders } from '../bitcoin/regtest-source.ts';
import { openChain } from '../chain/open-chain.ts';
import { makePoolChain } from '../chain/pool-chain.ts';
import { installNodeCrypto } from '../crypto/node-crypto.ts';
import { Mempool } from '../mempool/mempool.ts';
import { Staker } from '../staking/staker.ts';
import { buildDevGenesis } from './dev-genesis.ts';
import { DevelopmentKeys, xOnly } from './dev-keys.ts';
import { type DevnetFolder, makeDevnetFolder, nodeFolder } from './devnet-folder.ts';
import type { DevnetPorts } from './ports.ts';

export interface PrefillOptions {
  readonly folder: string;
  readonly ports: DevnetPorts;
  readonly blocks: number;
  /** unix seconds */
  readonly now: number;
  readonly say: (line: string) => void;
}

/** Luck varies: so much more time than the target spacing asks for, and a little for short chains. */
const SLACK = 1.06;
const MARGIN = 120;
const SAY_EVERY = 500;

const allKeys = (count: number): ReadonlyMap<string, Uint8Array> => {
  const keys = new DevelopmentKeys();
  return new Map(Array.from({ length: count }, (_, i) => keys.staker(i).secret).map((secret) => [encodeHex(xOnly(secret)), secret]));
};

/**
 * Makes a network whose chain has `blocks` blocks already: the real assembly and the real checks, on a clock that runs
 * from a genesis dated back to now.
 *
 * @source SPEC ND43; spec 10, prefill
 */
export const prefillDevnet = async ({ folder, ports, blocks, now, say }: PrefillOptions): Promise<DevnetFolder> => {
  installNodeCrypto();
  const made = await makeDevnetFolder(folder, ports, now - Math.ceil(blocks * 4 * SLACK) - MARGIN);
  const { parameters, genesisTime } = made.file;
  const state = { time: genesisTime };
  const clock = { now: () => state.time };
  const bitcoin = await openBitcoinHeaders({ parameters: parameters.bitcoin, file: join(folder, 'bitcoin-headers'), clock });
  const chain = await openChain({
    folder: nodeFolder(folder, 0),
    genesis: { hash: made.file.genesisHash, build: () => buildDevGenesis(genesisTime, parameters) },
    parameters,
    network: made.file.name,
    configHash: computeConfigHash(new Uint8Array(20), encodeNetworkFile(made.file)),
    bitcoin,
    clock,
  });
  const mempool = new Mempool({ chain: makePoolChain(chain), clock });
  const keys = allKeys(parameters.genesisStakes);
  const staker = new Staker({ chain, mempool, bitcoin, clock, keys, isSynchronised: () => true, solo: true, report: () => undefined });
  await staker.refresh();
  const source = { interval: parameters.bitcoin.sourceInterval, genesisTime };
  await runClock({ state, blocks, now, say, slot: parameters.slotLength }, bitcoin, source, staker);
  await chain.close();
  await bitcoin.close();
  for (const node of made.ports.nodes.keys()) await cp(join(folder, 'bitcoin-headers'), join(nodeFolder(folder, node), 'bitcoin-headers'));
  for (const node of [1, 2]) await cp(join(nodeFolder(folder, 0), 'store'), join(nodeFolder(folder, node), 'store'), { recursive: true });
  return made;
};

interface Run {
  readonly state: { time: number };
  readonly blocks: number;
  readonly now: number;
  readonly slot: number;
  readonly say: (line: string) => void;
}

const runClock = async (
  { state, blocks, now, slot, say }: Run,
  bitcoin: BitcoinHeaders,
  source: { readonly interval: number; readonly genesisTime: number },
  staker: Staker,
): Promise<void> => {
  for (let done = 0; done < blocks && state.time + slot <= now; ) {
    state.time += slot;
    await mineDueHeaders(bitcoin, source, state.time);
    if (!(await staker.trySlot(state.time))) continue;
    done++;
    if (done % SAY_EVERY === 0) say(`devnet: ${done} of ${blocks} blocks made`);
  }
  while (bitcoin.tip().header.time + 2 * source.interval <= now) {
    state.time = bitcoin.tip().header.time + source.interval;
    await mineDueHeaders(bitcoin, source, state.time);
  }
};
