import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareBytes, concatBytes } from '../codec/bytes.ts';
import { type Hash32, ZERO_HASH } from '../codec/hash32.ts';
import { encodeHex } from '../codec/hex.ts';
import { sha256 } from '../crypto/hash.ts';
import { isFault } from '../fault.ts';
import { collectRange } from './collect.ts';
import { findLeaf } from './find.ts';
import { MemoryNodes } from './memory-nodes.ts';
import type { KeyRange, TrieChange } from './node.ts';
import { decodeNode, encodeNode } from './node-codec.ts';
import { proveRanges } from './prove.ts';
import { cutRanges, prefixRange, rangesAfter } from './ranges.ts';
import { updateTrie } from './update.ts';
import { verifyRanges } from './verify.ts';

const bitOf = (key: Uint8Array, bit: number): number => ((key[bit >> 3] as number) >> (7 - (bit & 7))) & 1;

/** The definition of spec 02, written a second time and without any sharing. */
const naiveRoot = (leaves: readonly { key: Uint8Array; value: Uint8Array }[]): Hash32 => {
  if (leaves.length === 0) return ZERO_HASH;
  const [first] = leaves;
  if (leaves.length === 1) return sha256(concatBytes(Uint8Array.of(0), first!.key, sha256(first!.value)));
  let bit = 0;
  while (leaves.every(({ key }) => bitOf(key, bit) === bitOf(first!.key, bit))) bit++;
  const prefix = new Uint8Array(32);
  for (let i = 0; i < bit; i++) prefix[i >> 3]! |= bitOf(first!.key, i) << (7 - (i & 7));
  const side = (wanted: number): Hash32 => naiveRoot(leaves.filter(({ key }) => bitOf(key, bit) === wanted));
  return sha256(concatBytes(Uint8Array.of(1, 0, bit), prefix, side(0), side(1)));
};

const anyKey = fc.oneof(
  fc.uint8Array({ minLength: 32, maxLength: 32 }),
  fc.tuple(fc.nat(3), fc.nat(255)).map(([head, tail]) => Uint8Array.of(...Array<number>(31).fill(head), tail)),
  fc.tuple(fc.nat(3), fc.nat(15)).map(([head, at]) => Uint8Array.of(head, ...new Array(31).fill(0).map((_, i) => (i === at ? 1 : 0)))),
);
const anyLeaves = fc.uniqueArray(fc.record({ key: anyKey, value: fc.uint8Array({ minLength: 1, maxLength: 300 }) }), {
  maxLength: 60,
  selector: ({ key }) => encodeHex(key),
});

const trieOf = (leaves: readonly TrieChange[]): { nodes: MemoryNodes; root: Hash32 } => {
  const nodes = new MemoryNodes();
  const update = updateTrie(nodes, ZERO_HASH, leaves);
  nodes.apply(update);
  return { nodes, root: update.root };
};

const sorted = <T extends { key: Uint8Array }>(leaves: readonly T[]): T[] => leaves.slice().sort((a, b) => compareBytes(a.key, b.key));

const anyRanges = fc
  .uniqueArray(anyKey, { minLength: 2, maxLength: 12, selector: encodeHex })
  .map((keys) => keys.sort(compareBytes))
  .map((keys) => Array.from({ length: keys.length >> 1 }, (_, i): KeyRange => ({ lo: keys[2 * i]!, hi: keys[2 * i + 1]! })));

