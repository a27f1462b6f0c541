import { describe, expect, test } from 'vitest';
import { asHash32 } from '#protocol/codec/hash32';
import { sha256 } from '#protocol/crypto/hash';
import type { Outpoint } from '#protocol/tx/outpoint';
import { RELAY_POLICY } from '../policy/relay-policy.ts';
import { checkPackageLimits } from './package-limits.ts';
import { Pool, type PoolEntry } from './pool.ts';
import { planReplacement } from './replacement.ts';

const outside = (index: number): Outpoint => ({ txid: asHash32(new Uint8Array(32)), index });
const output = { element: 'value', amount: 1n, script: Uint8Array.of(0x51) } as const;

let made = 0;

/** A pooled transaction as far as the pool's bookkeeping sees one. */
const entryOf = (spends: readonly Outpoint[], { fee = 1_000n, size = 200, outputs = 1 } = {}): PoolEntry => {
  const inputs = spends.map((outpoint) => ({ outpoint, sequence: 0, witness: [] }));
  const transaction = { layer: 0, type: 0, inputs, outputs: new Array(outputs).fill(output), lockTime: 0 } as const;
  const txid = sha256(Uint8Array.of(made & 255, made++ >> 8));
  return { transaction, bytes: new Uint8Array(size), txid, fee, size, checks: 1, run: undefined, references: [], spends, time: 0 };
};
const outputOf = ({ txid }: PoolEntry, index = 0): Outpoint => ({ txid, index });
const poolOf = (...entries: readonly PoolEntry[]): Pool => {
  const pool = new Pool();
  for (const entry of entries) pool.add(entry);
  return pool;
};
const plan = (pool: Pool, spends: readonly Outpoint[], fee: bigint, size = 200) =>
  planReplacement(pool, { fee, size, spends }, RELAY_POLICY);

describe('replacement', () => {
  test('ND21 pays all that leaves and one unit a byte of its own besides: neither less nor at the same rate', () => {
    const old = entryOf([outside(0)]);
    const child = entryOf([outputOf(old)], { fee: 300n });
    const pool = poolOf(old, child);
    expect(plan(pool, [outside(0)], 1_499n)).toMatchObject({ fault: 'replacement-fee', detail: { wanted: 1_500n } });
    expect(plan(pool, [outside(0)], 1_500n)).toEqual([
      expect.objectContaining({ txid: old.txid }),
      expect.objectContaining({ txid: child.txid }),
    ]);
    expect(plan(poolOf(old), [outside(0)], 4_000n, 800)).toMatchObject({ fault: 'replacement-fee', detail: { replacedFee: 1_000n } });
    expect(plan(poolOf(old), [outside(0)], 4_001n, 800)).toHaveLength(1);
    expect(plan(pool, [outside(9)], 1n)).toEqual([]);
  });

  test('ND21 a hundred leave at most', () => {
    const many = Array.from({ length: 101 }, (_, i) => entryOf([outside(i)], { fee: 1n }));
    const pool = poolOf(...many);
    const spends = many.map((_, i) => outside(i));
    expect(plan(pool, spends, 1_000_000n)).toMatchObject({ fault: 'replacement-too-many', detail: { replaced: 101 } });
    expect(plan(pool, spends.slice(1), 1_000_000n)).toHaveLength(100);
  });

  test('ND21 builds on nothing that leaves, and on nothing unconfirmed that the replaced did not build on', () => {
    const [parent, other] = [entryOf([outside(0)]), entryOf([outside(1)])];
    const old = entryOf([outputOf(parent), outside(2)]);
    const child = entryOf([outputOf(old)]);
    const pool = poolOf(parent, other, old, child);
    expect(plan(pool, [outside(2), outputOf(old)], 9_000n)).toMatchObject({ fault: 'replacement-spends-replaced' });
    expect(plan(pool, [outside(2), outputOf(child)], 9_000n)).toMatchObject({ fault: 'replacement-spends-replaced' });
    expect(plan(pool, [outside(2), outputOf(other)], 9_000n)).toMatchObject({ fault: 'replacement-new-unconfirmed' });
    expect(plan(pool, [outside(2), outputOf(parent)], 9_000n)).toHaveLength(2);
  });
});

describe('packages', () => {
  test('ND22 all that build on one transaction have 101,000 virtual bytes at most, what leaves not counted', () => {
    const parent = entryOf([outside(0)], { size: 1_000, outputs: 3 });
    const child = entryOf([outputOf(parent)], { size: 60_000 });
    const pool = poolOf(parent, child);
    const next = (size: number, leaving: readonly PoolEntry[] = []) =>
      checkPackageLimits(pool, { size, spends: [outputOf(parent, 1)] }, leaving, RELAY_POLICY);
    expect(next(40_000)).toBe(true);
    expect(next(40_001)).toMatchObject({ fault: 'too-many-descendants', detail: { size: 101_001 } });
    expect(next(40_001, [child])).toBe(true);
  });
});
