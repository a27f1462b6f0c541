import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { type Hash32, ZERO_HASH } from '#protocol/codec/hash32';
import { encodeHex } from '#protocol/codec/hex';
import { sha256 } from '#protocol/crypto/hash';
import { isFault } from '#protocol/fault';
import type { ChangeSet, TrieRoots } from '#protocol/state/view';
import { collectRange } from '#protocol/trie/collect';
import { MemoryNodes } from '#protocol/trie/memory-nodes';
import type { NodeReader, TrieChange, TrieUpdate } from '#protocol/trie/node';
import { proveRanges } from '#protocol/trie/prove';
import { prefixRange } from '#protocol/trie/ranges';
import { updateTrie } from '#protocol/trie/update';
import { type Database, openDatabase, type WriteOp } from './database.ts';
import { wholeTable } from './keys.ts';
import { Page, PageBranch, type PageNode } from './page.ts';
import { RecentCache } from './recent-cache.ts';
import { TrieReader } from './trie-reader.ts';
import { TrieStore } from './trie-store.ts';

const ALL = prefixRange(new Uint8Array(32), 0);
const NOTHING = updateTrie(new MemoryNodes(), ZERO_HASH, []);
const RETENTION = { window: 3, stakeEpoch: 4 };
const GRACE = 2;

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const openEmpty = async (): Promise<Database> => {
  const folder = mkdtempSync(join(tmpdir(), 'vc-pages-'));
  const database = await openDatabase(folder);
  cleanups.push(() => database.close().then(() => rmSync(folder, { recursive: true, force: true })));
  return database;
};

/** Keys that share long prefixes as an owner's coins do, and keys that do not. */
const keyOf = (seed: number): Uint8Array => {
  const key = new Uint8Array(32);
  if (seed % 3 === 0) key.set(sha256(Uint8Array.of(seed % 7)).subarray(0, 12));
  else key.set(sha256(Uint8Array.of(seed & 255, seed >> 8)).subarray(0, 12));
  key.set(sha256(Uint8Array.of(seed >> 8, seed & 255, 1)).subarray(0, 20), 12);
  return key;
};

const changeOf = (seed: number, version: number | undefined): TrieChange => ({
  key: keyOf(seed),
  value: version === undefined ? undefined : Uint8Array.from({ length: 1 + ((seed * 7 + version) % 90) }, (_, i) => i ^ version),
});

const rootsOf = (coins: Hash32, stakes: Hash32 = ZERO_HASH): TrieRoots => ({ coins, records: ZERO_HASH, stakes });

interface Step {
  readonly before: TrieRoots;
  readonly after: TrieRoots;
  readonly pages: number;
  readonly number: number;
}

/** A store of the coins and stakes tries alone, with every state in memory beside it. */
class TwoTries {
  readonly memory = new MemoryNodes();
  readonly tries: TrieStore;
  readonly steps: Step[] = [];
  private readonly database: Database;
  private number = 0;

  constructor(database: Database) {
    this.database = database;
    this.tries = new TrieStore(database, RETENTION);
  }

  get roots(): TrieRoots {
    return this.steps.at(-1)?.after ?? rootsOf(ZERO_HASH);
  }

  private update(reader: NodeReader, root: Hash32, changes: readonly TrieChange[]): TrieUpdate {
    const expected = updateTrie(this.memory, root, changes);
    this.memory.apply(expected);
    const update = updateTrie(reader, root, changes);
    expect(update.root).toEqual(expected.root);
    return update;
  }

  async connect(coins: readonly TrieChange[], stakes: readonly TrieChange[] = []): Promise<void> {
    const { reader } = this.tries;
    const before = this.roots;
    const tries = { coins: this.update(reader, before.coins, coins), records: NOTHING, stakes: this.update(reader, before.stakes, stakes) };
    const after = rootsOf(tries.coins.root, tries.stakes.root);
    const change = { header: { height: this.steps.length }, before: { roots: before }, after: { roots: after }, tries };
    const ops: WriteOp[] = [];
    const number = ++this.number;
    const pages = this.tries.connect(ops, change as unknown as ChangeSet, number);
    await this.database.write(ops);
    this.steps.push({ before, after, pages, number });
  }

  async disconnect(): Promise<void> {
    const { before, after, pages, number } = this.steps.pop()!;
    const ops: WriteOp[] = [];
    this.tries.disconnect(ops, { height: this.steps.length, connected: number, pages, before, after }, ++this.number);
    await this.database.write(ops);
  }
}

const countPages = async (database: Database): Promise<number> => {
  let total = 0;
  for await (const _ of database.entries(wholeTable('page'))) total++;
  return total;
};

const leavesOf = (reader: NodeReader, root: Hash32): string[] =>
  [...collectRange(reader, root, ALL)].map(({ key, value }) => `${encodeHex(key)}=${encodeHex(value)}`);

const reachable = (reader: TrieReader, root: Hash32, seen: Set<number>): void => {
  const top = reader.findRoot(root)?.top;
  const walk = (node: PageNode): void => {
    seen.add(node.page.number);
    if (node instanceof PageBranch) for (const side of [0, 1] as const) walk(reader.readChild(node, side) as PageNode);
  };
  if (top !== undefined) walk(top);
};

const anySteps = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.array(fc.tuple(fc.nat(60), fc.option(fc.nat(3), { nil: undefined })), { maxLength: 12 }) },
    { weight: 1, arbitrary: fc.constant('disconnect' as const) },
  ),
  { minLength: 1, maxLength: 14 },
);

