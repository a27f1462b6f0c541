import { utf8 } from '@scure/base';
import { BitcoinChain } from '../bitcoin/chain.ts';
import { BITCOIN_HEADER_BYTES, decodeBitcoinHeader, encodeBitcoinHeader, hashBitcoinHeader } from '../bitcoin/header-codec.ts';
import { hasWork, makeDifficulty } from '../bitcoin/proof-of-work.ts';
import { computeNextPeriodBits, RETARGET_PERIOD } from '../bitcoin/retarget.ts';
import { equalBytes } from '../codec/bytes.ts';
import { decodeHex } from '../codec/hex.ts';
import { isFault } from '../fault.ts';
import type { BitcoinParameters } from '../params/parameters.ts';
import { encodeBits, targetOfBits } from '../params/target.ts';
import { type ConformanceAdapter, ConformanceTally, parseJson } from './report.ts';

const MAIN_LIMIT = 0x1d00_ffff;
const SIGNET_LIMIT = 0x1e03_77ae;
const END_OF_TIME = 0xffff_ffff;

const split = (contents: Uint8Array): Uint8Array[] =>
  Array.from({ length: Math.floor(contents.length / BITCOIN_HEADER_BYTES) }, (_, i) =>
    contents.slice(i * BITCOIN_HEADER_BYTES, (i + 1) * BITCOIN_HEADER_BYTES),
  );

/** Headers from height 0 on: each is given to the chain alone, so that each is a case. */
const checkRun =
  (limitBits: number): ConformanceAdapter =>
  (contents) => {
    const tally = new ConformanceTally();
    const [first, ...rest] = split(contents);
    if (first === undefined) return tally.report();
    const parameters: BitcoinParameters = {
      network: 'main',
      checkpoint: { height: 0, hash: hashBitcoinHeader(first) },
      retargets: true,
      limitBits,
      sourceInterval: 0,
    };
    const chain = BitcoinChain.start(parameters, first);
    const header = decodeBitcoinHeader(first);
    tally.judge('0', !isFault(chain) && !isFault(header) && header.bits === limitBits);
    if (isFault(chain)) return tally.report();
    for (const [i, bytes] of rest.entries())
      tally.judge(`${i + 1}`, !isFault(chain.accept([bytes], END_OF_TIME)) && chain.tip.height === i + 1);
    return tally.report();
  };

/** headers/mainnet_0_10236.bin: link, bits, work and median time of every header, five retargets among them. */
export const checkMainHeaders = checkRun(MAIN_LIMIT);

/** headers/signet_0_2015.bin: the same under signet's limit. */
export const checkSignetHeaders = checkRun(SIGNET_LIMIT);

interface Boundary {
  readonly height: number;
  readonly header: string;
  readonly chainwork_file_hex: string;
}

interface Known {
  readonly height: number;
  readonly time: number;
  readonly bits: number;
  readonly chainWork: bigint;
}

/** All headers after `before` and up to this one have its bits; the first of the file is taken at its word. */
const followsWork = (own: Known, before: Known | undefined): boolean => {
  if (before === undefined && own.height > 0) return true;
  const headers = before === undefined ? 1 : own.height - before.height;
  return own.chainWork === (before?.chainWork ?? 0n) + BigInt(headers) * makeDifficulty(own.bits).work;
};

/** headers/mainnet_retarget_boundaries.json: work of each header and of the chain up to it, and each period's bits from the period before it. */
export const checkRetargetBoundaries: ConformanceAdapter = (contents) => {
  const tally = new ConformanceTally();
  const known = new Map<number, Known>();
  let before: Known | undefined;
  for (const { height, header: text, chainwork_file_hex: work } of parseJson(contents) as readonly Boundary[]) {
    const bytes = decodeHex(text) as Uint8Array;
    const header = decodeBitcoinHeader(bytes);
    if (isFault(header)) {
      tally.judge(`${height}`, false);
      continue;
    }
    const own = { height, time: header.time, bits: header.bits, chainWork: BigInt(`0x${work}`) };
    known.set(height, own);
    const [first, last] = [known.get(height - RETARGET_PERIOD), known.get(height - 1)];
    const bits = first && last && computeNextPeriodBits(last.bits, last.time - first.time, MAIN_LIMIT);
    const works = hasWork(hashBitcoinHeader(bytes), makeDifficulty(header.bits)) && equalBytes(encodeBitcoinHeader(header), bytes);
    tally.judge(`${height}`, works && (bits === undefined || bits === header.bits) && followsWork(own, before));
    before = own;
  }
  return tally.report();
};

const MAX_STEP = 4n;

/** Targets stand in the file as numbers of 70 digits, which JSON would round. */
const parseTargets = (contents: Uint8Array): readonly (readonly [string, string])[] =>
  JSON.parse(utf8.encode(contents).replace(/^\s*(\d+)\s*$/gm, '"$1"')) as readonly (readonly [string, string])[];

/**
 * headers/electrum_mainnet_checkpoints.json: the last hash of each period and the target of the period after it. A period's
 * times are not in the file, so what is judged is that the target is one that compact bits can say, at most four times
 * easier or harder than the one before it, and that the hash is below that one.
 */
export const checkElectrumCheckpoints: ConformanceAdapter = (contents) => {
  const tally = new ConformanceTally();
  let own = targetOfBits(MAIN_LIMIT);
  for (const [i, [hash, text]] of parseTargets(contents).entries()) {
    const next = BigInt(text);
    const steps = next <= own * MAX_STEP && next * MAX_STEP * 1_001n >= own * 1_000n;
    tally.judge(`${i}`, steps && targetOfBits(encodeBits(next)) === next && BigInt(`0x${hash}`) <= own);
    own = next;
  }
  return tally.report();
};
