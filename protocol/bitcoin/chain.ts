import { computeMedianTime, MEDIAN_SPAN } from '../block/median-time.ts';
import { equalBytes } from '../codec/bytes.ts';
import type { Hash32 } from '../codec/hash32.ts';
import { encodeHex } from '../codec/hex.ts';
import type { CodecFault } from '../codec/reader.ts';
import { type Fault, fault, isFault } from '../fault.ts';
import { invariant } from '../invariant.ts';
import type { BitcoinParameters } from '../params/parameters.ts';
import type { BitcoinEntry, BitcoinHeader, BitcoinView } from './header.ts';
import { decodeBitcoinHeader, hashBitcoinHeader } from './header-codec.ts';
import { type Difficulty, hasWork, makeDifficulty } from './proof-of-work.ts';
import { computeNextPeriodBits, RETARGET_PERIOD } from './retarget.ts';
import { evictBranches, type SideEntry } from './stale-branches.ts';

/** Headers of stale branches that are kept, besides one batch that is being judged. @source SPEC BT6; attacks B6 */
export const MAX_SIDE_HEADERS = 4_096;
/** @unit seconds @source Bitcoin Core, MAX_FUTURE_BLOCK_TIME */
const MAX_FUTURE = 7_200;

export type BitcoinChainFault =
  | CodecFault
  | Fault<'bitcoin-checkpoint' | 'bitcoin-link' | 'bitcoin-bits' | 'bitcoin-work' | 'bitcoin-time' | 'bitcoin-future'>;

/** Faults that may be the clock's or the view's, not the sender's. */
export const BLAMELESS_BITCOIN_FAULTS: ReadonlySet<string> = new Set(['bitcoin-link', 'bitcoin-future']);

export interface StoredBitcoinEntry extends BitcoinEntry, SideEntry {
  /** 80 bytes */
  readonly bytes: Uint8Array;
  readonly parent: StoredBitcoinEntry | undefined;
  /** of the headers known up to it; `medianTime` is never below one before it, where just above a checkpoint too few are known */
  readonly ownMedian: number;
}

export interface Added {
  /** headers that were not known, the oldest first */
  readonly added: readonly StoredBitcoinEntry[];
  /** whether the best chain's tip is another one now */
  readonly moved: boolean;
}

const readHeader = (bytes: Uint8Array): { header: BitcoinHeader; hash: Hash32 } | CodecFault => {
  const header = decodeBitcoinHeader(bytes);
  return 'fault' in header ? header : { header, hash: hashBitcoinHeader(bytes) };
};

/**
 * Bitcoin's headers from a checkpoint on, each judged by link, bits, work and median time: the best chain by work, and
 * its stale branches within a bound. The first seen of two equal chains stays the best.
 *
 * @source SPEC BT4, BT5, BT6; spec 03, randomness from Bitcoin
 */
export class BitcoinChain implements BitcoinView {
  readonly parameters: BitcoinParameters;
  private readonly best: StoredBitcoinEntry[];
  private readonly byHash = new Map<string, StoredBitcoinEntry>();
  private readonly side = new Map<string, StoredBitcoinEntry>();
  private difficulty: Difficulty;

  private constructor(parameters: BitcoinParameters, base: StoredBitcoinEntry, difficulty: Difficulty) {
    this.parameters = parameters;
    this.best = [base];
    this.byHash.set(encodeHex(base.hash), base);
    this.difficulty = difficulty;
  }

  /** @fault `bitcoin-checkpoint`: another header than the checkpoint's; the codec's @source SPEC BT4 */
  static start(parameters: BitcoinParameters, checkpoint: Uint8Array): BitcoinChain | Fault<'bitcoin-checkpoint'> | CodecFault {
    const { height, hash } = parameters.checkpoint;
    const read = readHeader(checkpoint);
    if ('fault' in read) return read;
    if (!equalBytes(read.hash, hash)) return fault('bitcoin-checkpoint', { height });
    const { header } = read;
    const difficulty = makeDifficulty(header.bits);
    const base = { header, hash, height, medianTime: header.time, latestTime: header.time, work: difficulty.work };
    const stored = { ...base, bytes: checkpoint.slice(), parent: undefined, ownMedian: header.time };
    return new BitcoinChain(parameters, stored, difficulty);
  }

  get tip(): StoredBitcoinEntry {
    return this.best[this.best.length - 1] as StoredBitcoinEntry;
  }

  get base(): StoredBitcoinEntry {
    return this.best[0] as StoredBitcoinEntry;
  }

  get sideCount(): number {
    return this.side.size;
  }

  readonly findHeader = (hash: Uint8Array): StoredBitcoinEntry | undefined => this.byHash.get(encodeHex(hash));

  /** On the best chain. */
  entryAt(height: number): StoredBitcoinEntry | undefined {
    return this.best[height - this.base.height];
  }

  isBest(entry: BitcoinEntry): boolean {
    const own = this.entryAt(entry.height);
    return own !== undefined && equalBytes(own.hash, entry.hash);
  }

