import { join } from 'node:path';
import { encodeHex } from '#protocol/codec/hex';
import { isFault } from '#protocol/fault';
import type { Coin } from '#protocol/ledger/coin';
import { type BitcoinHeaders, openBitcoinHeaders } from '#protocol/node/bitcoin/bitcoin-headers';
import { mineDueHeaders } from '#protocol/node/bitcoin/regtest-source';
import type { Chain } from '#protocol/node/chain/chain';
import { openChain } from '#protocol/node/chain/open-chain';
import { buildDevGenesis, FAUCET_OUTPUT } from '#protocol/node/devnet/dev-genesis';
import { DevelopmentKeys, xOnly } from '#protocol/node/devnet/dev-keys';
import { type DevnetFolder, makeDevnetFolder, nodeFolder } from '#protocol/node/devnet/devnet-folder';
import { findPorts } from '#protocol/node/devnet/ports';
import { signKeySpends } from '#protocol/node/devnet/sign-key-spend';
import { findTicket, makeBlock, type OwnStake } from '#protocol/node/staking/make-block';
import { computeConfigHash, encodeNetworkFile } from '#protocol/params/network-file';
import { buildPayToKey } from '#protocol/script/forms/pay-to-key';
import { computeEpochHeight } from '#protocol/stake/heights';
import { computeTxid } from '#protocol/tx/identity';
import type { Transaction, TransactionOutput } from '#protocol/tx/transaction';
import { type CoinSet, type PlacedCoin, scriptOf } from './coin-set.ts';
import { say } from './row.ts';

/** @unit base units */
const COIN_AMOUNT = 9_000n;
/** Three such transactions fill a block, and each is below a transaction's largest weight. */
const COINS_OF_FUNDING = 2_640;
const FUNDINGS_OF_BLOCK = 3;
const SAY_EVERY = 25;
const SECONDS_OF_BLOCK = 5;
const MARGIN = 300;

/** A development network's folder, and a clock that runs from its genesis as blocks are made. */
export interface CoinNetwork {
  readonly made: DevnetFolder;
  readonly folder: string;
  readonly clock: { readonly now: () => number };
  readonly state: { time: number };
}

export interface OpenedChain {
  readonly chain: Chain;
  readonly bitcoin: BitcoinHeaders;
  readonly close: () => Promise<void>;
}

export const makeCoinNetwork = async (folder: string, blocks: number): Promise<CoinNetwork> => {
  const genesisTime = Math.floor(Date.now() / 1_000) - blocks * SECONDS_OF_BLOCK - MARGIN;
  const made = await makeDevnetFolder(folder, await findPorts(), genesisTime);
  const state = { time: genesisTime };
  return { made, folder, state, clock: { now: () => state.time } };
};

/** The chain of node `node` of the network, whoever made it. */
export const openNodeChain = async ({ made, folder, clock }: CoinNetwork, node: number): Promise<OpenedChain> => {
  const { parameters, genesisTime, genesisHash, name } = made.file;
  const home = nodeFolder(folder, node);
  const bitcoin = await openBitcoinHeaders({ parameters: parameters.bitcoin, file: join(home, 'bitcoin-headers'), clock });
  const chain = await openChain({
    folder: home,
    genesis: { hash: genesisHash, build: () => buildDevGenesis(genesisTime, parameters) },
    parameters,
    network: name,
    configHash: computeConfigHash(new Uint8Array(20), encodeNetworkFile(made.file)),
    bitcoin,
    clock,
  });
  const close = async (): Promise<void> => {
    await chain.close();
    await bitcoin.close();
  };
  return { chain, bitcoin, close };
};

const ownStakes = async (chain: Chain): Promise<readonly OwnStake[]> => {
  const keys = new DevelopmentKeys();
  const secrets = new Map(
    Array.from({ length: chain.parameters.genesisStakes }, (_, i) => keys.staker(i).secret).map((secret) => [
      encodeHex(xOnly(secret)),
      secret,
    ]),
  );
  const found: OwnStake[] = [];
  for await (const { outpoint, key } of chain.stakes()) {
    const secret = secrets.get(encodeHex(key));
    if (secret !== undefined) found.push({ outpoint, secret });
  }
  return found;
};

export type AddBlock = (transactions: readonly Transaction[]) => Promise<void>;

