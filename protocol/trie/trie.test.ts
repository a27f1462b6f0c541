import { describe, expect, test } from 'vitest';
import { concatBytes } from '../codec/bytes.ts';
import { type Hash32, ZERO_HASH } from '../codec/hash32.ts';
import { sha256 } from '../crypto/hash.ts';
import { isFault } from '../fault.ts';
import { MemoryNodes } from './memory-nodes.ts';
import { type ProvedRanges, proveRanges } from './prove.ts';
import { checkUpTo, cutRanges, keyRange, prefixRange, rangesAfter } from './ranges.ts';
import { updateTrie } from './update.ts';
import { verifyRanges } from './verify.ts';

const key = (first: number, last = 0): Uint8Array => Uint8Array.of(first, ...new Array(30).fill(0), last);
const A = { key: key(0x00), value: Uint8Array.of(1) };
const B = { key: key(0x80), value: Uint8Array.of(2) };
const C = { key: key(0xc0, 1), value: Uint8Array.of(3) };
const ALL = prefixRange(key(0), 0);

const leafHash = ({ key: k, value }: typeof A): Hash32 => sha256(concatBytes(Uint8Array.of(0), k, sha256(value)));
const branch = (bit: number, prefix: Uint8Array, left: Uint8Array, right: Uint8Array): Hash32 =>
  sha256(concatBytes(Uint8Array.of(1, 0, bit), prefix, left, right));

const build = (...leaves: (typeof A)[]): { nodes: MemoryNodes; root: Hash32 } => {
  const nodes = new MemoryNodes();
  const update = updateTrie(nodes, ZERO_HASH, leaves);
  nodes.apply(update);
  return { nodes, root: update.root };
};

describe('shape, by hand', () => {
  test('TR1 an empty trie is zero and a trie of one leaf is its leaf', () => {
    expect(build().root).toEqual(ZERO_HASH);
    expect(build(A).root).toEqual(leafHash(A));
  });

  test('TR2 a branch stands at the first bit that differs, over the common prefix', () => {
    const right = branch(1, key(0x80), leafHash(B), leafHash(C));
    expect(build(A, B, C).root).toEqual(branch(0, key(0), leafHash(A), right));
  });

  test('TR5 the proof of one key, byte for byte', () => {
    const { nodes, root } = build(A, B, C);
    const expected = concatBytes(
      Uint8Array.of(1, 0),
      leafHash(A),
      Uint8Array.of(1, 0),
      Uint8Array.of(0),
      new Uint8Array(32),
      Uint8Array.of(1, 2),
      leafHash(C),
    );
    const proof = concatBytes(expected.slice(0, 37), new Uint8Array(32), expected.slice(69));
    expect(proveRanges(nodes, root, [keyRange(B.key)])).toMatchObject({ proof, upTo: B.key, leaves: 1 });
  });

  test('TR5 absence: an empty range is opened as far as its neighbour', () => {
    const { nodes, root } = build(A, B, C);
    const made = proveRanges(nodes, root, [keyRange(key(0xff))]);
    expect(made).toMatchObject({ leaves: 0 });
    expect(verifyRanges(root, [keyRange(key(0xff))], (made as { proof: Uint8Array }).proof)).toEqual([]);
    expect(verifyRanges(ZERO_HASH, [ALL], new Uint8Array(0))).toEqual([]);
  });
});

describe('update', () => {
  const { nodes, root } = build(A, B);
  const other = Uint8Array.of(9);

  test('TR8 counts values given to keys that were there, whether they change them or not', () => {
    expect(updateTrie(nodes, root, [C]).replaced).toBe(0);
    expect(updateTrie(nodes, root, [C, { key: A.key, value: undefined }]).replaced).toBe(0);
    expect(updateTrie(nodes, root, [C, { key: A.key, value: other }]).replaced).toBe(1);
    expect(updateTrie(nodes, root, [A, B])).toMatchObject({ replaced: 2, root, added: [], removed: [] });
  });

  test('TR8 counts keys that stand twice in a batch', () => {
    expect(updateTrie(nodes, root, [C, { key: C.key, value: other }]).replaced).toBe(1);
    expect(
      updateTrie(nodes, root, [
        { key: A.key, value: undefined },
        { key: A.key, value: other },
      ]).replaced,
    ).toBe(1);
  });

  test('TR3 removing what is not there changes nothing, and removing all leaves the empty trie', () => {
    expect(updateTrie(nodes, root, [{ key: C.key, value: undefined }])).toMatchObject({ root, added: [], removed: [] });
    const gone = [A, B].map(({ key: k }) => ({ key: k, value: undefined }));
    expect(updateTrie(nodes, root, gone)).toMatchObject({ root: ZERO_HASH, added: [] });
    expect(updateTrie(nodes, ZERO_HASH, gone)).toMatchObject({ root: ZERO_HASH, added: [], removed: [] });
  });
});

