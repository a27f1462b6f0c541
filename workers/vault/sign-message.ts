import { secp256k1 } from '@noble/curves/secp256k1.js';
import { concatBytes } from '#protocol/codec/bytes';
import { InvariantError } from '#protocol/invariant';
import { computeMessageSighash, encodeMessageSignature } from '#protocol/message/message-signature';
import { matchPayToKey } from '#protocol/script/forms/pay-to-key';
import { SIGHASH_ALL } from '#protocol/script/sighash';
import type { DerivedPlace } from '../rpc/vault-chain-port.ts';
import type { Secrets } from './secrets.ts';

/** Signs a text with the key of one of our addresses. @source SPEC MS2, MS4; BIP322 */
export const signMessageAt = (place: DerivedPlace, script: Uint8Array, message: string, secrets: Secrets): string => {
  const keyHash = matchPayToKey(script);
  if (keyHash === undefined) throw new InvariantError('our addresses pay to keys');
  const digest = computeMessageSighash(script, keyHash, message);
  return secrets.withKey(place, (key, publicKey) => {
    const signature = secp256k1.sign(digest, key, { prehash: false, lowS: true, format: 'der' });
    return encodeMessageSignature([concatBytes(signature, Uint8Array.of(SIGHASH_ALL)), publicKey]);
  });
};