const unique = (picks: readonly (readonly [number, number | undefined])[]): TrieChange[] =>
  [...new Map(picks).entries()].map(([seed, version]) => changeOf(seed, version));

describe('pages of tries', () => {
  test('ND4 TR3 whatever is connected and taken back, every state of the window is the one computed in memory', async () => {
    await fc.assert(
      fc.asyncProperty(anySteps, async (steps) => {
        const database = await openEmpty();
        const store = new TwoTries(database);
        for (const step of steps) {
          if (step !== 'disconnect') await store.connect(unique(step), unique(step.slice(0, 3)));
          else if (store.steps.length > 1) await store.disconnect();
        }
        const fresh = new TrieReader(database);
        for (const { after } of store.steps)
          for (const root of [after.coins, after.stakes]) {
            expect(leavesOf(fresh, root)).toEqual(leavesOf(store.memory, root));
            const ours = proveRanges(fresh, root, [ALL]);
            expect(ours).toEqual(proveRanges(store.memory, root, [ALL]));
          }
      }),
      { numRuns: 60 },
    );
  });

  test('ND4 after pruning there are the pages that the window and the epochs need, and no others', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.tuple(fc.nat(200), fc.option(fc.nat(3), { nil: undefined })), { maxLength: 20 }), {
          minLength: 9,
          maxLength: 16,
        }),
        async (blocks) => {
          const database = await openEmpty();
          const store = new TwoTries(database);
          for (const [height, picks] of blocks.entries()) {
            await store.connect(unique(picks), [changeOf(1_000 + height, 1), changeOf(999 + height, undefined)]);
            if (height === 2) {
              const undone = store.roots;
              await store.disconnect();
              await store.connect(unique(picks), [changeOf(1_000 + height, 1), changeOf(999 + height, undefined)]);
              expect(store.roots).toEqual(undone);
            }
          }
          const tip = store.steps.length - 1;
          while ((await store.tries.prune(tip)) > 0);
          const reader = new TrieReader(database);
          const seen = new Set<number>();
          store.steps.forEach(({ after }, height) => {
            if (height >= tip - RETENTION.window - GRACE) reachable(reader, after.coins, seen);
            if (height >= tip - RETENTION.window - GRACE || height % RETENTION.stakeEpoch === 0) reachable(reader, after.stakes, seen);
          });
          expect(await countPages(database)).toBe(seen.size);
        },
      ),
      { numRuns: 40 },
    );
  });

  test('ND4 a read ahead takes only pages on the way', async () => {
    const database = await openEmpty();
    const store = new TwoTries(database);
    await store.connect(Array.from({ length: 2_000 }, (_, seed) => changeOf(seed, 0)));
    const asked: number[] = [];
    const counting: Database = {
      ...database,
      get: (key) => {
        asked.push(1);
        return database.get(key);
      },
      getMany: (keys) => {
        asked.push(...keys.map(() => 2));
        return database.getMany(keys);
      },
    };
    const reader = new TrieReader(counting);
    const keys = [5, 700, 1_500].map(keyOf).sort((a, b) => Buffer.compare(a, b));
    await reader.warm(store.roots.coins, keys);
    expect(asked.filter((how) => how === 2).length).toBeLessThan(40);
    const before = asked.filter((how) => how === 1).length;
    for (const key of keys) expect([...collectRange(reader, store.roots.coins, { lo: key, hi: key })]).toHaveLength(1);
    expect(asked.filter((how) => how === 1).length - before).toBe(keys.length);
  });

  test('ND4 after a read ahead a leaf is removed without another read, whichever page its sibling is in', async () => {
    const database = await openEmpty();
    const store = new TwoTries(database);
    await store.connect(Array.from({ length: 600 }, (_, seed) => changeOf(seed, 0)));
    const read = { pages: 0 };
    const isPage = (key: Uint8Array): boolean => key[0] === wholeTable('page').gte[0];
    const counting: Database = {
      ...database,
      get: (key) => {
        if (isPage(key)) read.pages++;
        return database.get(key);
      },
    };
    const root = store.roots.coins;
    for (let seed = 0; seed < 600; seed++) {
      const reader = new TrieReader(counting);
      await reader.warm(root, [keyOf(seed)]);
      read.pages = 0;
      const { root: after } = updateTrie(reader, root, [changeOf(seed, undefined)]);
      expect(read.pages).toBe(0);
      expect(after).toEqual(updateTrie(store.memory, root, [changeOf(seed, undefined)]).root);
    }
  });

  test('ND4 a page says its height and number', async () => {
    const database = await openEmpty();
    const store = new TwoTries(database);
    await store.connect([changeOf(1, 1)]);
    const page = store.tries.reader.findRoot(store.roots.coins);
    expect(page).toBeInstanceOf(Page);
    expect([page?.born, page?.top.kind]).toEqual([0, 'leaf']);
    expect(isFault(proveRanges(store.tries.reader, store.roots.coins, [ALL]))).toBe(false);
  });

  test('ND4 the cache of pages keeps what is used and stays under its bound', () => {
    const cache = new RecentCache<number>(100);
    for (let i = 0; i < 10_000; i++) {
      cache.set(String(i), i);
      cache.get('0');
      expect(cache.size).toBeLessThanOrEqual(100);
    }
    expect(cache.get('9999')).toBe(9999);
    expect(cache.get('0')).toBe(0);
    expect(cache.get('5000')).toBe(undefined);
  });
});