  /** @unit bound: unix seconds @source SPEC BT7 */
  readonly slotHeader = (bound: number): StoredBitcoinEntry | undefined => {
    let [low, high] = [0, this.best.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.best[middle] as StoredBitcoinEntry).latestTime <= bound) low = middle + 1;
      else high = middle;
    }
    return this.best[low - 1];
  };

  /** @source SPEC BT7; spec 03, randomness from Bitcoin */
  readonly isSlotHeader = (entry: BitcoinEntry, bound: number, stale: number): boolean => {
    const slot = this.slotHeader(bound);
    const own = this.findHeader(entry.hash);
    if (slot === undefined || own === undefined || own.latestTime > bound) return false;
    if (this.isBest(own)) return own === slot;
    for (const { parent, latestTime } of this.side.values()) if (parent === own && latestTime <= bound) return false;
    return this.forkHeight(own) >= slot.height - stale;
  };

  private forkHeight(entry: StoredBitcoinEntry): number {
    let known: StoredBitcoinEntry | undefined = entry;
    while (known !== undefined && !this.isBest(known)) known = known.parent;
    return known === undefined ? this.base.height : known.height;
  }

  /**
   * Judges headers in the order given and keeps those before the first that breaks a rule.
   *
   * @shape headers: 80 bytes each @unit now: unix seconds
   * @fault `bitcoin-link`: the header before is not known; `bitcoin-bits`; `bitcoin-work`; `bitcoin-time`: not after the
   * median; `bitcoin-future`: more than two hours ahead; the codec's
   * @source SPEC BT2, BT3, BT5, BT6
   */
  accept(headers: readonly Uint8Array[], now: number): Added | BitcoinChainFault {
    const before = this.tip;
    const added: StoredBitcoinEntry[] = [];
    let refused: BitcoinChainFault | undefined;
    for (const bytes of headers) {
      const entry = this.judge(bytes, now);
      if (isFault(entry)) {
        refused = entry;
        break;
      }
      if (entry === undefined) continue;
      this.keep(entry);
      added.push(entry);
    }
    if (this.side.size > MAX_SIDE_HEADERS) this.evict();
    return refused ?? { added, moved: this.tip !== before };
  }

  private judge(bytes: Uint8Array, now: number): StoredBitcoinEntry | undefined | BitcoinChainFault {
    const read = readHeader(bytes);
    if ('fault' in read) return read;
    const { header, hash } = read;
    if (this.findHeader(hash) !== undefined) return undefined;
    const tip = this.tip;
    const parent = equalBytes(header.previous, tip.hash) ? tip : this.findHeader(header.previous);
    if (parent === undefined) return fault('bitcoin-link');
    const height = parent.height + 1;
    const bits = this.computeBits(parent);
    if (header.bits !== bits) return fault('bitcoin-bits', { height, bits: header.bits, expected: bits });
    if (this.difficulty.bits !== bits) this.difficulty = makeDifficulty(bits);
    if (!hasWork(hash, this.difficulty)) return fault('bitcoin-work', { height });
    if (this.knowsMedian(parent) && header.time <= parent.ownMedian) return fault('bitcoin-time', { height, time: header.time });
    if (header.time > now + MAX_FUTURE) return fault('bitcoin-future', { height, time: header.time });
    const ownMedian = this.medianWith(parent, header.time);
    const medianTime = Math.max(parent.medianTime, ownMedian);
    const times = { medianTime, ownMedian, latestTime: Math.max(parent.latestTime, header.time) };
    return { header, hash, height, ...times, work: parent.work + this.difficulty.work, bytes: bytes.slice(), parent };
  }

  private computeBits(parent: StoredBitcoinEntry): number {
    const { retargets, limitBits } = this.parameters;
    const height = parent.height + 1;
    if (!retargets || height % RETARGET_PERIOD !== 0) return parent.header.bits;
    const first = this.ancestorOf(parent, height - RETARGET_PERIOD);
    return computeNextPeriodBits(parent.header.bits, parent.header.time - first.header.time, limitBits);
  }

  private ancestorOf(entry: StoredBitcoinEntry, height: number): StoredBitcoinEntry {
    let known: StoredBitcoinEntry | undefined = entry;
    while (known !== undefined && !this.isBest(known)) known = known.parent;
    if (known !== undefined && known.height >= height) known = this.entryAt(height);
    else for (known = entry; known !== undefined && known.height > height; ) known = known.parent;
    invariant(known !== undefined, 'a checkpoint begins a retarget period');
    return known;
  }

  /** Just above a checkpoint too few headers are known to judge by their median; above Bitcoin's genesis there are no more. */
  private knowsMedian(parent: StoredBitcoinEntry): boolean {
    return this.base.height === 0 || parent.height - this.base.height >= MEDIAN_SPAN - 1;
  }

  private medianWith(parent: StoredBitcoinEntry, time: number): number {
    const times = [time];
    for (let e: StoredBitcoinEntry | undefined = parent; e !== undefined && times.length < MEDIAN_SPAN; e = e.parent)
      times.push(e.header.time);
    return computeMedianTime(times);
  }

  private keep(entry: StoredBitcoinEntry): void {
    const name = encodeHex(entry.hash);
    this.byHash.set(name, entry);
    if (entry.parent === this.tip) this.best.push(entry);
    else {
      this.side.set(name, entry);
      if (entry.work > this.tip.work) this.reorganise(entry);
    }
  }

  private reorganise(tip: StoredBitcoinEntry): void {
    const branch: StoredBitcoinEntry[] = [];
    let known: StoredBitcoinEntry | undefined = tip;
    for (; known !== undefined && !this.isBest(known); known = known.parent) branch.push(known);
    const fork = known ?? this.base;
    for (const left of this.best.splice(fork.height - this.base.height + 1)) this.side.set(encodeHex(left.hash), left);
    for (const entry of branch.reverse()) {
      this.side.delete(encodeHex(entry.hash));
      this.best.push(entry);
    }
  }

  private evict(): void {
    for (const name of evictBranches(this.side, MAX_SIDE_HEADERS / 2)) {
      this.side.delete(name);
      this.byHash.delete(name);
    }
  }
}
