import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { encodeBody } from '#protocol/block/body-codec';
import { decodeHeader, encodeHeader } from '#protocol/block/header-codec';
import { encodeHex } from '#protocol/codec/hex';
import { sha256 } from '#protocol/crypto/hash';
import { isFault } from '#protocol/fault';
import { verifyInclusion } from '#protocol/merkle/inclusion';
import { hashLeaf } from '#protocol/merkle/tree';
import { DEV_PARAMETERS } from '#protocol/params/networks';
import { computeEpochHeight } from '#protocol/stake/heights';
import { prefixRange } from '#protocol/trie/ranges';
import { verifyRanges } from '#protocol/trie/verify';
import { computeTxid } from '#protocol/tx/identity';
import { encodeTransaction } from '#protocol/tx/transaction-codec';
import { reportFigure, SOAK } from '../../../setup/soak-figure.ts';
import { installNodeCrypto } from '../crypto/node-crypto.ts';
import type { ChainChange } from './chain.ts';
import { type FixtureBlock, type FixtureNode, type FixtureOptions, faucetPayment, feed, makeAt, openFixtureNode } from './chain-fixture.ts';

const cleanups: (() => Promise<void> | void)[] = [];
beforeAll(() => installNodeCrypto());
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const makeFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'vc-chain-'));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

const open = async (folder = makeFolder(), options: FixtureOptions = {}): Promise<FixtureNode> => {
  const node = await openFixtureNode(folder, options);
  cleanups.push(() => node.close());
  return node;
};

const heightOf = (node: FixtureNode): number => node.chain.tip().header.height;
const tipOf = (node: FixtureNode): string => encodeHex(node.chain.tip().hash);
const stateOf = (node: FixtureNode): string => encodeHex(node.chain.tip().header.stateRoot);
const ALL = prefixRange(new Uint8Array(32), 0);

/** Two nodes with one past of `common` blocks, and a future each. */
const fork = async (common: number, first: number, second: number): Promise<[FixtureNode, FixtureNode]> => {
  const [a, b] = [await open(), await open(makeFolder(), { config: sha256(Uint8Array.of(1)) })];
  await a.grow(common);
  await feed(a, b);
  await a.grow(first);
  await b.grow(second);
  const later = Math.max(a.time(), b.time());
  a.setTime(later);
  b.setTime(later);
  return [a, b];
};

