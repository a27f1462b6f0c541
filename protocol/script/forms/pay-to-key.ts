import { concatBytes } from '../../codec/bytes.ts';
import { hash160 } from '../../crypto/hash.ts';
import { invariant } from '../../invariant.ts';
import { OP } from '../opcodes.ts';

const HASH_BYTES = 20;
const SCRIPT_BYTES = 22;

/** @shape keyHash: 20 bytes @source SPEC SF1 */
export const buildPayToKeyHash = (keyHash: Uint8Array): Uint8Array => {
  invariant(keyHash.length === HASH_BYTES, 'a key hash has 20 bytes');
  return concatBytes(Uint8Array.of(OP.FALSE, HASH_BYTES), keyHash);
};

/** @shape publicKey: 33 bytes @source SPEC SF1 */
export const buildPayToKey = (publicKey: Uint8Array): Uint8Array => {
  invariant(publicKey.length === 33, 'keys are compressed');
  return buildPayToKeyHash(hash160(publicKey));
};

/** The key hash of a pay to key. @shape result: 20 bytes that share memory with the script @source SPEC SF1 */
export const matchPayToKey = (script: Uint8Array): Uint8Array | undefined =>
  script.length === SCRIPT_BYTES && script[0] === OP.FALSE && script[1] === HASH_BYTES ? script.subarray(2) : undefined;
