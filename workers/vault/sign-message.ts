import { InvariantError } from '#protocol/invariant';
import { computeMessageSighash, encodeMessageSignature } from '#protocol/message/message-signature';
import { matchPayToKey } from '#protocol/script/forms/pay-to-key';
import type { DerivedPlace } from '../rpc/vault-chain-port.ts';
import type { Secrets } from './secrets.ts';
import { signDigest } from './sign-digest.ts';

/** Signs a text with the key of one of our addresses. @source SPEC MS2, MS4; BIP322 */
export const signMessageAt = (place: DerivedPlace, script: Uint8Array, message: string, secrets: Secrets): string => {
  const keyHash = matchPayToKey(script);
  if (keyHash === undefined) throw new InvariantError('our addresses pay to keys');
  const digest = computeMessageSighash(script, keyHash, message);
  return secrets.withKey(place, (key, publicKey) => encodeMessageSignature([signDigest(digest, key), publicKey]));
};
