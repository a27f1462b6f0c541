import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { encodeHex } from '#protocol/codec/hex';
import { currentCurve, currentHash, useCrypto } from '#protocol/crypto/backend';
import { type Fault, isFault } from '#protocol/fault';
import { DEV_PARAMETERS } from '#protocol/params/networks';
import { computeEpochHeight } from '#protocol/stake/heights';
import { outpointKey } from '#protocol/tx/outpoint';
import { reportFigure, SOAK } from '../../../setup/soak-figure.ts';
import { installNodeCrypto } from '../crypto/node-crypto.ts';
import { type FixtureNode, feed, openFixtureNode } from './chain-fixture.ts';
import { Forger } from './forger-fixture.ts';
import type { HeaderTree } from './header-tree.ts';

const cleanups: (() => Promise<void> | void)[] = [];
beforeAll(() => installNodeCrypto());
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const makeFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'vc-stake-'));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

const open = async (folder = makeFolder()): Promise<FixtureNode> => {
  const node = await openFixtureNode(folder);
  cleanups.push(() => node.close());
  return node;
};

const { maxReorg } = DEV_PARAMETERS;
const tipOf = (node: FixtureNode): string => encodeHex(node.chain.tip().hash);
const heightOf = (node: FixtureNode): number => node.chain.tip().header.height;
const treeSize = (node: FixtureNode): number => (Reflect.get(node.chain, 'tree') as HeaderTree).size;
const codeOf = (verdict: string | Fault): string => (isFault(verdict) ? verdict.fault : verdict);
const makerOf = (node: FixtureNode, hash: Uint8Array): string => {
  const right = node.chain.headerByHash(hash)!.header.right;
  return right.kind === 'stake' ? outpointKey(right.outpoint) : '';
};
const bytesOf = (folder: string): number =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).reduce((sum, name) => {
    const found = statSync(join(folder, name), { throwIfNoEntry: false });
    return sum + (found?.isFile() === true ? found.size : 0);
  }, 0);

const proofsOf = async (node: FixtureNode): Promise<readonly Uint8Array[]> => {
  const blocks = await node.blocksFrom(1);
  return [new Uint8Array(), ...blocks.map(({ proof }) => proof)];
};

describe('headers without stake', () => {
  test('ND10 S1 on forks at fifty depths each is refused, and takes neither memory nor disk', async () => {
    const depths = 50;
    const node = await open();
    await node.grow(depths + 5);
    const forger = new Forger(node);
    const tip = node.chain.tip();
    const proofs = await proofsOf(node);
    await node.chain.acceptHeader(forger.header(tip.header.height, 0).bytes, new Uint8Array());
    const before = await node.keysOnDisk();
    const memory = process.memoryUsage.rss();
    let highest = memory;
    const verdicts = new Map<string, number>();
    const count = SOAK ? 1_000_000 : 10_000;
    for (let n = 1; n <= count; n++) {
      const parent = tip.header.height - 1 - (n % depths);
      const forged = forger.header(parent, n);
      const proof = n % 10 === 0 ? await forger.absence(forged, parent) : (proofs[parent + 1] as Uint8Array);
      const code = codeOf(await node.chain.acceptHeader(forged.bytes, proof));
      verdicts.set(code, (verdicts.get(code) ?? 0) + 1);
      if (n % 1_000 === 0) highest = Math.max(highest, process.memoryUsage.rss());
    }
    expect(
      [...verdicts.keys()].filter((code) => !['short', 'kind', 'padding', 'bit', 'trailing', 'root', 'stake-missing'].includes(code)),
    ).toEqual([]);
    expect(verdicts.get('stake-missing')).toBe(count / 10);
    expect(treeSize(node)).toBe(0);
    expect(await node.keysOnDisk()).toEqual(before);
    expect(tipOf(node)).toBe(encodeHex(tip.hash));
    reportFigure('S1', `memory over ${count} headers`, (highest - memory) / 2 ** 20, 32, 'MiB');
  });

  test('ND10 S2 their blocks, a megabyte each, are never written, and a restart finds what was there', async () => {
    const folder = makeFolder();
    const node = await openFixtureNode(folder);
    await node.grow(maxReorg + 25);
    const forger = new Forger(node);
    const proofs = await proofsOf(node);
    const [tip, before] = [tipOf(node), bytesOf(folder)];
    const body = new Uint8Array(1_000_000).fill(1);
    const count = SOAK ? 10_000 : 100;
    for (let n = 1; n <= count; n++) {
      const parent = heightOf(node) - 1 - (n % maxReorg);
      const forged = forger.header(parent, n);
      expect(isFault(await node.chain.acceptHeader(forged.bytes, proofs[parent + 1] as Uint8Array))).toBe(true);
      body.set([n & 255, n >> 8], 100);
      expect(await node.chain.acceptBody(forged.hash, body)).toBe('unknown-header');
      expect(await node.chain.bodyOf(forged.hash)).toBe(undefined);
    }
    const grown = bytesOf(folder) - before;
    expect(grown).toBeLessThan(16 * 2 ** 20);
    reportFigure('S2', `data directory over ${count} blocks`, grown / 2 ** 20, 16, 'MiB');
    await node.close();
    const again = await open(folder);
    expect(tipOf(again)).toBe(tip);
    await again.grow(2);
  });
});

