import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { encodeHex } from '#protocol/codec/hex';
import { encodeBytes } from '#protocol/codec/writer';
import { sha256 } from '#protocol/crypto/hash';
import type { ChainedHeader } from '#protocol/stake/header-view';
import { SOAK } from '../../../setup/soak-figure.ts';
import type { Store } from '../store/store.ts';
import { type FixtureNode, openFixtureNode } from './chain-fixture.ts';
import type { StoredHeader } from './contract.ts';
import { HeaderTree, type TreeEntry } from './header-tree.ts';

const HEIGHT = 8;
const RUNS = SOAK ? 10_000 : 100;

/** Counts how often it looks at one of its entries. */
class CountingTree extends HeaderTree {
  steps = 0;

  override entry(hash: Uint8Array): TreeEntry | undefined {
    this.steps++;
    return super.entry(hash);
  }
}

const folder = mkdtempSync(join(tmpdir(), 'vc-tree-'));
let node: FixtureNode;

beforeAll(async () => {
  node = await openFixtureNode(folder);
  await node.grow(HEIGHT);
});
afterAll(async () => {
  await node.close();
  rmSync(folder, { recursive: true, force: true });
});

const branch = fc.record({
  parent: fc.oneof(fc.nat(), fc.constant(-1)),
  added: fc.integer({ min: 1, max: 9 }),
  hasBody: fc.boolean(),
  invalid: fc.nat(9),
  deep: fc.nat(9),
});
type Branch = typeof branch extends fc.Arbitrary<infer T> ? T : never;

/** Every entry's parent is a block of the best chain or an entry before it, often the last: all that an attacker can choose. */
const grow = (tree: HeaderTree, shape: readonly Branch[]): readonly TreeEntry[] => {
  const best = Array.from({ length: HEIGHT + 1 }, (_, height) => node.chain.headerAt(height) as StoredHeader);
  const entries: TreeEntry[] = [];
  for (const [n, { parent, added, hasBody, invalid, deep }] of shape.entries()) {
    const all = [...best, ...entries];
    const under = all.at(parent % all.length) as StoredHeader & Partial<TreeEntry>;
    const header = {
      ...under.header,
      height: under.header.height + 1,
      previous: under.hash,
      weight: under.header.weight + BigInt(added) * 2n ** 60n,
    };
    const hash = sha256(encodeBytes((writer) => writer.u32(n).u32(77)));
    const stored = { header, hash, bytes: new Uint8Array(512) };
    const chained = { ...stored, stake: undefined } as unknown as ChainedHeader;
    const entry = tree.add(stored, { chained, kernel: String(n), deep: under.deep === true || deep === 0 });
    entry.hasBody = hasBody;
    entry.invalid = under.invalid === true || invalid === 0;
    entries.push(entry);
  }
  return entries;
};

const ancestry = (entries: readonly TreeEntry[], entry: TreeEntry): readonly TreeEntry[] => {
  const parent = entries.find(({ hash }) => encodeHex(hash) === encodeHex(entry.header.previous));
  return parent === undefined ? [entry] : [...ancestry(entries, parent), entry];
};

const newTree = (): CountingTree => new CountingTree(Reflect.get(node.chain, 'store') as Store, node.chain.tip());

test('ND3 S5 on forks of any shape the tree finds fork, best branch and missing bodies, each in few steps', () => {
  fc.assert(
    fc.property(fc.array(branch, { minLength: 1, maxLength: 40 }), (shape) => {
      const tree = newTree();
      const entries = grow(tree, shape);
      const tipWeight = tree.tip.header.weight;
      const paths = new Map(entries.map((entry) => [entry, ancestry(entries, entry)]));
      const complete = entries.filter((entry) => paths.get(entry)!.every(({ hasBody, invalid, deep }) => hasBody && !invalid && !deep));
      const heaviest = complete
        .filter(({ header }) => header.weight > tipWeight)
        .sort((a, b) => (a.header.weight === b.header.weight ? a.arrival - b.arrival : a.header.weight > b.header.weight ? -1 : 1))[0];
      const missing = new Set(
        entries
          .filter(({ header, deep, invalid }) => header.weight > tipWeight && !deep && !invalid)
          .flatMap((entry) => paths.get(entry)!.filter(({ hasBody }) => !hasBody)),
      );
      tree.steps = 0;
      expect(tree.heaviestComplete()).toBe(heaviest);
      expect(new Set(tree.missingBodies(1_000))).toEqual(missing);
      expect(tree.steps).toBeLessThanOrEqual(3 * entries.length);
      for (const entry of entries) {
        const path = paths.get(entry)!;
        tree.steps = 0;
        expect(tree.branchOf(entry)).toEqual(path);
        expect(encodeHex(tree.forkOf(entry).hash)).toBe(encodeHex(path[0]!.header.previous));
        expect(tree.findAncestor(entry, 0)?.header.height).toBe(0);
        expect(tree.steps).toBeLessThanOrEqual(3 * (path.length + 1));
        expect(new Set(tree.withDescendants(entry))).toEqual(new Set(entries.filter((other) => paths.get(other)!.includes(entry))));
      }
    }),
    { numRuns: RUNS },
  );
});