describe('limits', () => {
  const leaves = Array.from({ length: 300 }, (_, i) => ({
    key: sha256(Uint8Array.of(i & 255, i >> 8)),
    value: new Uint8Array(100).fill(i),
  }));
  const { nodes, root } = build(...leaves);

  test('TR9 keeps every limit of bytes, complete up to its cut', () => {
    for (let bytes = 700; bytes < 6_000; bytes += 53) {
      const made = proveRanges(nodes, root, [ALL], { bytes, leaves: 1_000 }) as ProvedRanges;
      expect(made.proof.length).toBeLessThanOrEqual(bytes);
      expect(made.proof.length).toBeGreaterThan(bytes - 500);
      expect(verifyRanges(root, cutRanges([ALL], made.upTo), made.proof)).toHaveLength(made.leaves);
    }
  });

  test('TR9 keeps every limit of leaves, and reads little more than it gives', () => {
    for (const wanted of [1, 2, 7, 150, 299, 300]) {
      const made = proveRanges(nodes, root, [ALL], { bytes: 1_000_000, leaves: wanted }) as ProvedRanges;
      expect(made.leaves).toBe(wanted);
      expect(made.nodesRead).toBeLessThan(2 * wanted + 40);
      expect(verifyRanges(root, cutRanges([ALL], made.upTo), made.proof)).toHaveLength(wanted);
    }
    expect(proveRanges(nodes, root, [ALL], { bytes: 1_000_000, leaves: 300 })).toMatchObject({ upTo: ALL.hi });
  });

  test('TR9 refuses limits that no leaf fits in', () => {
    expect(proveRanges(nodes, root, [ALL], { bytes: 100, leaves: 9 })).toMatchObject({ fault: 'proof-size' });
    expect(proveRanges(nodes, root, [ALL], { bytes: 9_000, leaves: 0 })).toMatchObject({ fault: 'proof-size' });
  });
});

describe('the edges', () => {
  test('TR2 TR6 two keys that differ in their last bit part at bit 255, below as many branches as there can be', () => {
    const deep = Array.from({ length: 256 }, (_, bit) => {
      const at = new Uint8Array(32);
      at[bit >> 3] = 0x80 >> (bit & 7);
      return { key: at, value: Uint8Array.of(bit) };
    });
    const last = { key: new Uint8Array(32), value: Uint8Array.of(7) };
    const { nodes, root } = build(...deep, last);
    for (const leaf of [last, deep[255]!, deep[254]!, deep[0]!]) {
      const { proof } = proveRanges(nodes, root, [keyRange(leaf.key)]) as ProvedRanges;
      expect(verifyRanges(root, [keyRange(leaf.key)], proof)).toEqual([leaf]);
    }
    const { proof, leaves } = proveRanges(nodes, root, [ALL]) as ProvedRanges;
    expect(leaves).toBe(257);
    expect(verifyRanges(root, [ALL], proof)).toHaveLength(257);
  });

  test('TR4 TR6 256 ranges are answered, ranges that touch and do not overlap too', () => {
    const { nodes, root } = build(A, B, C);
    const many = Array.from({ length: 256 }, (_, i) => keyRange(key(i)));
    const { proof } = proveRanges(nodes, root, many) as ProvedRanges;
    expect(verifyRanges(root, many, proof)).toEqual([A, B]);
    const before = key(0x7f, 0xff).fill(0xff, 1);
    const touching = [
      { lo: A.key, hi: before },
      { lo: B.key, hi: C.key },
    ];
    const made = proveRanges(nodes, root, touching) as ProvedRanges;
    expect(verifyRanges(root, touching, made.proof)).toEqual([A, B, C]);
    expect(cutRanges(touching, B.key)).toEqual([touching[0], keyRange(B.key)]);
    expect(rangesAfter(touching, before)).toEqual([touching[1]]);
    expect(rangesAfter(touching, C.key)).toEqual([]);
    expect(rangesAfter([ALL], ALL.hi)).toEqual([]);
  });

  test('TR6 a value of 11,000 bytes and a proof of 1 MiB are the largest', () => {
    const large = { ...A, value: new Uint8Array(11_000) };
    const alone = build(large);
    const { proof } = proveRanges(alone.nodes, alone.root, [ALL]) as ProvedRanges;
    expect(verifyRanges(alone.root, [ALL], proof)).toEqual([large]);
    const filled = (spare: number) =>
      build(...Array.from({ length: 100 }, (_, i) => ({ key: key(i), value: new Uint8Array(i === 0 ? 300 + spare : 10_500) })));
    const sizeOf = (spare: number): number => {
      const { nodes, root } = filled(spare);
      return (proveRanges(nodes, root, [ALL], { bytes: 2 ** 21, leaves: 1_000 }) as ProvedRanges).proof.length;
    };
    const spare = 1024 * 1024 - sizeOf(0);
    for (const [more, wanted] of [
      [0, 'whole'],
      [1, 'size'],
    ] as const) {
      const { nodes, root } = filled(spare + more);
      const made = (proveRanges(nodes, root, [ALL], { bytes: 2 ** 21, leaves: 1_000 }) as ProvedRanges).proof;
      expect(made).toHaveLength(1024 * 1024 + more);
      const verdict = verifyRanges(root, [ALL], made);
      expect(isFault(verdict) ? verdict.fault : 'whole').toBe(wanted);
    }
  });
});

