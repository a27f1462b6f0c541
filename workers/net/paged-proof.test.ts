import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tcp } from '@libp2p/tcp';
import { afterEach, describe, expect, test } from 'vitest';
import { type RealNode, startRealNode, stopRealNodes } from '../../e2e/network/real-node.ts';
import { mineBranch } from '../../protocol/bitcoin/test-branch.ts';
import { compareBytes } from '../../protocol/codec/bytes.ts';
import { ZERO_HASH } from '../../protocol/codec/hash32.ts';
import { encodeHex } from '../../protocol/codec/hex.ts';
import { type Fault, isFault } from '../../protocol/fault.ts';
import { computeCoinKey, computeOwnerRange } from '../../protocol/ledger/coin-key.ts';
import { openBitcoinHeaders } from '../../protocol/node/bitcoin/bitcoin-headers.ts';
import { faucetPayment } from '../../protocol/node/chain/chain-fixture.ts';
import type { NodeBitcoin } from '../../protocol/node/chain/contract.ts';
import { FIXTURE_TIME, fixtureGenesis } from '../../protocol/node/chain/genesis-fixture.ts';
import { FAUCET_OUTPUTS } from '../../protocol/node/devnet/dev-genesis.ts';
import { DevelopmentKeys } from '../../protocol/node/devnet/dev-keys.ts';
import { startProofThread } from '../../protocol/node/proofs/start-proof-thread.ts';
import { DEV_PARAMETERS } from '../../protocol/params/networks.ts';
import { buildPayToKey } from '../../protocol/script/forms/pay-to-key.ts';
import { computeScriptTag } from '../../protocol/script/owner-tag.ts';
import { computeTxid } from '../../protocol/tx/identity.ts';
import { type Outpoint, outpointKey } from '../../protocol/tx/outpoint.ts';
import { encodeTransaction } from '../../protocol/tx/transaction-codec.ts';
import { protocolId } from '../../protocol/wire/protocols.ts';
import { makeWatchSet } from '../../spv/coins/watch-set.ts';
import { headerAt } from '../../spv/headers/light-chain.ts';
import { executeJob } from '../../spv/proof/execute-job.ts';
import { coldStart } from '../../spv/sync/cold-start.ts';
import { fetchGenesis } from '../../spv/sync/greet.ts';
import { proveCoins } from '../../spv/sync/prove-coins.ts';
import { isUnanswered, type Task, type Unanswered } from '../../spv/task.ts';
import { runTask } from '../chain/run-task.ts';
import { PeerNetwork } from './peer-network.ts';

const DEPTH = 25;
const WINDOW = DEV_PARAMETERS.stakeMaturity + DEV_PARAMETERS.maxReorg;
/** none of genesis' coins is of this key */
const SHOP = FAUCET_OUTPUTS;
/** 1 MiB of proof holds about ten thousand coins */
const PAYMENTS = 6;
const COINS_EACH = 2_200;
const FEE = 1_000_000n;

/** blocks that come between the two answers */
const GROWTH = 3;

const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const shopScript = buildPayToKey(new DevelopmentKeys().faucet(0).at(SHOP).publicKey);
const shop = { tag: computeScriptTag(shopScript), script: shopScript };

const pay = async (node: RealNode, from: number, options: Parameters<typeof faucetPayment>[3]): Promise<Outpoint> => {
  const payment = faucetPayment({ genesis: fixtureGenesis(), mempool: node.mempool }, from, FEE, options);
  const submitted = await node.mempool.submit(encodeTransaction(payment));
  if (isFault(submitted)) throw new Error(submitted.fault);
  return { txid: computeTxid(payment), index: 0 };
};

/** Regtest's headers for ten minutes of the fixture's time, as a node keeps them. */
const openBitcoin = async (): Promise<NodeBitcoin> => {
  const folder = await mkdtemp(join(tmpdir(), 'vc-headers-'));
  const last = FIXTURE_TIME + 600;
  const bitcoin = await openBitcoinHeaders({
    parameters: DEV_PARAMETERS.bitcoin,
    file: join(folder, 'bitcoin-headers'),
    clock: { now: () => last },
  });
  const times = Array.from({ length: 330 }, (_, i) => last - 2 * (330 - i));
  if (isFault(await bitcoin.accept(mineBranch(bitcoin.tip().hash, times, 1)))) throw new Error('the headers have work');
  closing.push(async () => {
    await bitcoin.close();
    await rm(folder, { recursive: true });
  });
  return bitcoin;
};

