import { computeMedianTime, MEDIAN_SPAN } from '#protocol/block/median-time';
import { encodeHex } from '#protocol/codec/hex';
import { invariant } from '#protocol/invariant';
import type { BitcoinParameters } from '#protocol/params/parameters';
import type { ChainedHeader, HeaderView, KnownHeader } from '#protocol/stake/header-view';
import { type BitcoinWindow, EMPTY_BITCOIN } from './bitcoin-window.ts';
import type { Trust } from './trust.ts';

/**
 * The verified end of the chain: a tree of headers that all passed every rule, with what later headers need to be judged.
 * It only holds what verify functions made.
 */
export interface LightChain {
  readonly trust: Trust;
  /** by hash; the best chain without a hole from `base` to `tip`, and side branches no deeper than a reorganisation goes */
  readonly headers: ReadonlyMap<string, ChainedHeader>;
  /** height of the lowest header that was verified with all its rules */
  readonly base: number;
  readonly tip: ChainedHeader;
  /** ancestors opened under a tip's history root, by height: epochs whose stakes prove later headers */
  readonly opened: ReadonlyMap<number, KnownHeader>;
  readonly bitcoin: BitcoinWindow;
  /** Bitcoin's rules for this window: the work of the checkpoint is the measure */
  readonly bitcoinRules: BitcoinParameters;
}

export const headerKey = (hash: Uint8Array): string => encodeHex(hash);

/** The chain of which nothing but its beginning is known. */
export const emptyChain = (trust: Trust): LightChain => ({
  trust,
  headers: new Map([[headerKey(trust.genesis.hash), trust.genesis]]),
  base: 0,
  tip: trust.genesis,
  opened: new Map(),
  bitcoin: EMPTY_BITCOIN,
  bitcoinRules: trust.parameters.bitcoin,
});

/** A verified header by its hash; undefined where it is not held. */
export const findHeader = (chain: LightChain, hash: Uint8Array): ChainedHeader | undefined => chain.headers.get(headerKey(hash));

export const parentOf = (chain: LightChain, of: ChainedHeader): ChainedHeader | undefined => findHeader(chain, of.header.previous);

/** The headers from `from` down to the lowest that is held, newest first. */
export function* ancestors(chain: LightChain, from: ChainedHeader): Generator<ChainedHeader> {
  for (let at: ChainedHeader | undefined = from; at !== undefined; at = parentOf(chain, at)) yield at;
}

/** Median time past of a header, itself and its ancestors; undefined where they are not held. @unit unix seconds @source SPEC HD13 */
export const medianTimeUpTo = (chain: LightChain, last: ChainedHeader | undefined): number | undefined => {
  const times: number[] = [];
  let at = last;
  for (; at !== undefined && times.length < MEDIAN_SPAN; at = parentOf(chain, at)) {
    times.push(at.header.time);
    if (at.header.height === 0) return computeMedianTime(times);
  }
  return times.length === MEDIAN_SPAN ? computeMedianTime(times) : undefined;
};

/** Median time of a header's parents; undefined where they are not held. @unit unix seconds @source SPEC HD13 */
export const medianTimeBefore = (chain: LightChain, of: ChainedHeader): number | undefined => medianTimeUpTo(chain, parentOf(chain, of));

const bestByHeight = new WeakMap<LightChain, ReadonlyMap<number, ChainedHeader>>();

const indexBest = (chain: LightChain): ReadonlyMap<number, ChainedHeader> => {
  const known = bestByHeight.get(chain);
  if (known !== undefined) return known;
  const index = new Map([...ancestors(chain, chain.tip)].map((at) => [at.header.height, at]));
  bestByHeight.set(chain, index);
  return index;
};

/** The header of the best chain at that height, where it is held. */
export const headerAt = (chain: LightChain, height: number): ChainedHeader | undefined =>
  height === 0 ? chain.trust.genesis : indexBest(chain).get(height);

/** Whether a block is of the best chain. */
export const isBest = (chain: LightChain, hash: Uint8Array, height: number): boolean => {
  const at = headerAt(chain, height);
  return at !== undefined && headerKey(at.hash) === headerKey(hash);
};

/** The best chain's headers that are held, oldest first. */
export const bestHeaders = (chain: LightChain): readonly ChainedHeader[] => [...indexBest(chain).values()].reverse();

/** Last header that both chains share: one of them is an ancestor of the other where nothing parts them. */
export const findFork = (chain: LightChain, a: ChainedHeader, b: ChainedHeader): ChainedHeader | undefined => {
  let [left, right]: [ChainedHeader | undefined, ChainedHeader | undefined] = [a, b];
  while (left !== undefined && right !== undefined) {
    if (headerKey(left.hash) === headerKey(right.hash)) return left;
    if (left.header.height >= right.header.height) left = parentOf(chain, left);
    else right = parentOf(chain, right);
  }
  return undefined;
};

/** How many headers below the tip a chain keeps: what rest, epochs and the deepest reorganisation can ask for. */
export const keptDepth = (trust: Trust): number => {
  const { suffix, stakeMaturity, stakeEpoch, maxReorg } = trust.parameters;
  return Math.max(suffix, stakeMaturity + stakeEpoch) + maxReorg;
};

const prune = (chain: LightChain): LightChain => {
  const lowest = chain.tip.header.height - keptDepth(chain.trust);
  if (chain.headers.size < 2 * keptDepth(chain.trust)) return chain;
  const headers = new Map([...chain.headers].filter(([, entry]) => entry.header.height >= lowest));
  const lowestEpoch = lowest - chain.trust.parameters.stakeMaturity - chain.trust.parameters.stakeEpoch;
  const opened = new Map([...chain.opened].filter(([height]) => height >= lowestEpoch || height === 0));
  return { ...chain, headers, opened, base: Math.max(chain.base, lowest) };
};

/**
 * Adds a verified header; the heaviest one leads, and of two equally heavy ones the first seen.
 *
 * @source SPEC LC4; spec 03, fork choice
 */
export const addHeader = (chain: LightChain, added: ChainedHeader): LightChain => {
  invariant(findKnown(chain, added.header.previous) !== undefined, 'a verified header follows a known one');
  const headers = new Map(chain.headers).set(headerKey(added.hash), added);
  const tip = added.header.weight > chain.tip.header.weight ? added : chain.tip;
  return prune({ ...chain, headers, tip });
};

/** Walks from a header towards genesis: over verified headers first, then to what was opened under the tip's history. */
const findAncestor = (chain: LightChain, from: KnownHeader, height: number): KnownHeader | undefined => {
  if (height === 0) return chain.trust.genesis;
  let at: KnownHeader | undefined = from;
  while (at !== undefined && at.header.height > height) at = findHeader(chain, at.header.previous);
  return at?.header.height === height ? at : chain.opened.get(height);
};

const findKnown = (chain: LightChain, hash: Uint8Array): KnownHeader | undefined => {
  const verified = findHeader(chain, hash);
  if (verified !== undefined) return verified;
  const key = headerKey(hash);
  return [...chain.opened.values(), chain.trust.genesis].find((known) => headerKey(known.hash) === key);
};

/** The view through which the rules of headers see this chain. @source SPEC LC1 */
export const viewOf = (chain: LightChain): HeaderView => ({
  findHeader: (hash) => findKnown(chain, hash),
  findAncestor: (from, height) => findAncestor(chain, from, height),
  depthOf: (parent) => {
    const known = findHeader(chain, parent.hash);
    const fork = known === undefined ? undefined : findFork(chain, chain.tip, known);
    return chain.tip.header.height - (fork?.header.height ?? parent.header.height);
  },
});
