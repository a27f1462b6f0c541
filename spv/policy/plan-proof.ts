import { compareBytes, concatBytes } from '#protocol/codec/bytes';
import { encodeHex } from '#protocol/codec/hex';
import { encodeUtf8 } from '#protocol/codec/utf8';
import { sha256 } from '#protocol/crypto/hash';
import { computeBucketRange, computeOwnerRange } from '#protocol/ledger/coin-key';
import type { KeyRange } from '#protocol/trie/node';
import type { WatchedOwner, WatchSet } from '../coins/watch-set.ts';
import { mergeRanges } from './bucket.ts';

/** One peer's share of a proof of all owners. */
export interface ProofShare {
  readonly peer: string;
  readonly watched: WatchSet;
  readonly ranges: readonly KeyRange[];
}

interface Bucket {
  readonly range: KeyRange;
  readonly owners: [string, WatchedOwner][];
}

const bucketsOf = (watched: WatchSet, rangeOf: (tag: Uint8Array) => KeyRange): readonly Bucket[] => {
  const buckets = new Map<string, Bucket>();
  for (const [key, owner] of watched) {
    const range = rangeOf(owner.tag);
    const name = encodeHex(range.lo);
    const bucket = buckets.get(name) ?? { range, owners: [] };
    bucket.owners.push([key, owner]);
    buckets.set(name, bucket);
  }
  return [...buckets.values()];
};

const rankOf = (secret: Uint8Array, range: KeyRange, peer: string): Uint8Array => sha256(concatBytes(secret, range.lo, encodeUtf8(peer)));

/** Each bucket has one peer for as long as the peer is there; none gets more than a third of them where there are three. */
const assign = (buckets: readonly Bucket[], peers: readonly string[], secret: Uint8Array): ReadonlyMap<string, Bucket[]> => {
  const most = peers.length < 3 ? buckets.length : Math.ceil(buckets.length / 3);
  const shares = new Map<string, Bucket[]>();
  for (const bucket of buckets) {
    const ranked = [...peers].sort((a, b) => compareBytes(rankOf(secret, bucket.range, a), rankOf(secret, bucket.range, b)));
    const peer = ranked.find((name) => (shares.get(name)?.length ?? 0) < most);
    if (peer !== undefined) shares.set(peer, [...(shares.get(peer) ?? []), bucket]);
  }
  return shares;
};

/**
 * Plans whom to ask for which part of the state: by buckets that hide each owner among others, or exactly.
 *
 * @shape bits: of a bucket; undefined asks for exact owners; secret: 32 bytes of this device
 * @source SPEC LC14; spec 07, privacy
 */
export const planProof = (
  watched: WatchSet,
  peers: readonly string[],
  privacy: { readonly bits: number | undefined; readonly secret: Uint8Array },
): readonly ProofShare[] => {
  const { bits, secret } = privacy;
  const buckets = bucketsOf(watched, (tag) => (bits === undefined ? computeOwnerRange(tag) : computeBucketRange(tag, bits)));
  return [...assign(buckets, peers, secret)].map(([peer, share]) => ({
    peer,
    watched: new Map(share.flatMap((bucket) => bucket.owners)),
    ranges: mergeRanges(share.map((bucket) => bucket.range)),
  }));
};
