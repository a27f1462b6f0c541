import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Header } from '../block/header.ts';
import { asHash32 } from '../codec/hash32.ts';
import { encodeHex } from '../codec/hex.ts';
import { sha256 } from '../crypto/hash.ts';
import { DEV_PARAMETERS, MAIN_PARAMETERS } from '../params/networks.ts';
import { computeWork, decodeBits, encodeBits, targetOfBits } from '../params/target.ts';
import { isBurnHeight } from './heights.ts';
import { computeKernel, isKernelBelow } from './kernel.ts';
import { computeInitialBits, computeNextBits, computeNextTarget, keepsBits, MIN_TARGET } from './retarget.ts';

const hashOf = (n: number) => sha256(Uint8Array.of(n & 255, n >> 8));
const toHash = (value: bigint) =>
  asHash32(Uint8Array.from(value.toString(16).padStart(64, '0').match(/../g)!, (h) => Number.parseInt(h, 16)));

describe('kernel', () => {
  test('ST3 is the hash of the tag, Bitcoin hash, outpoint and time, written down once', () => {
    const tag = sha256(new TextEncoder().encode('VC/kernel'));
    const message = [tag, tag, hashOf(1), hashOf(2), Uint8Array.of(5, 0, 0, 0), Uint8Array.of(0x78, 0x56, 0x34, 0x12)];
    const kernel = computeKernel({ bitcoin: hashOf(1), outpoint: { txid: hashOf(2), index: 5 }, time: 0x12345678 });
    expect(encodeHex(kernel)).toBe(encodeHex(sha256(Uint8Array.from(message.flatMap((part) => [...part])))));
  });

  test('ST3 leaves nothing to grind: own outputs × slots, over every field a maker can vary (S8)', () => {
    const outpoints = [0, 1, 2].map((index) => ({ txid: hashOf(9), index }));
    const times = [100, 101, 102, 103];
    const kernels = new Set<string>();
    const headers = new Set<string>();
    for (const outpoint of outpoints)
      for (const time of times)
        for (let free = 0; free < 200; free++) {
          const right = { kind: 'stake' as const, outpoint, amount: 5n, key: hashOf(free) };
          const roots = { txRoot: hashOf(free), witnessRoot: hashOf(free), stateRoot: hashOf(free), historyRoot: hashOf(free) };
          const made: Partial<Header> = { time, bitcoin: hashOf(4), right, ...roots, config: hashOf(free), filterHash: hashOf(free) };
          headers.add(JSON.stringify(made, (_, v) => (typeof v === 'bigint' ? String(v) : v)));
          kernels.add(encodeHex(computeKernel({ bitcoin: made.bitcoin!, outpoint: right.outpoint, time: made.time! })));
        }
    expect(headers.size).toBe(outpoints.length * times.length * 200);
    expect(kernels.size).toBe(outpoints.length * times.length);
  });

  /** k < a × t exactly when ⌊k / a⌋ < t: no product is ever formed. */
  const isBelowByDivision = (kernel: bigint, amount: bigint, target: bigint): boolean => kernel / amount < target;

  test('ST4 never wraps: products from 2^255 to 2^257 have the verdict of a second way to compute (S9)', () => {
    const amounts = fc.bigInt({ min: 1n, max: 2n ** 53n - 1n });
    fc.assert(
      fc.property(amounts, fc.bigInt({ min: 2n ** 255n, max: 2n ** 257n }), fc.bigInt({ min: -2n, max: 2n }), (amount, product, step) => {
        const target = product / amount;
        const limit = 2n ** 256n - 1n;
        const near = amount * target + step;
        for (const kernel of [near < 0n ? 0n : near > limit ? limit : near, limit, 0n, target])
          if (kernel <= limit) expect(isKernelBelow(toHash(kernel), amount, target)).toBe(isBelowByDivision(kernel, amount, target));
      }),
      { numRuns: 500 },
    );
    expect(isKernelBelow(toHash(2n ** 256n - 1n), 2n ** 40n, 2n ** 216n)).toBe(true);
    expect(isKernelBelow(toHash(2n ** 256n - 1n), 2n ** 39n, 2n ** 216n)).toBe(false);
  });
});

const PYTHON = `
import hashlib, json, sys
tag = hashlib.sha256(b'VC/kernel').digest()
verdicts = []
for line in sys.stdin:
    case = json.loads(line)
    message = bytes.fromhex(case['bitcoin']) + bytes.fromhex(case['txid']) + case['index'].to_bytes(4, 'little') + case['time'].to_bytes(4, 'little')
    kernel = hashlib.sha256(tag + tag + message).digest()
    drawn = int(case['near'] or kernel.hex(), 16)
    verdicts.append([kernel.hex(), drawn < int(case['amount']) * int(case['target'])])
print(json.dumps(verdicts))
`;
const hasPython = spawnSync('python3', ['--version']).status === 0;

