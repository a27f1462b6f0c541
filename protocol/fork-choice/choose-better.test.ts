import { describe, expect, test } from 'vitest';
import type { Header } from '../block/header.ts';
import { compareBytes } from '../codec/bytes.ts';
import { sha256 } from '../crypto/hash.ts';
import { computeKernel } from '../stake/kernel.ts';
import { type Candidate, chooseBetter, compareSiblings } from './choose-better.ts';

const hashOf = (n: number) => sha256(Uint8Array.of(n));
const tip = (weight: bigint) => ({ header: { weight } as Header });

describe('fork choice', () => {
  test('FC1 takes the heavier tip, whichever was first', () => {
    const [light, heavy] = [tip(2n ** 64n), tip(2n ** 64n + 1n)];
    expect(chooseBetter(light, heavy)).toBe(heavy);
    expect(chooseBetter(heavy, light)).toBe(heavy);
  });

  test('FC2 keeps the first of two as heavy', () => {
    const [first, second] = [tip(7n), tip(7n)];
    expect(chooseBetter(first, second)).toBe(first);
    expect(chooseBetter(second, first)).toBe(second);
  });
});

describe('versions of one height', () => {
  const stake = (amount: bigint, index: number, hash = 0): Candidate => ({
    header: {
      bitcoin: hashOf(1),
      time: 100,
      right: { kind: 'stake', outpoint: { txid: hashOf(2), index }, amount, key: hashOf(3) },
    } as unknown as Header,
    hash: hashOf(hash),
  });
  const burn = (satoshi: bigint): Candidate => ({
    header: { right: { kind: 'burn', proofHash: hashOf(5), satoshi, key: hashOf(3) } } as unknown as Header,
    hash: hashOf(6),
  });
  const kernelOf = (index: number) => computeKernel({ bitcoin: hashOf(1), outpoint: { txid: hashOf(2), index }, time: 100 });

  test('FC4 are ordered burn, amount, kernel, hash', () => {
    const [lucky, unlucky] = compareBytes(kernelOf(0), kernelOf(1)) < 0 ? [0, 1] : [1, 0];
    const [low, high] = compareBytes(hashOf(8), hashOf(9)) < 0 ? [8, 9] : [9, 8];
    const ordered = [burn(2n), burn(1n), stake(9n, unlucky), stake(5n, lucky, low), stake(5n, lucky, high), stake(5n, unlucky)];
    for (let shift = 0; shift < ordered.length; shift++) {
      const shuffled = [...ordered.slice(shift), ...ordered.slice(0, shift)].reverse();
      expect(shuffled.sort(compareSiblings)).toEqual(ordered);
    }
    expect(compareSiblings(ordered[0]!, ordered[0]!)).toBe(0);
  });
});