describe('chain', () => {
  test('ND2 a chain made by its own stakes grows, and a reopened store stands where it stood', async () => {
    const folder = makeFolder();
    const node = await openFixtureNode(folder);
    await node.grow(45);
    expect(heightOf(node)).toBe(45);
    const stateRoot = stateOf(node);
    await node.close();
    const again = await open(folder);
    expect(stateOf(again)).toBe(stateRoot);
    await again.grow(3);
    expect(heightOf(again)).toBe(48);
  });

  test('ND2 a store of another network is not opened', async () => {
    const folder = makeFolder();
    const node = await openFixtureNode(folder);
    await node.close();
    await expect(openFixtureNode(folder, { genesisTime: 1_700_000_000 })).rejects.toMatchObject({ code: 'store-other-network' });
  });

  test('ND3 a node goes over to the heavier branch by undo, and both end on one state', async () => {
    const [a, b] = await fork(12, 3, 6);
    const changes: ChainChange[] = [];
    a.chain.onTip((change) => changes.push(change));
    await feed(b, a);
    expect(tipOf(a)).toBe(tipOf(b));
    expect(stateOf(a)).toBe(stateOf(b));
    expect(changes.some(({ disconnected }) => disconnected.length === 3)).toBe(true);
    const [coinsA, coinsB] = [await a.coins(), await b.coins()];
    expect(coinsA).toEqual(coinsB);
    expect(a.chain.coinCount()).toBe(BigInt(coinsA.length));
    await a.grow(24);
    await feed(a, b);
    expect(tipOf(b)).toBe(tipOf(a));
    for (const node of [a, b])
      for (let height = node.chain.proofsFrom(); height <= heightOf(node); height++)
        for (const trie of ['coins', 'stakes'] as const)
          expect(await node.chain.proveState(node.chain.headerAt(height)!.hash, trie, [ALL])).not.toHaveProperty('fault');
  });

  test('ND3 where a block of a branch breaks a rule the node goes back, and refuses what builds on it', async () => {
    const [a, b] = await fork(12, 3, 4);
    const blocks = await b.blocksFrom(13);
    const before = tipOf(a);
    const bad = await makeAt(b, { economy: true });
    a.setTime(b.time());
    for (const { header, proof } of [...blocks.slice(0, 4), bad]) expect(await a.chain.acceptHeader(header, proof)).toBe('accepted');
    expect(await a.chain.acceptBody(bad.hash, bad.body)).toBe('stored');
    for (const { hash, body } of blocks.slice(0, 3)) await a.chain.acceptBody(hash, body);
    expect(tipOf(a)).toBe(before);
    await a.chain.acceptBody(blocks[3]!.hash, blocks[3]!.body);
    expect(tipOf(a)).toBe(encodeHex(blocks[3]!.hash));
    expect(await a.chain.acceptHeader(bad.header, bad.proof)).toMatchObject({ fault: 'invalid-block' });
    expect(await a.chain.acceptBody(bad.hash, bad.body)).toMatchObject({ fault: 'invalid-block' });
    expect(a.chain.wantedBodies(10)).toEqual([]);
  });

  test('ND17 P9 a mutated body condemns nothing, and the right one is taken after it', async () => {
    const [a, b] = [await open(), await open()];
    await a.grow(2);
    b.setTime(a.time());
    const [first, second] = await a.blocksFrom(1);
    expect(await b.chain.acceptHeader(first!.header, first!.proof)).toBe('accepted');
    expect(await b.chain.acceptBody(first!.hash, second!.body)).toMatchObject({ fault: 'tx-root' });
    const body = a.chain.decodedBodyOf(first!.hash)!;
    const doubled = encodeBody({ ...body, transactions: [...body.transactions, ...body.transactions] });
    expect(await b.chain.acceptBody(first!.hash, doubled)).toMatchObject({ fault: 'tx-root' });
    expect(await b.chain.acceptBody(first!.hash, first!.body.slice(0, -1))).toMatchObject({ fault: 'short' });
    expect(await b.chain.acceptBody(first!.hash, new Uint8Array([...first!.body, 0]))).toMatchObject({ fault: 'trailing' });
    expect(await b.chain.acceptBody(first!.hash, first!.body)).toBe('connected');
    expect(await b.chain.acceptBody(first!.hash, first!.body)).toBe('known');
    expect(await b.chain.acceptBody(second!.hash, second!.body)).toBe('unknown-header');
  });

  test('ND10 S2 a header that breaks a rule is refused with its code and nothing is kept', async () => {
    const [a, b] = [await open(), await open()];
    await a.grow(3);
    b.setTime(a.time());
    const [first, second] = await a.blocksFrom(1);
    const good = decodeHeader(first!.header);
    if (isFault(good)) throw new Error(good.fault);
    const alter = (change: object): Uint8Array => encodeHeader({ ...good, ...change });
    const cases: [Uint8Array, string][] = [
      [first!.header.slice(1), 'size'],
      [alter({ height: 2 }), 'height'],
      [alter({ time: good.time - 100 }), 'time-not-after-parent'],
      [alter({ bits: good.bits + 1 }), 'bits'],
      [alter({ economy: { ...good.economy, value: good.economy.value + 1n } }), 'economy-identity'],
      [alter({ stateRoot: new Uint8Array(32).fill(1) }), 'signature'],
      [alter({ right: { ...(good.right as object), key: new Uint8Array(32).fill(2) } }), 'signature'],
    ];
    for (const [bytes, code] of cases) {
      const verdict = await b.chain.acceptHeader(bytes, first!.proof);
      expect([code, isFault(verdict) ? verdict.fault : verdict]).toEqual([code, expect.stringContaining(code.split('-')[0]!)]);
    }
    expect(await b.chain.acceptHeader(first!.header, new Uint8Array(0))).toMatchObject({ fault: 'short' });
    expect(await b.chain.acceptHeader(first!.header, second!.proof.slice(0, -1))).toHaveProperty('fault');
    expect(b.chain.wantedBodies(10)).toEqual([]);
    expect(await b.chain.acceptHeader(second!.header, second!.proof)).toBe('unknown-parent');
    expect(await b.chain.acceptHeader(first!.header, first!.proof)).toBe('accepted');
    expect(await b.chain.acceptHeader(first!.header, first!.proof)).toBe('known');
  });

  test('ND10 a header of the future is early, and not kept', async () => {
    const [a, b] = [await open(), await open()];
    await a.grow(3);
    b.setTime(a.genesis.block.header.time);
    const [first] = await a.blocksFrom(1);
    b.setTime(a.chain.headerAt(1)!.header.time - 2);
    expect(await b.chain.acceptHeader(first!.header, first!.proof)).toBe('early');
    expect(b.chain.wantedBodies(1)).toEqual([]);
    b.setTime(a.chain.headerAt(1)!.header.time);
    expect(await b.chain.acceptHeader(first!.header, first!.proof)).toBe('accepted');
  });

  test('ND10 headers by the batch come with one proof for each epoch', async () => {
    const [a, b] = [await open(), await open()];
    await a.grow(60);
    b.setTime(a.time());
    const { headers, proofs } = await a.batchFrom(1, 60);
    expect(proofs.length).toBe(5);
    expect(await b.chain.acceptHeaders(headers, proofs.slice(1))).toMatchObject({ fault: 'stake-proofs' });
    expect(await b.chain.acceptHeaders(headers, proofs)).toEqual({ taken: 60, verdict: 'accepted' });
    expect(await b.chain.acceptHeaders(headers, proofs)).toEqual({ taken: 60, verdict: 'known' });
    expect(b.chain.wantedBodies(100).map(({ header }) => header.height)).toEqual(Array.from({ length: 60 }, (_, i) => i + 1));
    for (const { hash, body } of await a.blocksFrom(1)) expect(await b.chain.acceptBody(hash, body)).toBe('connected');
    expect(tipOf(b)).toBe(tipOf(a));
  });

  test('ND11 S6 of many blocks of one kernel two are kept, and a further one once it has a child', async () => {
    const [a, b] = [await open(), await open()];
    await a.grow(8);
    await feed(a, b);
    const count = SOAK ? 5_000 : 50;
    const versions = await a.versionsOfNext(count);
    b.setTime(a.time());
    const verdicts: unknown[] = [];
    for (const { header, proof } of versions) verdicts.push(await b.chain.acceptHeader(header, proof));
    expect(verdicts.filter((verdict) => verdict === 'accepted').length).toBe(2);
    expect(verdicts.filter((verdict) => verdict === 'equivocation').length).toBe(count - 2);
    expect(b.chain.wantedBodies(100).length).toBe(2);
    reportFigure(
      'S6',
      `blocks relayed and stored of ${count} from one kernel`,
      count - verdicts.filter((v) => v === 'equivocation').length,
      2,
      'blocks',
    );
    const last = versions.at(-1)!;
    await a.chain.acceptOwn(last.header, last.body);
    await a.grow(1);
    await feed(a, b);
    expect(tipOf(b)).toBe(tipOf(a));
  });

  test('ND11 S6 S10 of kernels used up one on the other the blocks are kept with the first block that builds on them', async () => {
    const [a, b, c] = [await open(), await open(), await open()];
    await a.grow(8);
    for (const node of [b, c]) await feed(a, node);
    const row: FixtureBlock[] = [];
    for (let i = 0; i < 3; i++) {
      const [third] = (await a.versionsOfNext(3)).slice(2);
      const shown = (await c.versionsOfNext(2)) as [FixtureBlock, FixtureBlock];
      b.setTime(a.time());
      for (const { header, proof } of shown) expect(await b.chain.acceptHeader(header, proof)).toBe('accepted');
      await a.chain.acceptOwn(third!.header, third!.body);
      await c.chain.acceptOwn(shown[0].header, shown[0].body);
      row.push(third!);
    }
    for (const { header, proof } of row) expect(await b.chain.acceptHeader(header, proof)).toBe('equivocation');
    const isWanted = ({ hash }: FixtureBlock): boolean =>
      b.chain.wantedBodies(100).some((wanted) => encodeHex(wanted.hash) === encodeHex(hash));
    expect(row.some(isWanted)).toBe(false);
    await a.grow(1);
    const last = await a.blockAt(heightOf(a));
    b.setTime(a.time());
    expect(await b.chain.acceptHeader(last.header, last.proof)).toBe('accepted');
    expect(row.every(isWanted)).toBe(true);
    await feed(a, b);
    expect(tipOf(b)).toBe(tipOf(a));
  });

  test('ND12 S3 S4 a fork on a stake withdrawn before it is refused, on one withdrawn later it is taken', async () => {
    const a = await open();
    const b = await open();
    await a.grow(10);
    await feed(a, b);
    const stake = await a.withdrawStake(0);
    await a.grow(1);
    const height = heightOf(a);
    await feed(a, b);
    expect(await a.stakeIsGone(stake)).toBe(true);
    const later = await b.headerByStake(stake, height);
    expect(await b.chain.acceptHeader(later.header, later.proof)).toMatchObject({ fault: 'stake-spent' });
    const before = await b.headerByStake(stake, height - 1);
    expect(await b.chain.acceptHeader(before.header, before.proof)).toBe('accepted');
  });

  test('ND12 a stake that was registered ahead of the validated tip is no withdrawn one', async () => {
    const maker = await open();
    const stake = await maker.moveStake(3, maker.genesisStake(3));
    await maker.grow(45);
    const next = await maker.headerByStake(stake, heightOf(maker));
    const behind = await open();
    behind.setTime(maker.time());
    const { headers, proofs } = await maker.batchFrom(1, heightOf(maker));
    expect(await behind.chain.acceptHeaders(headers, proofs)).toMatchObject({ taken: headers.length });
    expect(await behind.chain.acceptHeader(next.header, next.proof)).toBe('accepted');
  });

  test('ND13 a heavier branch deeper than maxReorg is followed by headers alone, and told', async () => {
    const [a, b] = await fork(3, DEV_PARAMETERS.maxReorg + 1, DEV_PARAMETERS.maxReorg + 5);
    const before = tipOf(a);
    expect(a.chain.deepRival()).toBe(undefined);
    await feed(b, a);
    expect(tipOf(a)).toBe(before);
    expect(encodeHex(a.chain.deepRival()!.hash)).toBe(tipOf(b));
    expect(a.chain.wantedBodies(10)).toEqual([]);
    expect(a.staker.waitsFor()).toBe('operator');
  });

  test('ND14 ND16 a maker waits for a synchronised peer unless told to make blocks alone', async () => {
    const node = await openFixtureNode(makeFolder(), { solo: false });
    cleanups.push(() => node.close());
    expect(node.staker.waitsFor()).toBe('peers');
    const alone = await open();
    expect(alone.staker.waitsFor()).toBe(undefined);
    alone.setTime(alone.time() + 1);
    const made = await alone.staker.trySlot(alone.time());
    expect(await alone.staker.trySlot(alone.time())).toBe(false);
    expect(heightOf(alone)).toBe(made ? 1 : 0);
  });

  test('ND15 a payment is taken into the next block by its rate, a child after its parent, and paid out to the makers', async () => {
    const node = await open();
    const [cheap, dear] = [faucetPayment(node, 0, 300n), faucetPayment(node, 1, 3_000n)];
    for (const transaction of [cheap, dear]) expect(await node.mempool.submit(encodeTransaction(transaction))).toHaveProperty('txid');
    await node.grow(1);
    const body = node.chain.decodedBodyOf(node.chain.tip().hash)!;
    expect(body.transactions.slice(1).map((tx) => encodeHex(computeTxid(tx)))).toEqual(
      [dear, cheap].map((tx) => encodeHex(computeTxid(tx))),
    );
    expect(node.chain.tip().header.economy.fees).toBe(3_300n);
    expect(node.mempool.pool.size).toBe(0);
    await node.grow(1);
    const [coinbase] = node.chain.decodedBodyOf(node.chain.tip().hash)!.transactions;
    expect(coinbase!.outputs.reduce((sum, { amount }) => sum + amount, 0n)).toBe(3_300n);
  });
});

