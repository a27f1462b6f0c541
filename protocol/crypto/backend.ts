import { schnorr, secp256k1 } from '@noble/curves/secp256k1.js';
import { ripemd160 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';

/** Hash functions of a host; each returns memory of its own. */
export interface HashBackend {
  readonly name: string;
  readonly sha256: (data: Uint8Array) => Uint8Array;
  readonly hash256: (data: Uint8Array) => Uint8Array;
  readonly ripemd160: (data: Uint8Array) => Uint8Array;
}

/**
 * secp256k1 of a host. Inputs have the right length; every function answers false for points and scalars that are
 * not valid, and never throws.
 *
 * @shape signature: 64 bytes r ‖ s, big-endian; digest: 32 bytes; publicKey: 33 bytes compressed; xOnlyKey: 32 bytes
 */
export interface CurveBackend {
  readonly name: string;
  readonly verifyEcdsa: (signature: Uint8Array, digest: Uint8Array, publicKey: Uint8Array) => boolean;
  readonly verifySchnorr: (signature: Uint8Array, message: Uint8Array, xOnlyKey: Uint8Array) => boolean;
}

const nobleHash: HashBackend = {
  name: 'noble',
  sha256: (data) => sha256(data),
  hash256: (data) => sha256(sha256(data)),
  ripemd160: (data) => ripemd160(data),
};

const orFalse = (verify: () => boolean): boolean => {
  try {
    return verify();
  } catch {
    return false;
  }
};

const nobleCurve: CurveBackend = {
  name: 'noble',
  verifyEcdsa: (signature, digest, publicKey) =>
    orFalse(() => secp256k1.verify(signature, digest, publicKey, { prehash: false, lowS: false, format: 'compact' })),
  verifySchnorr: (signature, message, xOnlyKey) => orFalse(() => schnorr.verify(signature, message, xOnlyKey)),
};

/** The hash functions that every host has. */
export const NOBLE_HASH: HashBackend = nobleHash;
/** The reference: what every other curve backend is tested against. */
export const NOBLE_CURVE: CurveBackend = nobleCurve;

let hash: HashBackend = nobleHash;
let curve: CurveBackend = nobleCurve;

/** Each entry point calls this once, before any rule runs; all backends give the same results. */
export const useCrypto = (backend: { readonly hash?: HashBackend; readonly curve?: CurveBackend }): void => {
  hash = backend.hash ?? hash;
  curve = backend.curve ?? curve;
};

export const currentHash = (): HashBackend => hash;
export const currentCurve = (): CurveBackend => curve;
