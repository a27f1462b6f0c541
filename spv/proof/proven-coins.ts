import type { Brand } from '#protocol/brand';
import { equalBytes } from '#protocol/codec/bytes';
import type { Hash32 } from '#protocol/codec/hash32';
import { encodeHex } from '#protocol/codec/hex';
import { type Fault, fault, isFault } from '#protocol/fault';
import type { Coin } from '#protocol/ledger/coin';
import { decodeCoin } from '#protocol/ledger/coin-codec';
import { computeCoinKey } from '#protocol/ledger/coin-key';
import type { StakeLimits } from '#protocol/script/forms/stake';
import { computeOwnerTag } from '#protocol/script/owner-tag';
import type { ChainedHeader } from '#protocol/stake/header-view';
import type { HeldCoin } from '../coins/coin-ledger.ts';
import { isOwnedBy, type WatchSet } from '../coins/watch-set.ts';
import type { VerifiedLeaf } from '../task.ts';

/** Complete lists of the coins of some owners after one verified block. */
export type ProvenCoins = Brand<
  {
    readonly hash: Hash32;
    readonly height: number;
    readonly owners: ReadonlyMap<string, readonly HeldCoin[]>;
  },
  'ProvenCoins'
>;

const hold = (coin: Coin): HeldCoin => ({ ...coin, time: coin.medianTime });

/**
 * Reads the watched owners' coins from the leaves of a verified multiproof: each leaf lies where its own value says, and
 * is somebody's by its script, never by where it is filed.
 *
 * @shape leaves: of ranges that cover every watched owner's prefix
 * @fault `leaf-form`: not a coin; `leaf-key`: filed under another key
 * @source SPEC LC8
 */
export const verifyCoins = (
  header: ChainedHeader,
  watched: WatchSet,
  leaves: readonly VerifiedLeaf[],
  limits: StakeLimits,
): ProvenCoins | Fault => {
  const owners = new Map<string, HeldCoin[]>([...watched.keys()].map((tag) => [tag, []]));
  for (const leaf of leaves) {
    const coin = decodeCoin(leaf.value);
    if (isFault(coin)) return fault('leaf-form', { code: coin.fault });
    const tag = computeOwnerTag(coin, limits);
    if (!equalBytes(computeCoinKey(tag, coin.outpoint), leaf.key)) return fault('leaf-key');
    const key = encodeHex(tag);
    const owner = watched.get(key);
    if (owner !== undefined && isOwnedBy(coin, owner)) owners.get(key)?.push(hold(coin));
  }
  return { hash: header.hash, height: header.header.height, owners } as unknown as ProvenCoins;
};
