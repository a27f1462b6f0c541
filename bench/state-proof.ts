import { type Hash32, ZERO_HASH } from '#protocol/codec/hash32';
import { type HashBackend, NOBLE_HASH, useCrypto } from '#protocol/crypto/backend';
import { sha256 } from '#protocol/crypto/hash';
import { isFault } from '#protocol/fault';
import { NATIVE_HASH } from '#protocol/node/crypto/native-hash';
import { MemoryNodes } from '#protocol/trie/memory-nodes';
import type { KeyRange, TrieChange } from '#protocol/trie/node';
import { proveRanges } from '#protocol/trie/prove';
import { keyRange, prefixRange } from '#protocol/trie/ranges';
import { updateTrie } from '#protocol/trie/update';
import { verifyRanges } from '#protocol/trie/verify';
import { WASM_HASH } from '#workers/platform/wasm-hash';

export interface BenchRow {
  readonly name: string;
  readonly unit: string;
  readonly ours: number;
  readonly peers: Readonly<Record<string, number>>;
  readonly ratio: number;
  readonly bar: string;
  readonly holds: boolean;
  readonly n: number;
  readonly parts?: Readonly<Record<string, number>>;
}

const COINS = 1_000_000;
const OWNER_COINS = 1_000;
const SAMPLES = 2_000;
const RUNS = 5;
const WARM_UPS = 3;
const SLICES = 40;
const BATCH = 20_000;
const VALUE_BYTES = 77;
const OWNER_PREFIX_BITS = 96;

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

/** In batches, so that memory holds the trie once. */
const buildTrie = (count: number): { readonly nodes: MemoryNodes; readonly root: Hash32 } => {
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

interface Question {
  readonly ranges: readonly KeyRange[];
  readonly proof: Uint8Array;
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] as number;

/** Every message that verification hashes, in its order. */
const recordMessages = (root: Hash32, questions: readonly Question[]): Uint8Array[] => {
  const messages: Uint8Array[] = [];
  const recorder: HashBackend = {
    ...NOBLE_HASH,
    sha256: (data) => {
      messages.push(data.slice());
      return NOBLE_HASH.sha256(data);
    },
  };
  useCrypto({ hash: recorder });
  for (const { ranges, proof } of questions) verifyRanges(root, ranges, proof);
  useCrypto({ hash: NOBLE_HASH });
  return messages;
};

const timeOf = (work: () => void): number => {
  const start = performance.now();
  work();
  return performance.now() - start;
};

interface Compared {
  /** microseconds a proof */
  readonly ours: number;
  readonly bare: number;
  readonly ratio: number;
}

/** Both in short slices, one after the other, so that what else the machine does falls on both alike. */
const compare = (backend: HashBackend, root: Hash32, questions: readonly Question[]): Compared => {
  const size = Math.ceil(questions.length / SLICES);
  const slices = Array.from({ length: SLICES }, (_, i) => questions.slice(i * size, (i + 1) * size));
  const messages = slices.map((slice) => recordMessages(root, slice));
  useCrypto({ hash: backend });
  let sink = 0;
  const verify = (slice: readonly Question[]): void => {
    for (const { ranges, proof } of slice) if (isFault(verifyRanges(root, ranges, proof))) throw new Error('refused');
  };
  const hash = (slice: readonly Uint8Array[]): void => {
    for (const message of slice) sink += backend.sha256(message)[0] as number;
  };
  const run = (): { readonly ours: number; readonly bare: number } => {
    const sum = { ours: 0, bare: 0 };
    slices.forEach((slice, i) => {
      sum.ours += timeOf(() => verify(slice));
      sum.bare += timeOf(() => hash(messages[i] as readonly Uint8Array[]));
    });
    return sum;
  };
  for (let i = 0; i < WARM_UPS; i++) run();
  const rows = Array.from({ length: RUNS }, run);
  useCrypto({ hash: NOBLE_HASH });
  if (sink === 0) throw new Error('nothing was hashed');
  const each = 1_000 / questions.length;
  return {
    ours: median(rows.map(({ ours }) => ours)) * each,
    bare: median(rows.map(({ bare }) => bare)) * each,
    ratio: median(rows.map(({ ours, bare }) => ours / bare)),
  };
};

const verifyRow = (label: string, backend: HashBackend, compared: Compared, bar: number, n: number): BenchRow => ({
  name: 'state-proof-verify',
  unit: `µs a proof (${label}, ${backend.name})`,
  ours: compared.ours,
  peers: { 'bare sha256': compared.bare },
  ratio: compared.ratio,
  bar: `≤ ${bar}`,
  holds: compared.ratio <= bar,
  n,
});

/** Figures `state-proof-verify` and `state-proof-bytes`, on a trie of a million coins in memory. */
export const stateProofRows = async (count = COINS): Promise<readonly BenchRow[]> => {
  useCrypto({ hash: NATIVE_HASH });
  const { nodes, root } = buildTrie(count);
  const ask = (range: KeyRange): Question => {
    const made = proveRanges(nodes, root, [range]);
    if (isFault(made)) throw new Error(made.fault);
    return { ranges: [range], proof: made.proof };
  };
  const stride = Math.floor((count - OWNER_COINS) / SAMPLES);
  const single = Array.from({ length: SAMPLES }, (_, i) => ask(keyRange(coinAt(OWNER_COINS + i * stride).key)));
  const owner = [ask(prefixRange(coinAt(0).key, OWNER_PREFIX_BITS))];
  const owners = Array.from({ length: 40 }, () => owner[0] as Question);
  const rows: BenchRow[] = [];
  for (const backend of [NATIVE_HASH, WASM_HASH, NOBLE_HASH]) {
    rows.push(verifyRow('one coin', backend, compare(backend, root, single), 1.5, count));
    rows.push(verifyRow('owner of 1,000 coins', backend, compare(backend, root, owners), 1.75, count));
  }
  const sizes = single.map(({ proof }) => proof.length).sort((a, b) => a - b);
  const p99 = sizes[Math.floor(sizes.length * 0.99)] as number;
  rows.push({
    name: 'state-proof-bytes',
    unit: 'bytes, p99',
    ours: p99,
    peers: {},
    ratio: p99 / 1_000,
    bar: '≤ 1,000 bytes',
    holds: p99 <= 1_000,
    n: count,
    parts: {
      mean: sizes.reduce((sum, size) => sum + size, 0) / sizes.length,
      largest: sizes[sizes.length - 1] as number,
      'owner of 1,000 coins': (owner[0] as Question).proof.length,
    },
  });
  return rows;
};

if (import.meta.main)
  console.table(
    (await stateProofRows(Number(process.argv[2] ?? COINS))).map(({ peers, parts, ...row }) => ({ ...row, ...peers, ...parts })),
  );