describe('what a node serves', () => {
  test('ND4 states of the proof window and stakes of every epoch are proved, nothing older', async () => {
    const node = await open();
    await node.grow(75);
    const window = DEV_PARAMETERS.stakeMaturity + DEV_PARAMETERS.maxReorg;
    expect(node.chain.proofsFrom()).toBe(75 - window);
    for (const height of [75, 60, 75 - window]) {
      const { hash } = node.chain.headerAt(height)!;
      for (const trie of ['coins', 'records', 'stakes'] as const) {
        const proof = await node.chain.proveState(hash, trie, [ALL]);
        if (isFault(proof)) throw new Error(proof.fault);
        const roots = await node.rootsAt(height);
        expect(isFault(verifyRanges(roots[trie], [ALL], proof.proof))).toBe(false);
      }
    }
    expect(await node.chain.proveState(node.chain.headerAt(44)!.hash, 'coins', [ALL])).toMatchObject({ fault: 'proof-window' });
    for (let epoch = 0; epoch <= 70; epoch += DEV_PARAMETERS.stakeEpoch)
      expect(await node.chain.proveState(node.chain.headerAt(epoch)!.hash, 'stakes', [ALL])).not.toHaveProperty('fault');
    expect(await node.chain.proveState(node.chain.headerAt(33)!.hash, 'stakes', [ALL])).toMatchObject({ fault: 'proof-window' });
    expect(await node.chain.proveState(new Uint8Array(32), 'coins', [ALL])).toMatchObject({ fault: 'unknown-block' });
    for (let height = 1; height <= 75; height += 7)
      expect(await node.chain.stakeProofFor([node.chain.headerAt(height)!], computeEpochHeight(height, DEV_PARAMETERS))).toBeDefined();
  });

  test('ND4 pages of the tries that nothing needs are forgotten', async () => {
    const node = await open();
    await node.grow(35);
    const before = await node.countPages();
    await node.grow(60);
    const after = await node.countPages();
    expect(after).toBeLessThan(before + 60 * 4);
  });

  test('ND4 the undo data of many blocks that connect at once is forgotten as theirs is that come one by one', async () => {
    const [maker, node] = [await open(), await open()];
    await maker.grow(20);
    const blocks = await maker.blocksFrom(1);
    node.setTime(maker.time());
    for (const { header, proof } of blocks) await node.chain.acceptHeader(header, proof);
    for (const { hash, body } of blocks.toReversed()) await node.chain.acceptBody(hash, body);
    await node.chain.acceptBody(new Uint8Array(32), new Uint8Array());
    expect(heightOf(node)).toBe(20);
    expect(await node.countUndo()).toBe(await maker.countUndo());
  });

  test('ND4 CN8 a node that one block removed and the next made again stays when both are taken back', async () => {
    const folder = makeFolder();
    const node = await open(folder);
    const rival = await open(makeFolder(), { config: sha256(Uint8Array.of(1)) });
    const there = faucetPayment(node, 0, 1_000n, { to: 5 });
    await node.mempool.submit(encodeTransaction(there));
    await node.grow(1);
    const outpoint = { txid: computeTxid(there), index: 0 };
    await node.mempool.submit(encodeTransaction(faucetPayment(node, 5, 1_000n, { outpoint, to: 0 })));
    await node.grow(1);
    await rival.grow(4);
    await feed(rival, node);
    expect(tipOf(node)).toBe(tipOf(rival));
    await rival.grow(40);
    await feed(rival, node);
    await node.close();
    const reopened = await open(folder);
    const { hash } = reopened.chain.tip();
    expect(await reopened.chain.proveState(hash, 'coins', [ALL])).not.toHaveProperty('fault');
    expect(await reopened.chain.proveState(hash, 'stakes', [ALL])).not.toHaveProperty('fault');
  });

  test('ND4 transactions and headers are proved in their block and in the history', async () => {
    const node = await open();
    const payment = faucetPayment(node, 0, 500n);
    await node.mempool.submit(encodeTransaction(payment));
    await node.grow(6);
    const found = (await node.chain.findTransaction(computeTxid(payment)))!;
    const { header } = node.chain.headerAt(found.height)!;
    expect(verifyInclusion(hashLeaf(computeTxid(payment)), { index: found.index, size: found.size }, found.branch, header.txRoot)).toBe(
      true,
    );
    const tip = node.chain.tip();
    const branches = await node.chain.proveHistory(tip.hash, [0, 3, 5]);
    if (isFault(branches)) throw new Error(branches.fault);
    [0, 3, 5].forEach((height, i) => {
      const known = node.chain.headerAt(height)!;
      const leaf = hashLeaf(known.hash, known.header.filterHash);
      expect(verifyInclusion(leaf, { index: height, size: 6 }, branches[i]!, tip.header.historyRoot)).toBe(true);
    });
    expect(await node.chain.proveHistory(tip.hash, [6])).toMatchObject({ fault: 'index-out-of-range' });
    expect(await node.chain.proveConsistency(tip.hash, 7)).toMatchObject({ fault: 'index-out-of-range' });
  });
});
