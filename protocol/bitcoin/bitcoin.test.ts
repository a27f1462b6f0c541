import { hash as nodeHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { reportFigure, SOAK } from '../../setup/soak-figure.ts';
import { checkElectrumCheckpoints, checkMainHeaders, checkRetargetBoundaries, checkSignetHeaders } from '../conformance/bitcoin-headers.ts';
import { NOBLE_HASH, useCrypto } from '../crypto/backend.ts';
import { type Fault, isFault } from '../fault.ts';
import { DEV_PARAMETERS, MAIN_PARAMETERS } from '../params/networks.ts';
import type { BitcoinParameters } from '../params/parameters.ts';
import { targetOfBits } from '../params/target.ts';
import { BitcoinChain, MAX_SIDE_HEADERS } from './chain.ts';
import type { BitcoinHeader } from './header.ts';
import { decodeBitcoinHeader, encodeBitcoinHeader, hashBitcoinHeader } from './header-codec.ts';
import { findCheckpointHeader } from './known-headers.ts';
import { computeNextPeriodBits } from './retarget.ts';
import { buildLocator, listHeadersAfter, listHeadersAround } from './serve-headers.ts';
import { mineBranch, startRegtest } from './test-branch.ts';

const FOLDER = join(process.env.VC_VECTORS ?? '', 'headers');
const MAIN_FILE = join(FOLDER, 'mainnet_0_10236.bin');
const haveVectors = existsSync(MAIN_FILE);
const NOW = 4_000_000_000;
const START = 1_700_000_000;
/** the main network's, seconds */
const LAG = 7_200;
/** height from which Bitcoin had miners enough for a block in ten minutes or so */
const STEADY = 2_100;
const every = (count: number, step = 600, from = START): number[] => Array.from({ length: count }, (_, i) => from + i * step);

const nativeDigest = (data: Uint8Array): Uint8Array => new Uint8Array(nodeHash('sha256', data, 'buffer'));
beforeAll(() => useCrypto({ hash: { ...NOBLE_HASH, sha256: nativeDigest, hash256: (data) => nativeDigest(nativeDigest(data)) } }));
afterAll(() => useCrypto({ hash: NOBLE_HASH }));

const accepted = (chain: BitcoinChain, headers: readonly Uint8Array[]) => {
  const verdict = chain.accept(headers, NOW);
  if (isFault(verdict)) throw new Error(`${verdict.fault} ${JSON.stringify(verdict.detail)}`);
  return verdict;
};
const codeOf = (verdict: object): string | undefined => (isFault(verdict) ? (verdict as Fault).fault : undefined);

const grown = (times: readonly number[]): { chain: BitcoinChain; headers: Uint8Array[] } => {
  const chain = startRegtest();
  const headers = mineBranch(chain.base.hash, times, 0);
  accepted(chain, headers);
  return { chain, headers };
};

describe.skipIf(!haveVectors)('vectors/headers', () => {
  const read = (name: string): Uint8Array => Uint8Array.from(readFileSync(join(FOLDER, name)));
  const mainHeaders = (): Uint8Array[] => {
    const file = read('mainnet_0_10236.bin');
    return Array.from({ length: file.length / 80 }, (_, i) => file.slice(i * 80, i * 80 + 80));
  };
  const fromGenesis = (first: Uint8Array): BitcoinChain => {
    const bitcoin: BitcoinParameters = {
      network: 'main',
      checkpoint: { height: 0, hash: hashBitcoinHeader(first) },
      retargets: true,
      limitBits: 0x1d00_ffff,
      sourceInterval: 0,
    };
    return BitcoinChain.start(bitcoin, first) as BitcoinChain;
  };

  test.each([
    ['mainnet_0_10236.bin', checkMainHeaders, 10_237],
    ['signet_0_2015.bin', checkSignetHeaders, 2_016],
    ['mainnet_retarget_boundaries.json', checkRetargetBoundaries, 827],
    ['electrum_mainnet_checkpoints.json', checkElectrumCheckpoints, 473],
  ])('BT1, BT2, BT3, BT5 of %s: every case as the file has it (B4)', (name, check, cases) => {
    expect(check(read(name))).toMatchObject({ cases, passed: cases, failed: [] });
  });

  test('BT7 of real headers some come so late that by medians the header of past slots would change, by latest times none', () => {
    const [first, ...rest] = mainHeaders();
    const chain = fromGenesis(first!);
    for (let i = 0; i < rest.length; i += 2_000) accepted(chain, rest.slice(i, i + 2_000));
    const steady = Array.from({ length: chain.tip.height - STEADY + 1 }, (_, i) => chain.entryAt(STEADY + i)!);
    const late = (bound: (entry: (typeof steady)[number]) => number): number =>
      steady.filter((entry) => entry.header.time > bound(entry) + LAG).length;
    expect(late(({ medianTime }) => medianTime)).toBe(32);
    expect(late(({ latestTime }) => latestTime)).toBe(0);
  });

  test('BT6 10,237 headers, none beside the best chain, 50,000 a second of one core (B4)', () => {
    const [first, ...rest] = mainHeaders();
    const chain = fromGenesis(first!);
    const start = process.cpuUsage().user;
    for (let i = 0; i < rest.length; i += 2_000) accepted(chain, rest.slice(i, i + 2_000));
    const rate = rest.length / ((process.cpuUsage().user - start) / 1_000_000);
    expect([chain.tip.height, chain.sideCount]).toEqual([10_236, 0]);
    reportFigure('B4', 'headers of Bitcoin', rate, { atLeast: 50_000 }, '1/s of one core');
  });

  test('BT2, BT3 any flipped bit of a header stops the chain at it (B5)', () => {
    const headers = mainHeaders();
    const chain = fromGenesis(headers[0]!);
    accepted(chain, headers.slice(1, 2_100));
    const step = SOAK ? 1 : 7;
    for (let bit = 0; bit < 640; bit += step) {
      const changed = headers[2_100]!.slice();
      changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
      const code = codeOf(chain.accept([changed, headers[2_101]!], NOW));
      expect(['bitcoin-link', 'bitcoin-bits', 'bitcoin-work']).toContain(code);
      expect(chain.tip.height).toBe(2_099);
    }
    accepted(chain, headers.slice(2_100, 2_102));
  });

  test('BT3 right work and wrong bits at each of 413 boundaries are not what the period asks for (B5)', () => {
    const rows = JSON.parse(new TextDecoder().decode(read('mainnet_retarget_boundaries.json'))) as { height: number; header: string }[];
    const headers = new Map(rows.map(({ height, header }) => [height, decodeBitcoinHeader(Uint8Array.from(Buffer.from(header, 'hex')))]));
    const wrongBitsAreRefused = (last: BitcoinHeader, since: number, { bits }: BitcoinHeader): boolean =>
      [bits - 1, bits + 1, last.bits].every(
        (wrong) => wrong === bits || computeNextPeriodBits(last.bits, last.time - since, 0x1d00_ffff) !== wrong,
      );
    let judged = 0;
    for (const [height, header] of headers) {
      const [first, last] = [headers.get(height - 2_016), headers.get(height - 1)];
      if (isFault(header) || first === undefined || last === undefined || isFault(first) || isFault(last)) continue;
      judged++;
      const expected = computeNextPeriodBits(last.bits, last.time - first.time, 0x1d00_ffff);
      expect(expected).toBe(header.bits);
      if (header.bits !== 0x1d00_ffff) expect(wrongBitsAreRefused(last, first.time, header)).toBe(true);
    }
    expect(judged).toBe(413);
  });

  test('BT3 refuses headers of the least work where bits have moved on (B6)', () => {
    const headers = mainHeaders();
    const chain = fromGenesis(headers[0]!);
    accepted(chain, headers.slice(1, 500));
    const cheap = mineBranch(chain.tip.hash, every(1), 1);
    expect(codeOf(chain.accept(cheap, NOW))).toBe('bitcoin-bits');
  });
});

describe('retargeting', () => {
  test('BT3 goes fourfold at most, either way, and never above the limit', () => {
    const [bits, day] = [0x1b04_04cb, 86_400];
    const target = targetOfBits(bits);
    const next = (days: number): bigint => targetOfBits(computeNextPeriodBits(bits, days * day, 0x1d00_ffff));
    expect(next(14)).toBe(target);
    expect(next(56)).toBe(next(57));
    expect(next(56) / target).toBe(4n);
    expect(next(3.5)).toBe(next(1));
    expect(next(-1)).toBe(next(3.5));
    expect(computeNextPeriodBits(0x1d00_8000, 56 * day, 0x1d00_ffff)).toBe(0x1d00_ffff);
  });
});

describe('one header', () => {
  const { chain, headers } = grown(every(12));

  test('BT1 is 80 bytes and decodes to what was encoded', () => {
    const header = decodeBitcoinHeader(headers[3]!);
    if (isFault(header)) throw new Error(header.fault);
    expect(encodeBitcoinHeader(header)).toEqual(headers[3]);
    expect(decodeBitcoinHeader(headers[3]!.subarray(1))).toMatchObject({ fault: 'short' });
    expect(decodeBitcoinHeader(Uint8Array.of(...headers[3]!, 0))).toMatchObject({ fault: 'trailing' });
  });

  test('BT2 needs work', () => {
    for (let nonce = 0; ; nonce++) {
      const idle = mineBranch(chain.tip.hash, every(1, 600, START + 12 * 600), 3)[0]!;
      new DataView(idle.buffer).setUint32(76, nonce, true);
      if ((hashBitcoinHeader(idle)[31] as number) < 0x80) continue;
      expect(codeOf(chain.accept([idle], NOW))).toBe('bitcoin-work');
      break;
    }
  });

  test('BT5 is later than the median of eleven, not than its parent', () => {
    const median = chain.tip.medianTime;
    expect(median).toBe(START + 6 * 600);
    const at = (time: number) => codeOf(startAgain().accept(mineBranch(chain.tip.hash, [time], 4), NOW));
    const startAgain = () => grown(every(12)).chain;
    expect([at(median), at(median + 1)]).toEqual(['bitcoin-time', undefined]);
  });

  test('BT5 BT7 above a checkpoint whose clock was ahead medians do not fall, and no header is held against them', () => {
    const [first] = mineBranch(startRegtest().base.hash, [START + 7_000], 0) as [Uint8Array];
    const bitcoin = { ...DEV_PARAMETERS.bitcoin, checkpoint: { height: 2_016, hash: hashBitcoinHeader(first) } };
    const chain = BitcoinChain.start(bitcoin, first) as BitcoinChain;
    accepted(chain, mineBranch(chain.base.hash, every(14, 300), 0));
    const medians = Array.from({ length: 15 }, (_, i) => chain.entryAt(2_016 + i)!.medianTime);
    expect(medians).toEqual(medians.toSorted((a, b) => a - b));
    expect(medians.at(-1)).toBe(START + 7_000);
    expect(codeOf(chain.accept(mineBranch(chain.tip.hash, [START + 8 * 300], 0), NOW))).toBe('bitcoin-time');
    accepted(chain, mineBranch(chain.tip.hash, [START + 8 * 300 + 1], 0));
  });

  test('BT5 is at most two hours ahead of the clock', () => {
    const next = mineBranch(chain.tip.hash, [START + 100_000], 5);
    expect(codeOf(chain.accept(next, START + 100_000 - 7_201))).toBe('bitcoin-future');
    expect(codeOf(grown(every(12)).chain.accept(next, START + 100_000 - 7_200))).toBeUndefined();
  });

  test('BT5 links to one that is known', () => {
    expect(codeOf(startRegtest().accept([headers[5]!], NOW))).toBe('bitcoin-link');
  });

  test('BT4 the checkpoint begins the chain, and no other header', () => {
    const bytes = findCheckpointHeader(MAIN_PARAMETERS.bitcoin)!;
    const main = BitcoinChain.start(MAIN_PARAMETERS.bitcoin, bytes);
    expect(main).toMatchObject({ tip: { height: 832_608 } });
    expect(BitcoinChain.start(MAIN_PARAMETERS.bitcoin, headers[0]!)).toMatchObject({ fault: 'bitcoin-checkpoint' });
    expect(findCheckpointHeader({ ...MAIN_PARAMETERS.bitcoin, checkpoint: { height: 0, hash: chain.tip.hash } })).toBeUndefined();
  });
});

describe('branches', () => {
  test('BT6 one stale block moves no tip, whichever came first; the next one decides (B8)', () => {
    const { chain } = grown(every(20));
    const fork = chain.entryAt(19)!;
    const rival = mineBranch(fork.hash, every(2, 600, START + 20 * 600), 9);
    const first = chain.tip;
    expect(accepted(chain, rival.slice(0, 1)).moved).toBe(false);
    expect(chain.tip).toBe(first);
    expect(accepted(chain, rival).moved).toBe(true);
    expect([chain.tip.height, chain.sideCount, chain.isBest(first)]).toEqual([21, 1, false]);
    expect(accepted(chain, rival).added).toEqual([]);
  });

  test('BT6 the same headers in any order of branches end on the same best chain', () => {
    const base = startRegtest();
    const trunk = mineBranch(base.base.hash, every(5), 0);
    const long = mineBranch(hashBitcoinHeader(trunk[2]!), every(6, 600, START + 5_000), 1);
    const short = mineBranch(hashBitcoinHeader(trunk[3]!), every(2, 600, START + 5_000), 2);
    const tips = [
      [trunk, long, short],
      [trunk, short, long],
      [trunk.slice(0, 3), long, trunk.slice(3), short],
      [trunk.slice(0, 4), short, trunk.slice(4), long],
    ].map((order) => {
      const chain = startRegtest();
      for (const headers of order) accepted(chain, headers);
      return chain.tip.hash;
    });
    for (const tip of tips) expect(tip).toEqual(hashBitcoinHeader(long.at(-1)!));
  });

  test('BT6 a flood of light branches is forgotten, and a real heavier one from the same place is taken (B6)', () => {
    const { chain } = grown(every(600));
    const fork = chain.entryAt(100)!;
    const real = mineBranch(fork.hash, every(520, 600, START + 100 * 600), 7);
    const rounds = SOAK ? 200 : 14;
    for (let round = 0; round < rounds; round++) {
      const flood = mineBranch(fork.hash, every(400, 600, START + 100 * 600), 10 + round);
      accepted(chain, flood);
      expect(chain.sideCount).toBeLessThanOrEqual(MAX_SIDE_HEADERS);
    }
    expect(chain.tip.height).toBe(600);
    accepted(chain, real);
    expect(chain.tip.hash).toEqual(hashBitcoinHeader(real.at(-1)!));
    for (let e = chain.tip; e.height > 0; e = e.parent!) expect(chain.findHeader(e.hash)).toBe(e);
  });
});

describe('the header of a slot', () => {
  const { chain } = grown(every(40));
  const latestAt = (height: number): number => chain.entryAt(height)!.latestTime;

  test('BT7 is the highest whose latest time is within the bound', () => {
    expect(chain.slotHeader(latestAt(30))?.height).toBe(30);
    expect(chain.slotHeader(latestAt(30) - 1)?.height).toBe(29);
    expect(chain.slotHeader(NOW)?.height).toBe(40);
    expect(chain.slotHeader(0)).toBeUndefined();
    for (let bound = START; bound < START + 40 * 600; bound += 97) {
      const naive = Array.from({ length: 41 }, (_, h) => chain.entryAt(h)!).findLast((entry) => entry.latestTime <= bound);
      expect(chain.slotHeader(bound)).toBe(naive);
    }
  });

  test('BT7 what comes later never changes the header of a slot that is over, as medians would after a pause', () => {
    const before = grown(every(40)).chain;
    const over = START + 40 * 600 + LAG + 3_600;
    const then = before.slotHeader(over - LAG)!;
    const naiveByMedian = (): number =>
      Array.from({ length: before.tip.height + 1 }, (_, h) => before.entryAt(h)!).findLast(({ medianTime }) => medianTime <= over - LAG)!
        .height;
    expect([then.height, naiveByMedian()]).toEqual([40, 40]);
    accepted(before, mineBranch(before.tip.hash, every(20, 600, over), 6));
    expect(naiveByMedian()).toBe(45);
    expect(before.slotHeader(over - LAG)).toBe(then);
  });

  test('BT7 may be the last of a stale branch within the bound that leaves at most `stale` below', () => {
    const fork = chain.entryAt(28)!;
    accepted(chain, mineBranch(fork.hash, every(3, 600, START + 28 * 600), 5));
    const stale = [...Array(3).keys()].map(
      (i) => chain.findHeader(hashBitcoinHeader(mineBranch(fork.hash, every(3, 600, START + 28 * 600), 5)[i]!))!,
    );
    const bound = latestAt(34);
    const allowed = (entry: (typeof stale)[number], at: number, depth: number): boolean => chain.isSlotHeader(entry, at, depth);
    expect(stale.map((entry) => allowed(entry, bound, 6))).toEqual([false, false, true]);
    expect(allowed(stale[2]!, bound, 5)).toBe(false);
    expect(stale.map((entry) => allowed(entry, stale[1]!.latestTime, 6))).toEqual([false, true, false]);
    expect(allowed(chain.entryAt(34)!, bound, 6)).toBe(true);
    expect(allowed(chain.entryAt(33)!, bound, 6)).toBe(false);
    expect(allowed(chain.entryAt(35)!, bound, 6)).toBe(false);
  });
});

describe('serving', () => {
  const { chain, headers } = grown(every(100));

  test('BT8 a locator is dense near the tip and ends at the base', () => {
    const heights = buildLocator(chain).map((hash) => chain.findHeader(hash)!.height);
    expect(heights.slice(0, 10)).toEqual([100, 99, 98, 97, 96, 95, 94, 93, 92, 91]);
    expect(heights.slice(10)).toEqual([89, 85, 77, 61, 29, 0]);
  });

  test('BT8 is answered from its first hash on the best chain', () => {
    accepted(chain, mineBranch(chain.entryAt(50)!.hash, every(2, 600, START + 50 * 600), 8));
    const stale = hashBitcoinHeader(mineBranch(chain.entryAt(50)!.hash, every(1, 600, START + 50 * 600), 8)[0]!);
    expect(listHeadersAfter(chain, [stale, chain.entryAt(50)!.hash], 3)).toEqual({ height: 51, headers: headers.slice(50, 53) });
    expect(listHeadersAfter(chain, [], 2)).toEqual({ height: 1, headers: headers.slice(0, 2) });
    expect(listHeadersAfter(chain, buildLocator(chain), 5)).toEqual({ height: 101, headers: [] });
    const around = listHeadersAround(chain, chain.entryAt(10)!.hash, 2, 3);
    expect(around).toEqual({ height: 8, headers: headers.slice(7, 13) });
    expect(listHeadersAround(chain, stale, 1, 3)?.headers).toHaveLength(2);
    expect(listHeadersAround(chain, chain.entryAt(1)!.hash, 12, 0)).toMatchObject({ height: 0 });
    expect(listHeadersAround(chain, new Uint8Array(32), 1, 1)).toBeUndefined();
  });
});
