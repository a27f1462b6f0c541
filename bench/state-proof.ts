import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { build } from 'vite';
import { type Hash32, ZERO_HASH } from '#protocol/codec/hash32';
import { encodeHex } from '#protocol/codec/hex';
import { useCrypto as chooseCrypto } from '#protocol/crypto/backend';
import { sha256 } from '#protocol/crypto/hash';
import { isFault } from '#protocol/fault';
import { NATIVE_HASH } from '#protocol/node/crypto/native-hash';
import { collectRange } from '#protocol/trie/collect';
import { MemoryNodes } from '#protocol/trie/memory-nodes';
import type { KeyRange, TrieChange } from '#protocol/trie/node';
import { proveRanges } from '#protocol/trie/prove';
import { keyRange, prefixRange } from '#protocol/trie/ranges';
import { updateTrie } from '#protocol/trie/update';
import { type ServedFile, withChromium, withFiles } from './chromium.ts';
import { type Compared, compareWithHashing, type Question } from './proof-compare.ts';
import type { ProofWork } from './proof-worker.ts';
import { atMost, type BenchPart, type BenchRow, rowOf, say } from './row.ts';

const COINS = 1_000_000;
const OWNER_COINS = 1_000;
const SAMPLES = 2_000;
const OWNER_SAMPLES = 40;
const BATCH = 20_000;
const VALUE_BYTES = 77;
const OWNER_PREFIX_BITS = 96;
const MAX_BYTES = 1_000;

const u32 = (i: number): Uint8Array => new Uint8Array(Uint32Array.of(i).buffer);

const coinOf = (owner: number, index: number): TrieChange => {
  const key = new Uint8Array(32);
  key.set(sha256(u32(owner)).subarray(0, 12));
  key.set(sha256(u32(index)).subarray(0, 20), 12);
  const value = new Uint8Array(VALUE_BYTES).fill(owner & 255);
  value.set(u32(index), 4);
  return { key, value };
};

/** The first thousand are of one owner, all others of an owner each. */
const coinAt = (i: number): TrieChange => coinOf(i < OWNER_COINS ? 0 : i, i);

interface Built {
  readonly nodes: MemoryNodes;
  readonly root: Hash32;
}

/** In batches, so that memory holds the trie once. */
const buildTrie = (count: number): Built => {
  const nodes = new MemoryNodes();
  let root = ZERO_HASH;
  for (let from = 0; from < count; from += BATCH) {
    const coins = Array.from({ length: Math.min(BATCH, count - from) }, (_, i) => coinAt(from + i));
    const update = updateTrie(nodes, root, coins);
    nodes.apply(update);
    root = update.root;
  }
  return { nodes, root };
};

const countLeaves = (nodes: MemoryNodes, root: Hash32): number => {
  let leaves = 0;
  const everything = { lo: new Uint8Array(32), hi: new Uint8Array(32).fill(0xff) };
  for (const _ of collectRange(nodes, root, everything)) leaves++;
  return leaves;
};

interface Questions {
  readonly root: Hash32;
  /** read from the trie */
  readonly coins: number;
  readonly single: readonly Question[];
  readonly owner: Question;
}

const askAll = (count: number): Questions => {
  chooseCrypto({ hash: NATIVE_HASH });
  const { nodes, root } = buildTrie(count);
  const prove = (range: KeyRange) => {
    const made = proveRanges(nodes, root, [range]);
    if (isFault(made)) throw new Error(made.fault);
    return made;
  };
  const ask = (range: KeyRange): Question => ({ ranges: [range], proof: prove(range).proof });
  const stride = Math.floor((count - OWNER_COINS) / SAMPLES);
  const single = Array.from({ length: SAMPLES }, (_, i) => ask(keyRange(coinAt(OWNER_COINS + i * stride).key)));
  const owner = ask(prefixRange(coinAt(0).key, OWNER_PREFIX_BITS));
  return { root, coins: countLeaves(nodes, root), single, owner };
};

const workOf = (root: Hash32, questions: readonly Question[], repeat: number): ProofWork => ({
  root: encodeHex(root),
  questions: questions.map(({ ranges: [range], proof }) => {
    if (range === undefined) throw new Error('a question has one range');
    return { lo: encodeHex(range.lo), hi: encodeHex(range.hi), proof: encodeHex(proof) };
  }),
  repeat,
});