describe('stake that was spent', () => {
  test('ND12 S3 one coin staked, moved over and over, stakes nothing at any of its former places', async () => {
    const moves = SOAK ? 200 : 40;
    const index = 5;
    const [a, b] = [await open(), await open()];
    const places = [a.genesisStake(index)];
    for (let i = 0; i < moves; i++) {
      places.push(await a.moveStake(index, places[i]!));
      await a.grow(1);
    }
    await a.grow(maxReorg + 1);
    await feed(a, b);
    const forger = new Forger(b, a.stakerSecret(index));
    const refusals = new Map<string, number>();
    const hashes: string[] = [];
    for (const place of places.slice(0, -1))
      for (let depth = 1; depth <= maxReorg; depth++) {
        const parent = heightOf(b) - depth;
        const provable = b.chain.stakeAt(computeEpochHeight(parent + 1, DEV_PARAMETERS), place) !== undefined;
        const forged = provable ? await b.headerByStake(place, parent) : forger.header(parent, depth, { outpoint: place });
        const bytes = 'header' in forged ? forged.header : forged.bytes;
        const proof = 'header' in forged ? forged.proof : await forger.absence(forged, parent);
        const code = codeOf(await b.chain.acceptHeader(bytes, proof));
        refusals.set(code, (refusals.get(code) ?? 0) + 1);
        hashes.push(encodeHex(forged.hash));
        expect(await b.chain.bodyOf(forged.hash)).toBe(undefined);
        expect(b.chain.headerByHash(forged.hash)).toBe(undefined);
      }
    expect([...refusals.keys()].sort()).toEqual(['stake-missing', 'stake-spent']);
    expect(hashes.length).toBe(moves * maxReorg);
    const written = new Set((await b.keysOnDisk()).map((key) => key.slice(-64)));
    expect(hashes.filter((hash) => written.has(hash))).toEqual([]);
    expect(b.chain.wantedBodies(100)).toEqual([]);
  });
});

