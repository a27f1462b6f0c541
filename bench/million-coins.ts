import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { computeBlockWeight } from '#protocol/block/body-roots';
import type { Chain } from '#protocol/node/chain/chain';
import { verifyStore } from '#protocol/node/cli/verify-store';
import { installNodeCrypto } from '#protocol/node/crypto/node-crypto';
import { nodeFolder } from '#protocol/node/devnet/devnet-folder';
import { encodeNetworkFile } from '#protocol/params/network-file';
import { computeEpochHeight } from '#protocol/stake/heights';
import { computeWeight } from '#protocol/tx/identity';
import type { Transaction } from '#protocol/tx/transaction';
import { addCoins, blocksOfCoins, type CoinNetwork, makeBlockMaker, makeCoinNetwork, openNodeChain } from './coin-chain.ts';
import { type CoinSet, type PlacedCoin, payFromCoin } from './coin-set.ts';
import { RUNS, say } from './row.ts';
import { stopLater } from './stop.ts';

/** One to warm up, the others measured. */
export const BLOCKS = RUNS + 1;
/** Fewer than this many payments fill a block. */
const MOST_PAYMENTS = 1_790;
const COINS = 1_000_000;
const COIN_SET: CoinSet = { count: COINS, stride: Math.floor(COINS / (BLOCKS * MOST_PAYMENTS)) };
/** Room for header, coinbase and counts. @unit weight units */
const RESERVED_WEIGHT = 3_300;

/** As a peer hands it over. */
export interface PaymentBlock {
  readonly header: Uint8Array;
  readonly stakeProof: Uint8Array;
  readonly hash: Uint8Array;
  readonly body: Uint8Array;
  readonly payments: number;
  /** @unit weight units */
  readonly weight: number;
}

/**
 * A network of a million coins in three folders: node 0 has the whole chain, nodes 1 and 2 all but the blocks of payments
 * at its end.
 */
export interface MillionCoins {
  readonly set: CoinSet;
  readonly network: CoinNetwork;
  readonly blocks: readonly PaymentBlock[];
}

/** Hands out payments of one coin each until a block is full. */
export const makeFiller = (placed: ReadonlyMap<number, PlacedCoin>): ((room: number) => readonly Transaction[]) => {
  const coins = placed.entries();
  return (room) => {
    const payments: Transaction[] = [];
    for (let left = room; ; ) {
      const next = coins.next();
      if (next.done) throw new Error('there are too few coins to pay from');
      const payment = payFromCoin(...next.value);
      left -= computeWeight(payment);
      if (left < 0) return payments;
      payments.push(payment);
    }
  };
};

const readBlock = async (chain: Chain): Promise<PaymentBlock> => {
  const stored = chain.tip();
  const stakeProof = await chain.stakeProofFor([stored], computeEpochHeight(stored.header.height, chain.parameters));
  const [body, decoded] = [await chain.bodyOf(stored.hash), chain.decodedBodyOf(stored.hash)];
  if (stakeProof === undefined || body === undefined || decoded === undefined) throw new Error('the tip is not in the store');
  const payments = decoded.transactions.length - 1;
  return { header: stored.bytes, stakeProof, hash: stored.hash, body, payments, weight: computeBlockWeight(decoded) };
};

const copyInto = (network: CoinNetwork, node: number, name: string): void =>
  cpSync(join(nodeFolder(network.folder, 0), name), join(nodeFolder(network.folder, node), name), { recursive: true });

const makePayments = async (network: CoinNetwork, placed: ReadonlyMap<number, PlacedCoin>): Promise<readonly PaymentBlock[]> => {
  const opened = await openNodeChain(network, 0);
  const add = await makeBlockMaker(network, opened);
  const fill = makeFiller(placed);
  const blocks: PaymentBlock[] = [];
  while (blocks.length < BLOCKS) {
    await add(fill(opened.chain.parameters.maxBlockWeight - RESERVED_WEIGHT));
    blocks.push(await readBlock(opened.chain));
  }
  await opened.close();
  return blocks;
};

/** By the same way as `vc node --verify`. */
const verify = async ({ folder, made }: CoinNetwork): Promise<void> => {
  say('replaying the chain from genesis');
  const verdict = await verifyStore(nodeFolder(folder, 0), { bytes: encodeNetworkFile(made.file), file: made.file }, () => undefined);
  if (!verdict.valid) throw new Error(`the chain of the bench is not valid: ${verdict.fault} at ${verdict.height}`);
  say(`${verdict.height} blocks replayed from genesis, all valid`);
};

const make = async (): Promise<MillionCoins> => {
  installNodeCrypto();
  const folder = mkdtempSync(join(tmpdir(), 'vc-bench-coins-'));
  stopLater(async () => rmSync(folder, { recursive: true, force: true }));
  say(`making a chain of ${COIN_SET.count.toLocaleString('en')} coins`);
  const network = await makeCoinNetwork(folder, blocksOfCoins(COIN_SET) + BLOCKS);
  const opened = await openNodeChain(network, 0);
  const add = await makeBlockMaker(network, opened);
  const placed = await addCoins(opened.chain, add, COIN_SET);
  await opened.close();
  for (const node of [1, 2]) copyInto(network, node, 'store');
  const blocks = await makePayments(network, placed);
  for (const node of [1, 2]) copyInto(network, node, 'bitcoin-headers');
  await verify(network);
  return { set: COIN_SET, network, blocks };
};

let made: Promise<MillionCoins> | undefined;

/** Made once for all figures that are measured on it. */
export const millionCoins = (): Promise<MillionCoins> => {
  made ??= make();
  return made;
};
