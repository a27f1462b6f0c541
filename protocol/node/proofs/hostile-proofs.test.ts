import { afterAll, beforeAll, expect, test } from 'vitest';
import { compareBytes, concatBytes, equalBytes } from '#protocol/codec/bytes';
import { type Hash32, ZERO_HASH } from '#protocol/codec/hash32';
import { encodeHex } from '#protocol/codec/hex';
import { NOBLE_HASH, useCrypto } from '#protocol/crypto/backend';
import { sha256 } from '#protocol/crypto/hash';
import { isFault } from '#protocol/fault';
import { MemoryNodes } from '#protocol/trie/memory-nodes';
import type { KeyRange } from '#protocol/trie/node';
import { proveRanges } from '#protocol/trie/prove';
import { keyRange, prefixRange } from '#protocol/trie/ranges';
import { updateTrie } from '#protocol/trie/update';
import { verifyRanges } from '#protocol/trie/verify';
import { NATIVE_HASH } from '../crypto/native-hash.ts';

const MUTANTS = 1_000_000;
const LEAVES = 3_000;

interface Sample {
  readonly ranges: readonly KeyRange[];
  readonly proof: Uint8Array;
  /** of the leaves in the ranges */
  readonly proven: readonly unknown[];
}

let seed = 20261124;
const random = (below: number): number => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return Math.floor((seed / 2 ** 32) * below);
};

let hashes = 0;
beforeAll(() => {
  const counting = (data: Uint8Array): Uint8Array => {
    hashes++;
    return NATIVE_HASH.sha256(data);
  };
  useCrypto({ hash: { ...NATIVE_HASH, sha256: counting } });
});
afterAll(() => useCrypto({ hash: NOBLE_HASH }));

const number = (...bytes: readonly number[]): Uint8Array => NATIVE_HASH.sha256(Uint8Array.from(bytes));
const leaves = Array.from({ length: LEAVES }, (_, i) => ({ key: number(i & 255, i >> 8), value: number(1, i & 255, i >> 8) }));
const leafAt = (i: number): { key: Uint8Array; value: Uint8Array } => leaves[i % LEAVES] as (typeof leaves)[number];
const byLow = (a: KeyRange, b: KeyRange): number => compareBytes(a.lo, b.lo);

/** An owner's key, a bucket, two owners: what wallets ask for. */
const rangesOf = (i: number): readonly KeyRange[] => {
  if (i % 3 === 0) return [keyRange(leafAt(i).key)];
  if (i % 3 === 1) return [prefixRange(leafAt(i).key, 7 + (i % 8))];
  return [keyRange(leafAt(i).key), keyRange(leafAt(i * 7 + 1).key)].sort(byLow);
};

const inside = (ranges: readonly KeyRange[]): readonly unknown[] =>
  leaves
    .filter(({ key }) => ranges.some(({ lo, hi }) => compareBytes(lo, key) <= 0 && compareBytes(key, hi) <= 0))
    .sort((a, b) => compareBytes(a.key, b.key));

const splice = (...parts: readonly Uint8Array[]): Uint8Array => concatBytes(...parts);

/** Changes that a liar would try: bits, cuts, what is added, moved, doubled, swapped, or taken from another proof. */
const MUTATIONS: readonly ((proof: Uint8Array, other: Uint8Array, a: number, b: number) => Uint8Array)[] = [
  (proof, _, a) => {
    const copy = proof.slice();
    copy[a % proof.length]! ^= 1 << random(8);
    return copy;
  },
  (proof, _, a) => proof.slice(0, a),
  (proof) => splice(proof, Uint8Array.of(random(256))),
  (proof, _, a, b) => splice(proof.subarray(0, a), proof.subarray(b)),
  (proof, _, a, b) => splice(proof.subarray(0, a), proof.subarray(b), proof.subarray(a, b)),
  (proof, other, a) => splice(proof.subarray(0, a), other.subarray(Math.min(a, other.length))),
  (proof, _, a, b) => splice(proof.subarray(0, b), proof.subarray(a)),
  (proof) => {
    const [from, to] = [random(proof.length - 32), random(proof.length - 32)];
    const copy = proof.slice();
    copy.set(proof.subarray(from, from + 32), to);
    copy.set(proof.subarray(to, to + 32), from);
    return copy;
  },
  (proof) => {
    const copy = proof.slice();
    const at = random(proof.length - 1);
    copy[at] = (copy[at]! + (random(2) === 0 ? 1 : 255)) & 255;
    copy[at + 1]! ^= 0x80 >> random(8);
    return copy;
  },
  (proof) => {
    const copy = proof.slice();
    copy[random(4)] = random(256);
    return copy;
  },
  (proof) => proof,
];

test(`TR6 of ${MUTANTS} altered proofs, and true ones of other ranges or another root, none proves what is not, at no more hashes than its size allows`, () => {
  const nodes = new MemoryNodes();
  const first = updateTrie(nodes, ZERO_HASH, leaves);
  nodes.apply(first);
  const { root } = first;
  const next = updateTrie(nodes, root, [{ key: leafAt(5).key, value: sha256(root) }]).root;
  const samples = Array.from({ length: 120 }, (_, i): Sample => {
    const ranges = rangesOf(i * 11);
    const made = proveRanges(nodes, root, ranges);
    if (isFault(made)) throw new Error(made.fault);
    return { ranges, proof: made.proof, proven: inside(ranges) };
  });
  const pick = (): Sample => samples[random(samples.length)] as Sample;
  const codes = new Set<string>();
  for (let [i, refused] = [0, 0]; refused < MUTANTS; i++) {
    const [sample, other] = [pick(), pick()];
    const [a, b] = [random(sample.proof.length + 1), random(sample.proof.length + 1)];
    const mutate = MUTATIONS[i % MUTATIONS.length]!;
    const mutant = mutate(sample.proof, other.proof, Math.min(a, b), Math.max(a, b));
    const claimed: { root: Hash32; asked: Sample } = { root: random(8) === 0 ? next : root, asked: random(8) === 0 ? other : sample };
    hashes = 0;
    const verdict = verifyRanges(claimed.root, claimed.asked.ranges, mutant);
    if (hashes > mutant.length / 2 + 2) expect.fail(`${hashes} hashes: ${encodeHex(mutant)}`);
    if (isFault(verdict)) {
      refused++;
      codes.add(verdict.fault);
    } else if (claimed.root === root && equalBytes(mutant, claimed.asked.proof)) {
      expect(verdict).toEqual(claimed.asked.proven);
    } else expect.fail(`accepted: ${encodeHex(mutant)}`);
  }
  expect([...codes].sort()).toEqual(['bit', 'kind', 'padding', 'root', 'short', 'trailing', 'value-size']);
}, 1_800_000);
