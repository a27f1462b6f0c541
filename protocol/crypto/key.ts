import { secp256k1 } from '@noble/curves/secp256k1.js';
import { concatBytes } from '../codec/bytes.ts';

const EVEN = Uint8Array.of(2);

/** Whether a compressed key names a point of the curve. @shape key: any length */
export const isCurvePoint = (key: Uint8Array): boolean => {
  if (key.length !== 33) return false;
  try {
    secp256k1.Point.fromBytes(key).assertValidity();
    return true;
  } catch {
    return false;
  }
};

/** Whether an x-only key lifts to the curve. @shape key: 32 bytes @source BIP340 lift_x */
export const isLiftableKey = (key: Uint8Array): boolean => key.length === 32 && isCurvePoint(concatBytes(EVEN, key));
