import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { computeStateRoot } from '#protocol/block/state-root';
import { encodeHex } from '#protocol/codec/hex';
import { encodeUtf8 } from '#protocol/codec/utf8';
import { sha256 } from '#protocol/crypto/hash';
import { isFault } from '#protocol/fault';
import { prefixRange } from '#protocol/trie/ranges';
import { encodeTransaction } from '#protocol/tx/transaction-codec';
import { type FixtureBlock, type FixtureNode, faucetPayment, feed, openFixtureNode } from '../chain/chain-fixture.ts';
import { installNodeCrypto } from '../crypto/node-crypto.ts';
import { openDatabase } from './database.ts';
import { DueIndex } from './due-index.ts';
import { encodeScript, feedBlocks } from './kill-script.ts';
import { openStore } from './store.ts';

const SOAK = process.env.VC_SOAK !== undefined;
const KILLS = 50;
const INSIDE = 20;

const cleanups: (() => Promise<void> | void)[] = [];
beforeAll(() => installNodeCrypto());
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const makeFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'vc-store-'));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

const open = async (folder = makeFolder(), config = 0): Promise<FixtureNode> => {
  const node = await openFixtureNode(folder, { config: sha256(Uint8Array.of(config)) });
  cleanups.push(() => node.close());
  return node;
};

const SCRIPT = join(import.meta.dirname, 'kill-script.ts');

interface Child {
  readonly process: ChildProcess;
  /** `(` where a write began, `)` where it ended, `done` at the end */
  readonly marks: () => string;
  readonly said: () => string;
  /** settles when there are new marks, or none to come */
  readonly told: () => Promise<void>;
  readonly closed: Promise<number | null>;
}

const children = new Set<ChildProcess>();

/** A process that has loaded everything and waits for the name of its folder. */
const prepare = (script: string, time: number, limit?: string): Child => {
  const command = [process.execPath, '--conditions=source', SCRIPT, script, String(time)];
  const limited = ['bash', '-c', `trap '' XFSZ; ulimit -f ${limit}; exec "$@"`, 'bash', ...command];
  const [program, ...args] = limit === undefined ? command : limited;
  const child = spawn(program as string, args, { stdio: 'pipe' });
  children.add(child);
  let [marks, said] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => {
    marks += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const closed = once(child, 'close').then(([code]) => {
    children.delete(child);
    return code as number | null;
  });
  const told = () => Promise.race([once(child.stdout, 'data'), closed]).then(() => undefined);
  return { process: child, marks: () => marks, said: () => said, told, closed };
};

const begin = (child: Child, folder: string): Child => {
  child.process.stdin?.write(`${folder}\n`);
  return child;
};

interface Script {
  readonly blocks: readonly FixtureBlock[];
  readonly tip: string;
  readonly stateRoot: string;
  readonly time: number;
  readonly coins: readonly string[];
  /** what an undisturbed node has after each block, by its hash */
  readonly states: ReadonlyMap<string, StoredState>;
}

interface StoredState {
  readonly stateRoot: string;
  readonly coins: string;
}

/** What is in the store after the tip: the root of its tries, and every coin. */
const stateOf = async (node: FixtureNode): Promise<StoredState> => ({
  stateRoot: encodeHex(computeStateRoot(node.rootsAt(node.chain.tip().header.height))),
  coins: encodeHex(sha256(encodeUtf8((await node.coins()).join()))),
});

/** Two makers that leave each other's branch again and again, with payments: blocks in the order they were made. */
const makeScript = async (rounds: number): Promise<Script> => {
  const makers = [await open(makeFolder(), 0), await open(makeFolder(), 1)];
  const blocks: FixtureBlock[] = [];
  const states = new Map<string, StoredState>();
  const record = async (node: FixtureNode) => states.set(encodeHex(node.chain.tip().hash), await stateOf(node));
  await record(makers[0] as FixtureNode);
  for (let round = 0; round < rounds; round++) {
    const from = makers[0]!.chain.tip().header.height + 1;
    for (const [index, maker] of makers.entries()) {
      const payment = faucetPayment(maker, 2 * round + index, 1_000n, { outputs: 40 });
      await maker.mempool.submit(encodeTransaction(payment));
      for (let left = index === round % 2 ? 3 : 5; left > 0; left--) {
        await maker.grow(1);
        await record(maker);
      }
      blocks.push(...(await maker.blocksFrom(from)));
    }
    await feed(makers[1 - (round % 2)]!, makers[round % 2]!);
    await feed(makers[round % 2]!, makers[1 - (round % 2)]!);
  }
  const undisturbed = await open();
  const time = Math.max(...makers.map((maker) => maker.time()));
  undisturbed.setTime(time);
  await feedBlocks(undisturbed, blocks);
  const { header, hash } = undisturbed.chain.tip();
  return { blocks, tip: encodeHex(hash), stateRoot: encodeHex(header.stateRoot), time, coins: await undisturbed.coins(), states };
};

const writeScript = (script: Script): string => {
  const path = join(makeFolder(), 'script');
  writeFileSync(path, encodeScript(script.blocks));
  return path;
};

const seeded = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
};

