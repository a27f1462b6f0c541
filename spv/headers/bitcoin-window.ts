import type { BitcoinEntry, BitcoinHeader, BitcoinView } from '#protocol/bitcoin/header';
import { decodeBitcoinHeader, hashBitcoinHeader } from '#protocol/bitcoin/header-codec';
import { hasWork, makeDifficulty } from '#protocol/bitcoin/proof-of-work';
import { computeMedianTime, MEDIAN_SPAN } from '#protocol/block/median-time';
import { equalBytes } from '#protocol/codec/bytes';
import type { Hash32 } from '#protocol/codec/hash32';
import { encodeHex } from '#protocol/codec/hex';
import type { CodecFault } from '#protocol/codec/reader';
import { type Fault, fault, isFault } from '#protocol/fault';
import type { BitcoinParameters } from '#protocol/params/parameters';
import { computeWork, decodeBits } from '#protocol/params/target';

/**
 * A linked run of Bitcoin headers, each with its proof of work: what a light client knows of Bitcoin's chain.
 *
 * @shape entries: ascending height, without a hole
 */
export interface BitcoinWindow extends BitcoinView {
  readonly entries: readonly BitcoinEntry[];
  readonly bytes: readonly Uint8Array[];
  /** the first entry whose median time rests on enough headers before it to be Bitcoin's own */
  readonly firstJudged: number;
}

export type BitcoinRunFault =
  | CodecFault
  | Fault<'bitcoin-bits' | 'bitcoin-target' | 'bitcoin-work' | 'bitcoin-link' | 'bitcoin-time' | 'bitcoin-run'>;

/** a header may carry at least a quarter of the checkpoint's work: Bitcoin's retarget never goes further at once */
const WORK_SHARE = 4n;

/** @fault `bitcoin-bits`; `bitcoin-target`: less than a quarter of the checkpoint's work; `bitcoin-work` @source SPEC LC2 */
const checkWork = (header: BitcoinHeader, hash: Hash32, parameters: BitcoinParameters): bigint | BitcoinRunFault => {
  const target = decodeBits(header.bits);
  const limit = decodeBits(parameters.limitBits);
  if (isFault(target) || isFault(limit)) return fault('bitcoin-bits', { bits: header.bits });
  if (target > limit * WORK_SHARE) return fault('bitcoin-target', { bits: header.bits });
  return hasWork(hash, makeDifficulty(header.bits)) ? computeWork(target) : fault('bitcoin-work', { bits: header.bits });
};

const medianOf = (entries: readonly BitcoinEntry[], own: number): number =>
  computeMedianTime([...entries.slice(1 - MEDIAN_SPAN).map((entry) => entry.header.time), own]);

const judgeEntry = (
  bytes: Uint8Array,
  before: readonly BitcoinEntry[],
  place: { readonly height: number; readonly parameters: BitcoinParameters; readonly complete: boolean },
): BitcoinEntry | BitcoinRunFault => {
  const header = decodeBitcoinHeader(bytes);
  if (isFault(header)) return header;
  const hash = hashBitcoinHeader(bytes);
  const last = before.at(-1);
  if (last !== undefined && !equalBytes(header.previous, last.hash)) return fault('bitcoin-link', { height: place.height });
  const work = checkWork(header, hash, place.parameters);
  if (isFault(work)) return work;
  const known = place.complete || before.length >= MEDIAN_SPAN;
  if (known && last !== undefined && header.time <= last.medianTime) return fault('bitcoin-time', { height: place.height });
  const times = { medianTime: medianOf(before, header.time), latestTime: Math.max(last?.latestTime ?? 0, header.time) };
  return { header, hash, height: place.height, ...times, work: (last?.work ?? 0n) + work };
};

/**
 * Looks up the header of a slot in one linked run: the highest whose latest time is at most the bound. Stale branches are
 * not followed; a header that names one is kept aside, as one that is not known.
 */
const makeView = (entries: readonly BitcoinEntry[], firstJudged: number): BitcoinView => {
  const byHash = new Map(entries.slice(firstJudged).map((entry) => [encodeHex(entry.hash), entry]));
  const slotHeader = (bound: number): BitcoinEntry | undefined => entries.slice(firstJudged).findLast((entry) => entry.latestTime <= bound);
  return {
    findHeader: (hash) => byHash.get(encodeHex(hash)),
    slotHeader,
    isSlotHeader: (entry, bound) => {
      const slot = slotHeader(bound);
      return slot !== undefined && equalBytes(slot.hash, entry.hash);
    },
  };
};

const makeWindow = (entries: readonly BitcoinEntry[], bytes: readonly Uint8Array[], firstJudged: number): BitcoinWindow => ({
  entries,
  bytes,
  firstJudged,
  ...makeView(entries, firstJudged),
});

export const EMPTY_BITCOIN: BitcoinWindow = makeWindow([], [], 0);

/**
 * Verifies a linked run of Bitcoin headers.
 *
 * @shape headers: 80 bytes each, ascending
 * @fault `bitcoin-link`, `bitcoin-bits`, `bitcoin-target`, `bitcoin-work`, `bitcoin-time`; the codec's
 * @source SPEC LC2; spec 07, what it verifies
 */
export const verifyBitcoinRun = (
  headers: readonly Uint8Array[],
  height: number,
  parameters: BitcoinParameters,
): BitcoinWindow | BitcoinRunFault => {
  const entries: BitcoinEntry[] = [];
  const first = headers[0] === undefined ? undefined : hashBitcoinHeader(headers[0]);
  const complete = first !== undefined && equalBytes(first, parameters.checkpoint.hash);
  for (const [place, bytes] of headers.entries()) {
    const entry = judgeEntry(bytes, entries, { height: height + place, parameters, complete });
    if (isFault(entry)) return entry;
    entries.push(entry);
  }
  return makeWindow(entries, headers, complete ? 0 : Math.min(MEDIAN_SPAN - 1, entries.length));
};

/** headers a window keeps below its end */
const KEPT = 2_000;

/**
 * Adds headers that follow an entry of the window; what they replace had less work.
 *
 * @fault as `verifyBitcoinRun`; `bitcoin-run`: they follow nothing that is known
 * @source SPEC LC2
 */
export const extendBitcoin = (
  window: BitcoinWindow,
  headers: readonly Uint8Array[],
  parameters: BitcoinParameters,
): BitcoinWindow | BitcoinRunFault => {
  const first = headers[0];
  if (first === undefined) return window;
  const header = decodeBitcoinHeader(first);
  if (isFault(header)) return header;
  const place = window.entries.findLastIndex((entry) => equalBytes(entry.hash, header.previous));
  if (place < 0) return fault('bitcoin-run');
  const entries = window.entries.slice(0, place + 1);
  const complete = window.firstJudged === 0;
  for (const [index, bytes] of headers.entries()) {
    const entry = judgeEntry(bytes, entries, { height: (window.entries[place]?.height ?? 0) + 1 + index, parameters, complete });
    if (isFault(entry)) return entry;
    entries.push(entry);
  }
  if ((entries.at(-1)?.work ?? 0n) <= (window.entries.at(-1)?.work ?? 0n)) return window;
  const drop = Math.max(0, entries.length - KEPT);
  const bytes = [...window.bytes.slice(0, place + 1), ...headers].slice(drop);
  return makeWindow(entries.slice(drop), bytes, drop > 0 ? Math.max(MEDIAN_SPAN - 1, window.firstJudged - drop) : window.firstJudged);
};