describe('kernel, independently', () => {
  test.skipIf(!hasPython)('ST3 ST4 Python gives the same hashes and verdicts, where python3 is installed (S9)', () => {
    const cases = Array.from({ length: 400 }, (_, n) => {
      const amount = 1n + (BigInt(`0x${encodeHex(hashOf(n))}`) % (2n ** 53n - 1n));
      const target = (2n ** BigInt(254 + (n % 4)) + BigInt(`0x${encodeHex(hashOf(n + 1))}`)) / amount;
      const near = amount * target + BigInt((n % 5) - 2);
      const outpoint = { txid: hashOf(n + 2), index: n * 7 };
      return { bitcoin: hashOf(n + 3), outpoint, time: 1_800_000_000 + n, amount, target, near: near < 2n ** 256n ? near : undefined };
    });
    const lines = cases.map(({ bitcoin, outpoint, time, amount, target, near }) =>
      JSON.stringify({
        ...{ bitcoin: encodeHex(bitcoin), txid: encodeHex(outpoint.txid), index: outpoint.index, time },
        ...{ amount: String(amount), target: String(target), near: near?.toString(16) },
      }).replace('}', near === undefined ? ',"near":""}' : '}'),
    );
    const { stdout, stderr } = spawnSync('python3', ['-c', PYTHON], { input: lines.join('\n'), encoding: 'utf8' });
    expect(stderr).toBe('');
    const ours = cases.map(({ bitcoin, outpoint, time, amount, target, near }) => {
      const kernel = computeKernel({ bitcoin, outpoint, time });
      return [encodeHex(kernel), isKernelBelow(near === undefined ? kernel : toHash(near), amount, target)];
    });
    expect(JSON.parse(stdout)).toEqual(ours);
    expect(new Set(ours.map(([, below]) => below))).toEqual(new Set([true, false]));
  });
});

describe('retarget', () => {
  const p = DEV_PARAMETERS;
  const target = 1n << 200n;

  test('ST8 keeps the target at the spacing aimed at, and moves by 2 (d − T) / ((W + 1) T)', () => {
    expect(computeNextTarget(target, p.targetSpacing, p)).toBe(target);
    expect(computeNextTarget(target, 0, p)).toBe((target * 15n) / 17n);
    expect(computeNextTarget(target, 8, p)).toBe((target * 76n) / 68n);
  });

  test('ST8 counts at most ten spacings, and keeps within 2^160 and maxTarget', () => {
    expect(computeNextTarget(target, 40, p)).toBe((target * 140n) / 68n);
    expect(computeNextTarget(target, 4_000, p)).toBe(computeNextTarget(target, 40, p));
    expect(computeNextTarget(p.maxTarget, 40, p)).toBe(p.maxTarget);
    expect(computeNextTarget(MIN_TARGET, 1, p)).toBe(MIN_TARGET);
  });

  test('ST8 takes bits over after genesis, at burn heights and after them', () => {
    const bits = encodeBits(target);
    const next = (height: number) => computeNextBits({ height, time: 1_000, bits }, 0, p);
    for (const height of [0, 98, 99, 197, 198]) {
      expect(keepsBits({ height }, p)).toBe(true);
      expect(next(height)).toBe(bits);
    }
    for (const height of [1, 97, 100, 101]) expect(next(height)).toBe(encodeBits(computeNextTarget(target, 1_000, p)));
  });

  test('ST8 begins where all genesis stakes together draw once a spacing', () => {
    const total = 640_000n * 100_000_000n;
    expect(targetOfBits(computeInitialBits(total, p)) <= 2n ** 256n / (4n * total)).toBe(true);
    expect(computeInitialBits(total, p)).toBe(encodeBits(2n ** 256n / (4n * total)));
    expect(targetOfBits(computeInitialBits(1n, MAIN_PARAMETERS)) <= MAIN_PARAMETERS.maxTarget).toBe(true);
  });

  test('ST9 work is ⌊2^256 / (target + 1)⌋', () => {
    expect(computeWork(2n ** 255n - 1n)).toBe(2n);
    expect(computeWork(2n ** 255n)).toBe(1n);
    expect(computeWork(1n)).toBe(2n ** 255n);
    expect(computeWork(0xffffn << 208n)).toBe(0x1_0001_0001n);
  });

  test('ST11 every 99th height is a burn height, genesis is none', () => {
    expect([0, 1, 98, 99, 100, 198].filter((height) => isBurnHeight(height, p))).toEqual([99, 198]);
  });
});

describe('compact bits', () => {
  test.each([
    [0x0492_3456, 'bits-negative'],
    [0x01fe_dcba, 'bits-negative'],
    [0xff12_3456, 'bits-overflow'],
    [0x2200_ffff, 'bits-overflow'],
    [0x2300_00ff, 'bits-overflow'],
    [0, 'bits-zero'],
    [0x0300_0000, 'bits-zero'],
    [0x0400_0012, 'bits-not-shortest'],
    [0x0412_3400 & 0xff00_00ff, 'bits-zero'],
    [0x1d00_00ff, 'bits-not-shortest'],
    [0x0100_1234, 'bits-zero'],
    [0x0112_3456, 'bits-not-shortest'],
  ])('PA4 refuses %i', (bits, code) => {
    expect(decodeBits(bits >>> 0)).toMatchObject({ fault: code });
  });

  test.each([
    [0x1d00_ffff, 0xffffn << 208n],
    [0x207f_ffff, 0x7fffffn << 232n],
    [0x0112_0000, 0x12n],
    [0x0212_3400, 0x1234n],
    [0x0312_3456, 0x123456n],
    [0x0412_3456, 0x12345600n],
    [0x0500_9234, 0x92340000n],
  ])('PA4 reads what Bitcoin reads: %i', (bits, target) => {
    expect(decodeBits(bits)).toBe(target);
    expect(encodeBits(target)).toBe(bits);
  });

  test('PA4 has one form for each target, cut off below', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 2n ** 256n - 1n }), (target) => {
        const cut = targetOfBits(encodeBits(target));
        expect(cut <= target && target - cut < (target >> 14n) + 1n).toBe(true);
        expect(encodeBits(cut)).toBe(encodeBits(target));
      }),
    );
  });
});