describe('update', () => {
  test('TR1, TR2 gives the root of the definition', () => {
    fc.assert(fc.property(anyLeaves, (leaves) => void expect(trieOf(leaves).root).toEqual(naiveRoot(leaves))));
  });

  test('TR3 a batch of inserts, changes and removals gives the root of what is left, and its inverse the old root', () => {
    fc.assert(
      fc.property(anyLeaves, anyLeaves, fc.array(fc.nat(), { maxLength: 20 }), (before, more, picks) => {
        const { nodes, root } = trieOf(before);
        const map = new Map<string, { key: Uint8Array; value: Uint8Array }>(before.map((leaf) => [encodeHex(leaf.key), leaf]));
        const changes = new Map<string, TrieChange>(more.map(({ key, value }) => [encodeHex(key), { key, value }]));
        for (const pick of picks) {
          const leaf = before[pick % Math.max(before.length, 1)];
          if (leaf) changes.set(encodeHex(leaf.key), { key: leaf.key, value: undefined });
        }
        const inverse = [...changes.values()].map(({ key }): TrieChange => ({ key, value: map.get(encodeHex(key))?.value }));
        for (const [id, { key, value }] of changes) value === undefined ? map.delete(id) : map.set(id, { key, value });
        const update = updateTrie(nodes, root, [...changes.values()]);
        nodes.apply(update);
        expect(update.root).toEqual(naiveRoot([...map.values()]));
        const back = updateTrie(nodes, update.root, inverse);
        expect(back.root).toEqual(root);
        const ids = (list: readonly { hash: Hash32 }[]): string[] => list.map(({ hash }) => encodeHex(hash)).sort();
        expect(ids(back.added)).toEqual(ids(update.removed));
        expect(ids(back.removed)).toEqual(ids(update.added));
        for (const { key, value } of map.values()) expect(findLeaf(nodes, update.root, key)).toEqual(value);
      }),
    );
  });

  test('TR3 nodes are stored and read back as they are', () => {
    fc.assert(
      fc.property(anyLeaves, (leaves) => {
        for (const { node } of updateTrie(new MemoryNodes(), ZERO_HASH, leaves).added) expect(decodeNode(encodeNode(node))).toEqual(node);
      }),
    );
  });
});

describe('multiproof', () => {
  test('TR5 proves exactly the leaves of its ranges', () => {
    fc.assert(
      fc.property(anyLeaves, anyRanges, (leaves, ranges) => {
        const { nodes, root } = trieOf(leaves);
        const made = proveRanges(nodes, root, ranges);
        if (isFault(made)) throw new Error(made.fault);
        const inside = sorted(leaves).filter(({ key }) =>
          ranges.some(({ lo, hi }) => compareBytes(lo, key) <= 0 && compareBytes(key, hi) <= 0),
        );
        expect(verifyRanges(root, ranges, made.proof)).toEqual(inside);
      }),
    );
  });

  test('TR11 reading by ranges gives what a proof of them gives', () => {
    fc.assert(
      fc.property(anyLeaves, anyRanges, (leaves, ranges) => {
        const { nodes, root } = trieOf(leaves);
        const made = proveRanges(nodes, root, ranges);
        if (isFault(made)) throw new Error(made.fault);
        const read = ranges.flatMap((range) => [...collectRange(nodes, root, range)]).map(({ key, value }) => ({ key, value }));
        expect(verifyRanges(root, ranges, made.proof)).toEqual(read);
      }),
    );
  });

  test('TR4 a prefix is the range of all keys that begin with it', () => {
    fc.assert(
      fc.property(anyKey, anyKey, fc.integer({ min: 0, max: 256 }), (prefix, key, bits) => {
        const { lo, hi } = prefixRange(prefix, bits);
        let same = true;
        for (let i = 0; i < bits; i++) same &&= bitOf(prefix, i) === bitOf(key, i);
        expect(compareBytes(lo, key) <= 0 && compareBytes(key, hi) <= 0).toBe(same);
      }),
    );
  });

  test('TR7 pages, each complete up to its cut, give together what one proof would', () => {
    fc.assert(
      fc.property(anyLeaves, anyRanges, fc.integer({ min: 1, max: 7 }), (leaves, ranges, page) => {
        const { nodes, root } = trieOf(leaves);
        const found: { key: Uint8Array }[] = [];
        for (let rest = ranges; rest.length > 0; ) {
          const made = proveRanges(nodes, root, rest, { bytes: 1024 * 1024, leaves: page });
          if (isFault(made)) throw new Error(made.fault);
          const proven = verifyRanges(root, cutRanges(rest, made.upTo), made.proof);
          if (isFault(proven)) throw new Error(proven.fault);
          expect(proven.length).toBeLessThanOrEqual(page);
          found.push(...proven);
          rest = rangesAfter(rest, made.upTo);
        }
        const whole = proveRanges(nodes, root, ranges);
        if (isFault(whole)) throw new Error(whole.fault);
        expect(found).toEqual(verifyRanges(root, ranges, whole.proof));
      }),
    );
  });

  test('TR6 no bytes at all make the verifier throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), anyRanges, (proof, ranges) => void verifyRanges(sha256(proof), ranges, proof)),
    );
  });
});
