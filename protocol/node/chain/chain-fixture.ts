import type { BitcoinEntry } from '#protocol/bitcoin/header';
import { asHash32, type Hash32, ZERO_HASH } from '#protocol/codec/hash32';
import { encodeHex } from '#protocol/codec/hex';
import { encodeBytes } from '#protocol/codec/writer';
import { sha256 } from '#protocol/crypto/hash';
import { DEV_PARAMETERS } from '#protocol/params/networks';
import type { Genesis } from '#protocol/state/genesis';
import { buildDevGenesis } from '../devnet/dev-genesis.ts';
import { DevelopmentKeys, xOnly } from '../devnet/dev-keys.ts';
import { Mempool } from '../mempool/mempool.ts';
import { Staker } from '../staking/staker.ts';
import type { Chain } from './chain.ts';
import type { NodeBitcoin } from './contract.ts';
import { openChain } from './open-chain.ts';
import { makePoolChain } from './pool-chain.ts';

export const FIXTURE_TIME = 1_800_000_000;
const INTERVAL = 2;
const HEIGHTS = 5_000;

const numbered = (height: number): Hash32 => asHash32(sha256(encodeBytes((writer) => writer.u32(height).u32(77))));

/** Bitcoin's chain as a fixed row of headers, one every two seconds: the world, not code under test. */
export const fixtureBitcoin = (): NodeBitcoin => {
  const start = FIXTURE_TIME - 100;
  const entries: BitcoinEntry[] = Array.from({ length: HEIGHTS }, (_, height) => ({
    header: { version: 1, previous: height === 0 ? ZERO_HASH : numbered(height - 1), merkleRoot: ZERO_HASH, time: 0, bits: 0, nonce: 0 },
    hash: numbered(height),
    height,
    medianTime: start + INTERVAL * height,
    work: BigInt(height),
  }));
  const byHash = new Map(entries.map((entry) => [encodeHex(entry.hash), entry]));
  const slotHeader = (bound: number): BitcoinEntry | undefined => entries[Math.floor((bound - start) / INTERVAL)];
  return {
    findHeader: (hash) => byHash.get(encodeHex(hash)),
    slotHeader,
    isSlotHeader: (entry, bound) => slotHeader(bound)?.height === entry.height,
    tip: () => entries[HEIGHTS - 1] as BitcoinEntry,
    headersAfter: () => ({ height: 0, headers: [] }),
    headersAround: () => undefined,
    accept: async () => ({ added: 0 }),
    onTip: () => () => undefined,
  };
};

export interface FixtureNode {
  readonly chain: Chain;
  readonly mempool: Mempool;
  readonly staker: Staker;
  readonly genesis: Genesis;
  /** Makes blocks slot by slot until `count` were made; their heights follow the tip. */
  readonly grow: (count: number) => Promise<void>;
  readonly close: () => Promise<void>;
  setTime: (time: number) => void;
  readonly time: () => number;
}

let genesisOnce: Genesis | undefined;
let keysOnce: ReadonlyMap<string, Uint8Array> | undefined;

export const fixtureGenesis = (): Genesis => {
  genesisOnce ??= buildDevGenesis(FIXTURE_TIME, DEV_PARAMETERS);
  return genesisOnce;
};

const stakerKeys = (): ReadonlyMap<string, Uint8Array> => {
  if (keysOnce === undefined) {
    const keys = new DevelopmentKeys();
    keysOnce = new Map(
      Array.from({ length: DEV_PARAMETERS.genesisStakes }, (_, i) => keys.staker(i).secret).map((secret) => [
        encodeHex(xOnly(secret)),
        secret,
      ]),
    );
  }
  return keysOnce;
};

/** A node without network and HTTP, on a clock that the test moves. */
export const openFixtureNode = async (folder: string, only?: (index: number) => boolean): Promise<FixtureNode> => {
  const genesis = fixtureGenesis();
  const bitcoin = fixtureBitcoin();
  const state = { time: FIXTURE_TIME };
  const clock = { now: () => state.time };
  const pooled: { mempool: Mempool | undefined } = { mempool: undefined };
  const chain = await openChain({
    folder,
    genesis,
    parameters: DEV_PARAMETERS,
    network: 'dev',
    configHash: ZERO_HASH,
    bitcoin,
    clock,
    findChecks: (transaction) => pooled.mempool?.findChecks(transaction),
  });
  const mempool = new Mempool({ chain: makePoolChain(chain), clock });
  pooled.mempool = mempool;
  chain.onTip((change) => mempool.applyTip({ connected: change.connectedTransactions, disconnected: change.disconnectedTransactions }));
  const keys = new Map([...stakerKeys()].filter((_, index) => only?.(index) ?? true));
  const staker = new Staker({ chain, mempool, bitcoin, clock, keys, isSynchronised: () => true, solo: true, report: () => undefined });
  await staker.refresh();
  state.time = Math.max(state.time, chain.tip().header.time);
  const grow = async (count: number): Promise<void> => {
    for (let made = 0; made < count; ) {
      state.time += DEV_PARAMETERS.slotLength;
      if (await staker.trySlot(state.time)) made++;
    }
  };
  return {
    chain,
    mempool,
    staker,
    genesis,
    grow,
    close: () => chain.close(),
    setTime: (time) => {
      state.time = time;
    },
    time: () => state.time,
  };
};