/** Makes blocks of these transactions as a staker makes them: slot by slot, assembled, signed, and judged as any other. */
export const makeBlockMaker = async ({ made, state }: CoinNetwork, { chain, bitcoin }: OpenedChain): Promise<AddBlock> => {
  const { parameters, genesisTime } = made.file;
  const source = { interval: parameters.bitcoin.sourceInterval, genesisTime };
  const stakes = await ownStakes(chain);
  return async (transactions) => {
    const view = chain.view();
    const epoch = computeEpochHeight(view.tip.height + 1, parameters);
    const isProvable = (outpoint: OwnStake['outpoint']): boolean => chain.stakeAt(epoch, outpoint) !== undefined;
    const context = { view, bitcoin, parameters, genesisTime, isProvable };
    for (;;) {
      state.time += parameters.slotLength;
      await mineDueHeaders(bitcoin, source, state.time);
      const ticket = findTicket(context, stakes, state.time);
      if (ticket === undefined) continue;
      const block = makeBlock(ticket, { view, parameters, config: chain.configHash, transactions, findRun: () => undefined });
      if (block?.transactions !== transactions.length + 1) throw new Error('the transactions do not fit into one block');
      const verdict = await chain.acceptOwn(block.header, block.body);
      if (verdict !== 'connected') throw new Error(`a block was not connected: ${isFault(verdict) ? verdict.fault : verdict}`);
      return;
    }
  };
};

/** The first coins of the first node's faucet, spent one after the other's change until there are enough coins. */
const makeFundings = (chain: Chain, genesis: Transaction, set: CoinSet): ((from: number) => { funding: Transaction; coins: number }) => {
  const key = new DevelopmentKeys().faucet(0).at(0);
  const script = buildPayToKey(key.publicKey);
  let change: PlacedCoin = { outpoint: { txid: computeTxid(genesis), index: 1 }, amount: FAUCET_OUTPUT };
  if (chain.findCoin(change.outpoint) === undefined) throw new Error('the faucet has no first coin');
  return (from) => {
    const coins = Math.min(COINS_OF_FUNDING, set.count - from);
    const made: TransactionOutput[] = Array.from({ length: coins }, (_, i) => ({
      element: 'value',
      amount: COIN_AMOUNT,
      script: scriptOf(from + i, set),
    }));
    const rest = change.amount - BigInt(coins) * COIN_AMOUNT;
    const outputs: TransactionOutput[] = [...made, { element: 'value', amount: rest, script }];
    const inputs = [{ outpoint: change.outpoint, sequence: 0xffff_fffd, witness: [] }];
    const coin: Coin = { ...change, element: 'value', script, layer: 0, type: 0, height: 0, medianTime: 0 };
    const funding = signKeySpends({ layer: 0, type: 0, lockTime: 0, inputs, outputs }, [{ coin, ...key }]);
    change = { outpoint: { txid: computeTxid(funding), index: coins }, amount: rest };
    return { funding, coins };
  };
};

/** Blocks that `addCoins` makes. */
export const blocksOfCoins = ({ count }: CoinSet): number => Math.ceil(count / (COINS_OF_FUNDING * FUNDINGS_OF_BLOCK));

/** Makes the coins, block by block; answers where each stands that can be spent. */
export const addCoins = async (chain: Chain, add: AddBlock, set: CoinSet): Promise<ReadonlyMap<number, PlacedCoin>> => {
  const circulation = chain.decodedBodyOf(chain.genesis)?.transactions[2];
  if (circulation === undefined) throw new Error('genesis has no circulation');
  const fund = makeFundings(chain, circulation, set);
  const placed = new Map<number, PlacedCoin>();
  for (let from = 0; from < set.count; ) {
    const transactions: Transaction[] = [];
    while (transactions.length < FUNDINGS_OF_BLOCK && from < set.count) {
      const { funding, coins } = fund(from);
      const txid = computeTxid(funding);
      for (let i = 0; i < coins; i++)
        if ((from + i) % set.stride === 0) placed.set(from + i, { outpoint: { txid, index: i }, amount: COIN_AMOUNT });
      transactions.push(funding);
      from += coins;
    }
    await add(transactions);
    const { height } = chain.tip().header;
    if (height % SAY_EVERY === 0) say(`${from.toLocaleString('en')} coins in ${height} blocks`);
  }
  return placed;
};
