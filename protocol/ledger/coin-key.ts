import { sha256 } from '../crypto/hash.ts';
import type { KeyRange } from '../trie/node.ts';
import { prefixRange } from '../trie/ranges.ts';
import { encodeOutpoint, type Outpoint } from '../tx/outpoint.ts';

export const OWNER_PREFIX_BITS = 96;

/** @shape sha256(owner tag)[0:12] ‖ sha256(outpoint)[0:20] @source SPEC LE1 */
export const computeCoinKey = (ownerTag: Uint8Array, outpoint: Outpoint): Uint8Array => {
  const key = sha256(ownerTag).slice();
  const place = sha256(encodeOutpoint(outpoint));
  for (let i = 0; i < 20; i++) key[12 + i] = place[i] as number;
  return key;
};

/** All coins of one owner. @source SPEC LE1 */
export const computeOwnerRange = (ownerTag: Uint8Array): KeyRange => prefixRange(sha256(ownerTag), OWNER_PREFIX_BITS);

/** The coins of all owners who share the first bits with this one. @shape bits: 0 to 96 @source SPEC LE1 */
export const computeBucketRange = (ownerTag: Uint8Array, bits: number): KeyRange => prefixRange(sha256(ownerTag), bits);
