import type { Hash32 } from '#protocol/codec/hash32';
import type { Coin } from '#protocol/ledger/coin';
import { outpointKey } from '#protocol/tx/outpoint';
import type { ProvenCoins } from '../proof/proven-coins.ts';
import type { BlockEffect } from './block-effect.ts';

/**
 * A coin with what is known of it.
 *
 * @unit time: unix seconds, of its block, or of that block's parents (median) where only the state told of it; medianTime: of
 * the parents, undefined where a block told of it whose parents are not held
 */
export interface HeldCoin extends Omit<Coin, 'medianTime'> {
  readonly time: number;
  readonly medianTime: number | undefined;
}

/** The complete coins of one owner after a block of the verified chain. */
interface OwnerBase {
  readonly height: number;
  readonly hash: Hash32;
  readonly coins: readonly HeldCoin[];
}

/**
 * What is known of the watched owners' coins: per owner the last proved list, and the effects of the blocks after it.
 * It is a function of proofs and verified blocks; a reorganisation drops what is off the best chain, and nothing is patched.
 *
 * @source SPEC LC10
 */
export interface CoinLedger {
  readonly bases: ReadonlyMap<string, OwnerBase>;
  /** ascending height, without a hole from the first to the last */
  readonly effects: readonly BlockEffect[];
  /** height up to which every block was looked through; undefined: none was, the next one follows the proofs */
  readonly readTo: number | undefined;
}

/** Nothing proved and nothing read. */
export const EMPTY_LEDGER: CoinLedger = { bases: new Map(), effects: [], readTo: undefined };

/** The block to be looked through next; undefined: nothing has been proved yet. */
export const nextToRead = (ledger: CoinLedger): number | undefined => {
  if (ledger.readTo !== undefined) return ledger.readTo + 1;
  const bases = [...ledger.bases.values()].map((base) => base.height);
  return bases.length === 0 ? undefined : Math.min(...bases) + 1;
};

/** @source SPEC LC9 */
export const addProof = (ledger: CoinLedger, proof: ProvenCoins): CoinLedger => {
  const bases = new Map(ledger.bases);
  for (const [tag, coins] of proof.owners) bases.set(tag, { height: proof.height, hash: proof.hash, coins });
  return { ...ledger, bases };
};

/** Appends the effect of the next block, or begins anew where it does not follow. */
export const addEffect = (ledger: CoinLedger, effect: BlockEffect): CoinLedger => {
  const last = ledger.effects.at(-1);
  const follows = last === undefined || effect.height === last.height + 1;
  return { bases: ledger.bases, effects: follows ? [...ledger.effects, effect] : [effect], readTo: effect.height };
};

/**
 * Drops all that rests on blocks which are not of the best chain.
 *
 * @shape kept: height of the last block that the old chain and the new one share
 * @source SPEC LC10
 */
export const rollBack = ({ bases, effects, readTo }: CoinLedger, kept: number): CoinLedger => ({
  bases: new Map([...bases].filter(([, base]) => base.height <= kept)),
  effects: effects.filter((effect) => effect.height <= kept),
  readTo: readTo === undefined ? undefined : Math.min(readTo, kept),
});

/** Forgets effects that every owner's proof already contains and that are deeper than a reorganisation goes. */
export const pruneEffects = (ledger: CoinLedger, below: number): CoinLedger => {
  const lowest = Math.min(below, ...[...ledger.bases.values()].map((base) => base.height + 1));
  return {
    ...ledger,
    effects: ledger.effects.filter((effect, place) => effect.height >= lowest || place === ledger.effects.length - 1),
  };
};

/** The coins of one owner, and up to which block they are all of them. */
export interface OwnerCoins {
  /** the height up to which the list is complete */
  readonly height: number;
  readonly provedAt: number;
  readonly coins: readonly HeldCoin[];
}

/**
 * Computes one owner's complete coins: the proved list, changed by every block since.
 *
 * @shape undefined: not proved, or a block in between has not been read
 * @source SPEC LC10
 */
export const computeOwnerCoins = (ledger: CoinLedger, tag: string): OwnerCoins | undefined => {
  const base = ledger.bases.get(tag);
  if (base === undefined) return undefined;
  const since = ledger.effects.filter((effect) => effect.height > base.height);
  if (since.length > 0 && since[0]?.height !== base.height + 1) return undefined;
  const coins = new Map(base.coins.map((coin) => [outpointKey(coin.outpoint), coin]));
  for (const effect of since) {
    for (const { owner, coin } of effect.created) if (owner === tag) coins.set(outpointKey(coin.outpoint), coin);
    for (const spent of effect.spent) coins.delete(spent);
  }
  return { height: Math.max(base.height, since.at(-1)?.height ?? 0), provedAt: base.height, coins: [...coins.values()] };
};