describe('the end of an answer', () => {
  test('TR10 is the end of the ranges, or the last leaf given', () => {
    const ranges = [keyRange(A.key), { lo: B.key, hi: C.key }];
    expect(checkUpTo(ranges, C.key, undefined)).toBe(true);
    expect(checkUpTo(ranges, A.key, A.key)).toBe(true);
    expect(checkUpTo(ranges, A.key, undefined)).toMatchObject({ fault: 'up-to' });
    expect(checkUpTo(ranges, B.key, A.key)).toMatchObject({ fault: 'up-to' });
    expect(checkUpTo(ranges, ALL.hi, C.key)).toMatchObject({ fault: 'up-to' });
    expect(checkUpTo([], A.key, undefined)).toMatchObject({ fault: 'up-to' });
  });
});

describe('the closed set of faults', () => {
  const { nodes, root } = build(A, B, C);
  const whole = (proveRanges(nodes, root, [ALL]) as { proof: Uint8Array }).proof;
  const changed = (at: number, byte: number): Uint8Array => {
    const copy = whole.slice();
    copy[at] = byte;
    return copy;
  };
  const lone = (value: Uint8Array, length: readonly number[]): Uint8Array =>
    concatBytes(Uint8Array.of(0), A.key, Uint8Array.from(length), value);

  test.each([
    ['range-order', root, [], whole],
    ['range-order', root, [keyRange(B.key), keyRange(A.key)], whole],
    ['range-order', root, [{ lo: B.key, hi: A.key }], whole],
    [
      'range-order',
      root,
      [
        { lo: A.key, hi: B.key },
        { lo: B.key, hi: C.key },
      ],
      whole,
    ],
    ['range-order', root, [{ lo: A.key.slice(0, 31), hi: C.key }], whole],
    ['range-order', root, [{ lo: A.key, hi: concatBytes(C.key, A.key) }], whole],
    ['range-order', root, Array.from({ length: 257 }, (_, i) => keyRange(key(i >> 8, i & 255))), whole],
    ['size', root, [ALL], new Uint8Array(1024 * 1024 + 1)],
    ['short', root, [ALL], whole.slice(0, -1)],
    ['short', root, [ALL], new Uint8Array(0)],
    ['kind', root, [ALL], changed(0, 2)],
    ['bit', root, [ALL], concatBytes(Uint8Array.of(1, 255), new Uint8Array(32), Uint8Array.of(1, 0), whole)],
    ['padding', root, [ALL], concatBytes(Uint8Array.of(1, 1, 0x7f), whole.slice(2))],
    ['varint', root, [ALL], lone(new Uint8Array(5), [0xfd, 5, 0])],
    ['value-size', root, [ALL], lone(new Uint8Array(11_001), [0xfd, 11_001 & 255, 11_001 >> 8])],
    ['value-size', root, [ALL], lone(new Uint8Array(5), [0xfe, 5, 0, 0, 0])],
    ['trailing', root, [ALL], concatBytes(whole, Uint8Array.of(0))],
    ['trailing', ZERO_HASH, [ALL], Uint8Array.of(0)],
    ['root', root, [ALL], changed(whole.length - 1, 9)],
  ] as const)('TR6 %s', (code, against, ranges, proof) => {
    expect(verifyRanges(against, ranges, proof)).toMatchObject({ fault: code });
  });
});
