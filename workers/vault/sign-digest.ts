import { secp256k1 } from '@noble/curves/secp256k1.js';
import { concatBytes } from '#protocol/codec/bytes';
import { SIGHASH_ALL } from '#protocol/script/sighash';

/** Signs all of a transaction: the nonce follows from key and digest alone, so that none ever serves two. @shape digest: 32 bytes @source SPEC VT7; RFC 6979 */
export const signDigest = (digest: Uint8Array, key: Uint8Array): Uint8Array =>
  concatBytes(secp256k1.sign(digest, key, { prehash: false, lowS: true, format: 'der' }), Uint8Array.of(SIGHASH_ALL));
