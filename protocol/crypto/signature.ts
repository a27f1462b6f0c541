import { currentCurve } from './backend.ts';

/** @source BIP340 */
export const verifySchnorr = (signature: Uint8Array, message: Uint8Array, xOnlyKey: Uint8Array): boolean =>
  signature.length === 64 && xOnlyKey.length === 32 && currentCurve().verifySchnorr(signature, message, xOnlyKey);

/** @shape signature: 64 bytes r ‖ s; the caller has parsed DER and judged low S */
export const verifyEcdsa = (signature: Uint8Array, digest: Uint8Array, publicKey: Uint8Array): boolean =>
  signature.length === 64 && digest.length === 32 && publicKey.length === 33 && currentCurve().verifyEcdsa(signature, digest, publicKey);