/** A node whose chain holds a shop with more coins than one answer proves, and `DEPTH` blocks after that in which some were spent. */
const startShopNode = async (): Promise<{ readonly node: RealNode; readonly coins: readonly Outpoint[] }> => {
  closing.push(stopRealNodes);
  const report = (error: unknown): void => void node.errors.push(error);
  const node = await startRealNode(
    () => true,
    [],
    { bitcoin: await openBitcoin() },
    (folder) => startProofThread({ folder, report }),
  );
  const coins: Outpoint[] = [];
  for (let payment = 1; payment <= PAYMENTS; payment++) {
    const { txid } = await pay(node, payment, { to: SHOP, outputs: COINS_EACH });
    coins.push(...Array.from({ length: COINS_EACH }, (_, index) => ({ txid, index })));
    await node.grow(1);
  }
  const inOrder = coins.sort((a, b) => compareBytes(computeCoinKey(shop.tag, a), computeCoinKey(shop.tag, b)));
  await pay(node, SHOP, { outpoint: inOrder[1] as Outpoint });
  await pay(node, SHOP, { outpoint: inOrder.at(-2) as Outpoint });
  await node.grow(DEPTH);
  return { node, coins: inOrder };
};

/** A light client of its own with one connection; `onPage` is waited for before an answer of proof/1 is read. */
const startClient = async (node: RealNode, onPage: (page: number) => Promise<unknown>) => {
  const network = new PeerNetwork([tcp()]);
  closing.push(network.stop);
  await network.start({ connected: () => undefined, lost: () => undefined, gossip: async () => 'ignore' });
  const peer = await network.dial(node.network.addresses()[0] as string);
  let pages = 0;
  const ask: PeerNetwork['ask'] = async (...question) => {
    const answer = await network.ask(...question);
    if (question[1] === protocolId('dev', 'proof')) await onPage(++pages);
    return answer;
  };
  const host = { network: 'dev', peers: Object.assign(Object.create(network) as PeerNetwork, { ask }), now: node.time };
  const run = <T>(task: Task<T | Unanswered | Fault>): Promise<T | Unanswered | Fault> =>
    runTask({ ...host, compute: async (job) => executeJob(job), onAnswer: () => undefined }, task);
  return { peer, run, pages: () => pages };
};

const given = <T>(value: T | Unanswered | Fault): T => {
  if (isFault(value)) throw new Error(value.fault);
  if (isUnanswered(value)) throw new Error(value.unanswered);
  return value;
};

const proveShop = async (node: RealNode, onPage: (page: number) => Promise<unknown>) => {
  const { peer, run, pages } = await startClient(node, onPage);
  const genesis = given(await run(fetchGenesis(peer, node.chain.genesis)));
  const trust = { network: 'dev', parameters: DEV_PARAMETERS, genesis, config: ZERO_HASH };
  const { height } = node.chain.tip().header;
  const chain = given(await run(coldStart(trust, peer, height, node.time())));
  const header = headerAt(chain, height - DEPTH);
  if (header === undefined) throw new Error('the client holds the block');
  const question = { ranges: [computeOwnerRange(shop.tag)], limits: DEV_PARAMETERS };
  const proven = await run(proveCoins(peer, header, makeWatchSet([shop]), question));
  return { header, proven, pages: pages() };
};

const keysOf = (outpoints: readonly Outpoint[]): readonly string[] => outpoints.map(outpointKey).sort();

describe('a proof of a block below the tip in two answers', () => {
  test('LC7 TR7 ND4 both answers speak of one state, though blocks come between them that spend what is not proved yet', async () => {
    const { node, coins } = await startShopNode();
    const before = node.chain.tip().header.height;
    const { header, proven, pages } = await proveShop(node, async (page) => {
      if (page > 1) return;
      await pay(node, SHOP, { outpoint: coins[0] as Outpoint });
      await pay(node, SHOP, { outpoint: coins.at(-1) as Outpoint });
      await node.grow(GROWTH);
    });
    expect(pages).toBe(2);
    expect(node.chain.tip().header.height).toBe(before + GROWTH);
    const { height, owners } = given(proven);
    expect(height).toBe(before - DEPTH);
    expect(keysOf((owners.get(encodeHex(shop.tag)) ?? []).map(({ outpoint }) => outpoint))).toEqual(keysOf(coins));
    for (const at of [0, 1, -2, -1]) expect(node.mempool.findCoin(coins.at(at) as Outpoint)).toBeUndefined();
    expect(header.header.stateRoot).not.toEqual(node.chain.tip().header.stateRoot);
    expect(node.errors).toEqual([]);
  });

  test('ND4 a block that leaves the window between them is refused with a code, and the peer has not lied', async () => {
    const { node } = await startShopNode();
    const { proven } = await proveShop(node, () => node.grow(WINDOW - DEPTH + 1));
    expect(proven).toEqual({ unanswered: 'proof-window' });
    expect(node.network.figures().bans).toEqual({});
  });
});
