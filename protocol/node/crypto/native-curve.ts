import { createRequire } from 'node:module';
import { compareBytes } from '#protocol/codec/bytes';
import { decodeHex } from '#protocol/codec/hex';
import { type CurveBackend, NOBLE_CURVE } from '#protocol/crypto/backend';

interface Libsecp256k1 {
  readonly ecdsaVerify: (signature: Uint8Array, digest: Uint8Array, publicKey: Uint8Array) => boolean;
  readonly signatureNormalize: (signature: Uint8Array) => Uint8Array;
}

interface WasmSecp256k1 {
  readonly verify: (digest: Uint8Array, publicKey: Uint8Array, signature: Uint8Array, strict: boolean) => boolean;
  readonly verifySchnorr: (message: Uint8Array, xOnlyKey: Uint8Array, signature: Uint8Array) => boolean;
}

const HALF_ORDER = decodeHex('7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0') as Uint8Array;

const require = createRequire(import.meta.url);

const load = <T>(name: string): T | undefined => {
  try {
    return require(name) as T;
  } catch {
    return undefined;
  }
};

const orFalse = (verify: () => boolean): boolean => {
  try {
    return verify();
  } catch {
    return false;
  }
};

/** libsecp256k1 knows only low S; which S are allowed is the caller's rule, as in Bitcoin Core's `Normalize`. */
const withLowS = (library: Libsecp256k1, signature: Uint8Array): Uint8Array =>
  compareBytes(signature.subarray(32), HALF_ORDER) > 0 ? library.signatureNormalize(Uint8Array.from(signature)) : signature;

const makeBackend = (native: Libsecp256k1 | undefined, wasm: WasmSecp256k1 | undefined): CurveBackend => ({
  name: `${native ? 'libsecp256k1' : wasm ? 'tiny-secp256k1' : 'noble'}+${wasm ? 'tiny-secp256k1' : 'noble'}`,
  verifyEcdsa: native
    ? (signature, digest, key) => orFalse(() => native.ecdsaVerify(withLowS(native, signature), digest, key))
    : wasm
      ? (signature, digest, key) => orFalse(() => wasm.verify(digest, key, signature, false))
      : NOBLE_CURVE.verifyEcdsa,
  verifySchnorr:
    wasm === undefined
      ? NOBLE_CURVE.verifySchnorr
      : (signature, message, key) =>
          message.length === 32
            ? orFalse(() => wasm.verifySchnorr(message, key, signature))
            : NOBLE_CURVE.verifySchnorr(signature, message, key),
});

/** libsecp256k1 compiled to WebAssembly, which has BIP340; for messages of other lengths than 32 the reference is asked. */
export const loadWasmCurve = (): CurveBackend => makeBackend(undefined, load('tiny-secp256k1'));

/**
 * The fastest secp256k1 that loads on this host: libsecp256k1's prebuilt binding, else its WebAssembly, else @noble.
 *
 * @source SPEC ND1
 */
export const loadNativeCurve = (): CurveBackend => makeBackend(load('secp256k1/bindings.js'), load('tiny-secp256k1'));