const bundleWorker = async (): Promise<string> => {
  const layers = fileURLToPath(new URL('..', import.meta.url));
  const built = await build({
    configFile: false,
    logLevel: 'error',
    resolve: { alias: [{ find: /^#(protocol|spv|workers)\/(.*)$/, replacement: `${layers}$1/$2.ts` }] },
    build: { write: false, target: 'es2023', lib: { entry: fileURLToPath(new URL('proof-worker.ts', import.meta.url)), formats: ['es'] } },
  });
  const outputs = (Array.isArray(built) ? built : [built]).flatMap((each) => ('output' in each ? each.output : []));
  const [chunk, ...rest] = outputs;
  if (chunk?.type !== 'chunk' || rest.length > 0) throw new Error('the worker of the bench is not one file');
  return chunk.code;
};

const compareOnPage = async (page: Page, path: string): Promise<Compared> =>
  page.evaluate(
    (path) =>
      new Promise<Compared>((resolve, reject) => {
        const worker = new Worker('/worker.js', { type: 'module' });
        worker.onmessage = ({ data }) => ('failed' in data ? reject(new Error(data.failed)) : resolve(data));
        worker.onerror = ({ message }) => reject(new Error(message));
        worker.postMessage(path);
      }),
    path,
  );

/** The same comparison in a worker of a real Chromium, by the library that the wallet's workers use. */
const compareInChromium = async ({ root, single, owner }: Questions): Promise<Record<'single' | 'owner', Compared>> => {
  const json = (work: ProofWork): ServedFile => ({ type: 'application/json', body: JSON.stringify(work) });
  const files = {
    '/': { type: 'text/html', body: '<!doctype html><title>bench</title>' },
    '/worker.js': { type: 'text/javascript', body: await bundleWorker() },
    '/single': json(workOf(root, single, 1)),
    '/owner': json(workOf(root, [owner], OWNER_SAMPLES)),
  };
  return withFiles(files, (origin) =>
    withChromium(async (browser) => {
      const page = await browser.newPage();
      await page.goto(origin);
      return { single: await compareOnPage(page, '/single'), owner: await compareOnPage(page, '/owner') };
    }),
  );
};

const partOf = ({ ours, bare }: Compared, factor: number, n: number): BenchPart =>
  atMost({ unit: 'µs a proof', ours, peers: { 'bare SHA-256': bare }, limit: factor * bare, bar: `≤ ${factor} × bare SHA-256`, n });

const bytesRow = ({ single, owner, coins }: Questions): BenchRow => {
  const sizes = single.map(({ proof }) => proof.length).sort((a, b) => a - b);
  const at = (share: number): number => sizes[Math.floor((sizes.length - 1) * share)] as number;
  const part = atMost({
    unit: 'bytes, p99',
    ours: at(0.99),
    limit: MAX_BYTES,
    bar: `≤ ${MAX_BYTES} bytes`,
    n: coins,
    also: { median: at(0.5), largest: at(1), 'owner of 1,000 coins': owner.proof.length },
  });
  return { name: 'state-proof-bytes', ...part };
};

/** Figures `state-proof-verify` and `state-proof-bytes`, on a trie of a million coins in memory. */
export const stateProofRows = async (count = COINS): Promise<readonly BenchRow[]> => {
  say(`building a trie of ${count.toLocaleString('en')} coins`);
  const questions = askAll(count);
  const { root, single, owner, coins } = questions;
  const owners = Array.from({ length: OWNER_SAMPLES }, () => owner);
  const node = { single: compareWithHashing(NATIVE_HASH, root, single), owner: compareWithHashing(NATIVE_HASH, root, owners) };
  say('verifying the same proofs in a worker of Chromium');
  const browser = await compareInChromium(questions);
  const verify = rowOf('state-proof-verify', {
    'one coin, Node': partOf(node.single, 1.5, coins),
    'owner of 1,000 coins, Node': partOf(node.owner, 1.75, coins),
    'one coin, worker in Chromium': partOf(browser.single, 1.5, coins),
    'owner of 1,000 coins, worker in Chromium': partOf(browser.owner, 1.75, coins),
  });
  return [verify, bytesRow(questions)];
};