describe('what a refusal costs', () => {
  /** What the judge has computed since it was asked last. */
  const counting = () => {
    const [curve, hash] = [currentCurve(), currentHash()];
    const counts = { signatures: 0, hashes: 0 };
    useCrypto({
      curve: {
        ...curve,
        verifySchnorr: (...given) => {
          counts.signatures++;
          return curve.verifySchnorr(...given);
        },
      },
      hash: {
        ...hash,
        sha256: (data) => {
          counts.hashes++;
          return hash.sha256(data);
        },
      },
    });
    cleanups.push(() => useCrypto({ curve, hash }));
    return () => {
      const seen = { ...counts };
      Object.assign(counts, { signatures: 0, hashes: 0 });
      return seen;
    };
  };

  test('HD12 S5 a bad header at depth maxReorg costs one signature at most, and no proof before its signature', async () => {
    const node = await open();
    await node.grow(maxReorg + 25);
    const parent = heightOf(node) - maxReorg;
    const [forger, proofs] = [new Forger(node), await proofsOf(node)];
    const makers = new Set((await node.blocksFrom(1)).map(({ hash }) => makerOf(node, hash)));
    const rested = Array.from({ length: 64 }, (_, i) => node.genesisStake(i)).find((stake) => !makers.has(outpointKey(stake)))!;
    const { proof: rightProof } = await node.headerByStake(rested, parent);
    const count = SOAK ? 500 : 5;
    const seen = counting();
    const cases: Record<string, { bytes: Uint8Array; proof: Uint8Array }[]> = { cheap: [], signature: [], proof: [], kernel: [] };
    for (let n = 1; n <= count; n++) {
      const signed = forger.header(parent, n);
      const proof = proofs[parent + 1] as Uint8Array;
      cases.cheap!.push({ bytes: forger.header(parent, n, { bits: 0x1d00ffff }).bytes, proof });
      cases.signature!.push({ bytes: Uint8Array.from([...signed.bytes.subarray(0, 511), signed.bytes[511]! ^ 1]), proof });
      cases.proof!.push({ bytes: signed.bytes, proof: await forger.absence(signed, parent) });
      const unlucky = await node.headerByStake(rested, parent, n);
      cases.kernel!.push({ bytes: unlucky.header, proof: rightProof });
    }
    seen();
    const costs: Record<string, { signatures: number; hashes: number }> = {};
    const codes = new Set<string>();
    const start = process.cpuUsage();
    for (const [name, given] of Object.entries(cases)) {
      for (const { bytes, proof } of given) codes.add(`${name}: ${codeOf(await node.chain.acceptHeader(bytes, proof))}`);
      costs[name] = seen();
    }
    const spent = (process.cpuUsage(start).user + process.cpuUsage(start).system) / 1_000;
    expect([...codes].sort()).toEqual(['cheap: bits', 'kernel: kernel', 'proof: stake-missing', 'signature: signature']);
    expect(Object.values(costs).map(({ signatures }) => signatures)).toEqual([0, count, count, count]);
    expect(costs.signature!.hashes).toBeLessThanOrEqual(3 * count);
    expect(costs.proof!.hashes).toBeLessThanOrEqual(64 * count);
    expect(treeSize(node)).toBe(0);
    reportFigure('S5', 'one bad header at depth maxReorg', spent / (4 * count), 5, 'ms of CPU');
    reportFigure('S5', '500 of them', (spent / (4 * count)) * 500, 1_000, 'ms of CPU');
  });
});

test('ND13 S11 a chain from genesis made with old keys, longer than ours, is told and not followed', async () => {
  const folder = makeFolder();
  const length = SOAK ? 2_500 : 60;
  const [a, b] = [await openFixtureNode(folder), await openFixtureNode(makeFolder())];
  cleanups.push(() => b.close());
  await a.grow(maxReorg + 5);
  b.setTime(a.time() + 60);
  await b.grow(length);
  expect(b.chain.tip().header.weight).toBeGreaterThan(a.chain.tip().header.weight);
  const before = tipOf(a);
  const keys = (await a.keysOnDisk()).length;
  await feed(b, a);
  expect(tipOf(a)).toBe(before);
  expect((await a.keysOnDisk()).length).toBe(keys);
  expect(a.chain.wantedBodies(10)).toEqual([]);
  expect(a.staker.waitsFor()).toBe('operator');
  expect(treeSize(a)).toBeLessThanOrEqual(2_048);
  await a.close();
  const again = await open(folder);
  expect(tipOf(again)).toBe(before);
  expect(outpointKey(again.genesisStake(0))).toBe(outpointKey(b.genesisStake(0)));
});
