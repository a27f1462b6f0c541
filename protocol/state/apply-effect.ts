import { encodeFilter } from '../block/filter.ts';
import type { Header } from '../block/header.ts';
import { computeStateRoot } from '../block/state-root.ts';
import type { Hash32 } from '../codec/hash32.ts';
import { sha256 } from '../crypto/hash.ts';
import { type Fault, fault } from '../fault.ts';
import type { Coin } from '../ledger/coin.ts';
import { encodeCoin } from '../ledger/coin-codec.ts';
import { computeCoinKey } from '../ledger/coin-key.ts';
import { computeRootFromPeaks } from '../merkle/peaks.ts';
import type { Parameters } from '../params/parameters.ts';
import { computeOwnerTag } from '../script/owner-tag.ts';
import { encodeStakeLeaf } from '../stake/stake-leaf.ts';
import type { TrieChange, TrieUpdate } from '../trie/node.ts';
import { updateTrie } from '../trie/update.ts';
import type { BlockEffect } from './block-effect.ts';
import { computeFilterElements } from './filter-elements.ts';
import { recordGrowth, toRecordTrieChanges } from './record-changes.ts';
import { toStakeTrieChanges } from './stake-changes.ts';
import type { StateView, TrieRoots } from './view.ts';

const KEY_BYTES = 32;

const toCoinLeaf = (coin: Coin, parameters: Parameters): TrieChange & { readonly value: Uint8Array } => ({
  key: computeCoinKey(computeOwnerTag(coin, parameters), coin.outpoint),
  value: encodeCoin(coin),
});

const sumBytes = (values: readonly (Uint8Array | undefined)[]): number =>
  values.reduce((sum, value) => sum + (value === undefined ? 0 : KEY_BYTES + value.length), 0);

/** The fields of a header that follow from what its block does. */
export type DerivedFields = Pick<Header, 'stateRoot' | 'historyRoot' | 'filterHash' | 'economy'>;

export interface AppliedEffect {
  readonly derived: DerivedFields;
  readonly roots: TrieRoots;
  readonly tries: { readonly coins: TrieUpdate; readonly records: TrieUpdate; readonly stakes: TrieUpdate };
  readonly filter: Uint8Array;
}

/**
 * Hashes what a block does into tries, filter and the fields of its header.
 *
 * @shape txRoot: of the block; its first 16 bytes key the filter
 * @fault `state-growth`: leaf bytes created minus removed; `duplicate-key`: a leaf that exists already
 * @source SPEC CN4, CN7
 */
export const applyEffect = (
  view: StateView,
  effect: BlockEffect,
  txRoot: Hash32,
  parameters: Parameters,
): AppliedEffect | Fault<'state-growth' | 'duplicate-key'> => {
  const created = effect.created.map((coin) => toCoinLeaf(coin, parameters));
  const spent = effect.spent.map((coin) => toCoinLeaf(coin, parameters));
  const before = effect.stakes.map((change) => change.before && encodeStakeLeaf(change.before));
  const stakeChanges = toStakeTrieChanges(effect.stakes);
  const added = sumBytes(created.map(({ value }) => value)) + sumBytes(stakeChanges.map(({ value }) => value));
  const growth = added + recordGrowth(effect.records) - sumBytes(spent.map(({ value }) => value)) - sumBytes(before);
  if (growth > parameters.maxStateGrowth) return fault('state-growth', { growth });
  const coins = updateTrie(view.coinNodes, view.roots.coins, [...created, ...spent.map(({ key }) => ({ key, value: undefined }))]);
  if (coins.replaced > 0) return fault('duplicate-key', { keys: coins.replaced });
  const stakes = updateTrie(view.stakeNodes, view.roots.stakes, stakeChanges);
  const records = updateTrie(view.recordNodes, view.roots.records, toRecordTrieChanges(effect.records));
  const roots = { coins: coins.root, records: records.root, stakes: stakes.root };
  const filter = encodeFilter(computeFilterElements(effect.touched, effect.records, parameters), txRoot.subarray(0, 16));
  return {
    derived: {
      stateRoot: computeStateRoot(roots),
      historyRoot: computeRootFromPeaks(view.historyPeaks),
      filterHash: sha256(filter),
      economy: effect.economy,
    },
    roots,
    tries: { coins, records, stakes },
    filter,
  };
};