describe('store', () => {
  test(`ND2 C1 a node killed ${KILLS} times while it connects, reorganises and prunes ends on the state of an undisturbed one`, {
    timeout: 600_000,
  }, async () => {
    const script = await makeScript(SOAK ? 30 : 12);
    const path = writeScript(script);
    const random = seeded(7);
    const heights = new Set<number>();
    let [kills, inside, rounds] = [0, 0, 0];
    let folder = makeFolder();
    let next = prepare(path, script.time);
    while ((kills < KILLS || inside < INSIDE) && rounds++ < KILLS * 10) {
      const child = begin(next, folder);
      next = prepare(path, script.time);
      const writes = 1 + Math.floor(random() * 12);
      const begun = () => (child.marks().match(/\(/g) ?? []).length;
      while (begun() < writes && child.process.exitCode === null) await child.told();
      child.process.kill('SIGKILL');
      await child.closed;
      expect(child.said()).toBe('');
      if (child.marks().includes('done')) {
        folder = makeFolder();
        continue;
      }
      kills++;
      if (child.marks().endsWith('(')) inside++;
      const reopened = await openFixtureNode(folder);
      const { header, hash } = reopened.chain.tip();
      heights.add(header.height);
      expect(await stateOf(reopened)).toEqual(script.states.get(encodeHex(hash)));
      expect(reopened.chain.isBest(hash)).toBe(true);
      expect(reopened.chain.coinCount()).toBe(BigInt((await reopened.coins()).length));
      for (const trie of ['coins', 'records', 'stakes'] as const)
        expect(await reopened.chain.proveState(hash, trie, [prefixRange(new Uint8Array(32), 0)])).not.toHaveProperty('fault');
      await reopened.close();
    }
    expect(kills).toBeGreaterThanOrEqual(KILLS);
    expect(inside).toBeGreaterThanOrEqual(INSIDE);
    expect(heights.size).toBeGreaterThan(10);
    const survivor = await open(folder);
    survivor.setTime(script.time);
    await feedBlocks(survivor, script.blocks);
    expect(encodeHex(survivor.chain.tip().header.stateRoot)).toBe(script.stateRoot);
    expect(encodeHex(survivor.chain.tip().hash)).toBe(script.tip);
    expect(await survivor.coins()).toEqual(script.coins);
  });

  test('ND18 C3 a disk that takes no more stops the node, and it goes on when there is room', { timeout: 120_000 }, async () => {
    const script = await makeScript(6);
    const path = writeScript(script);
    for (const kilobytes of ['100', '250', '300']) {
      const folder = makeFolder();
      const child = begin(prepare(path, script.time, kilobytes), folder);
      const code = await child.closed;
      expect([kilobytes, code, /store-(write|unreadable)/.test(child.said())]).toEqual([kilobytes, 1, true]);
      expect(await begin(prepare(path, script.time), folder).closed).toBe(0);
      const node = await openFixtureNode(folder);
      expect(encodeHex(node.chain.tip().header.stateRoot)).toBe(script.stateRoot);
      expect(await node.coins()).toEqual(script.coins);
      await node.close();
    }
  });

  test('ND2 C2 whatever was written of the log when the machine stopped, the store opens at a block whose whole state is there', {
    timeout: 600_000,
  }, async () => {
    const folder = makeFolder();
    const node = await openFixtureNode(folder);
    for (let round = 0; round < 4; round++) {
      await node.mempool.submit(encodeTransaction(faucetPayment(node, round, 1_000n, { outputs: 20 })));
      await node.grow(2);
    }
    const roots = new Map([0, 1, 2, 3, 4, 5, 6, 7, 8].map((height) => [height, encodeHex(node.chain.headerAt(height)!.header.stateRoot)]));
    await node.close();
    const log = readdirSync(join(folder, 'store')).find((name) => name.endsWith('.log'))!;
    const bytes = readFileSync(join(folder, 'store', log));
    const random = seeded(11);
    const cuts = Array.from({ length: SOAK ? 1_000 : 40 }, () => Math.floor(random() * bytes.length));
    const heights = new Set<number>();
    for (const [i, cut] of [...cuts, bytes.length].entries()) {
      const copy = makeFolder();
      cpSync(folder, copy, { recursive: true });
      const torn = Uint8Array.from(bytes.subarray(0, cut));
      if (i % 2 === 1) torn.fill(0, Math.max(0, cut - 512));
      writeFileSync(join(copy, 'store', log), torn);
      const reopened = await openFixtureNode(copy);
      const { header, hash } = reopened.chain.tip();
      heights.add(header.height);
      expect(encodeHex(header.stateRoot)).toBe(roots.get(header.height));
      expect(reopened.chain.coinCount()).toBe(BigInt((await reopened.coins()).length));
      for (const trie of ['coins', 'records', 'stakes'] as const)
        expect(await reopened.chain.proveState(hash, trie, [prefixRange(new Uint8Array(32), 0)])).not.toHaveProperty('fault');
      await reopened.close();
      rmSync(copy, { recursive: true, force: true });
    }
    expect(heights.size).toBeGreaterThan(4);
  });

  test('ND18 after a failed write nothing more is judged', async () => {
    const node = await open();
    const peer = await open();
    await peer.grow(2);
    node.setTime(peer.time());
    const blocks = await peer.blocksFrom(1);
    const store = Reflect.get(node.chain, 'store') as { close: () => Promise<void> };
    await node.chain.acceptHeader(blocks[0]!.header, blocks[0]!.proof);
    await store.close();
    await expect(node.chain.acceptBody(blocks[0]!.hash, blocks[0]!.body)).rejects.toBeDefined();
    expect(node.chain.tip().header.height).toBe(0);
  });

  test('ND2 a store has one owner process', async () => {
    const script = await makeScript(1);
    const folder = makeFolder();
    const node = await open(folder);
    const child = begin(prepare(writeScript(script), script.time), folder);
    await child.closed;
    expect(child.said()).toContain('store-in-use');
    expect(node.chain.tip().header.height).toBe(0);
  });

  test('ND2 a store of another format is not touched', async () => {
    const folder = makeFolder();
    const node = await openFixtureNode(folder);
    await node.close();
    const database = await openDatabase(join(folder, 'store'));
    const key = Uint8Array.of(0x6d);
    const meta = database.get(key)!;
    await database.writeDurably([{ type: 'put', key, value: Uint8Array.of(99, ...meta.subarray(1)) }]);
    await database.close();
    await expect(openFixtureNode(folder)).rejects.toMatchObject({ code: 'store-format' });
  });

  test('ND5 what falls due is summed by date, kept, and taken back', async () => {
    const database = await openDatabase(join(makeFolder(), 'due'));
    cleanups.push(() => database.close());
    const index = await DueIndex.load(database);
    const change = [
      { kind: 'height', due: 10, delta: 500n },
      { kind: 'height', due: 10, delta: 250n },
      { kind: 'time', due: 1_000, delta: 70n },
      { kind: 'time', due: 2_000, delta: 30n },
    ] as const;
    const apply = async (changes: Parameters<DueIndex['plan']>[1], on = index): Promise<void> => {
      const ops: Parameters<DueIndex['plan']>[0] = [];
      const planned = on.plan(ops, changes);
      await database.write(ops);
      planned.apply();
    };
    await apply(change);
    const again = await DueIndex.load(database);
    for (const each of [index, again]) {
      expect(each.atHeight(10)).toBe(750n);
      expect(each.between(999, 1_000)).toBe(70n);
      expect(each.between(1_000, 2_000)).toBe(30n);
      expect(each.between(0, 4_000_000_000)).toBe(100n);
    }
    await apply(change.map((each) => ({ ...each, delta: -each.delta })));
    expect((await DueIndex.load(database)).between(0, 4_000_000_000)).toBe(0n);
    expect(index.atHeight(10)).toBe(0n);
  });

  test('ND2 an empty folder becomes an empty store', async () => {
    const store = await openStore({ folder: makeFolder(), window: 30, stakeEpoch: 10 });
    expect(store.meta).toBe(undefined);
    expect(isFault(store.coinCount)).toBe(false);
    await store.close();
  });
});
