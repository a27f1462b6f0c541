import { schnorr, secp256k1 } from '@noble/curves/secp256k1.js';
import { BIP32Factory, type BIP32Interface } from 'bip32';
import { equalBytes } from '../codec/bytes.ts';
import { type Fault, fault } from '../fault.ts';

type Curve = Parameters<typeof BIP32Factory>[0];

const Point = secp256k1.Point;
const ORDER = Point.Fn.ORDER;

const toPoint = (bytes: Uint8Array): InstanceType<typeof Point> | undefined => {
  try {
    return Point.fromBytes(bytes);
  } catch {
    return undefined;
  }
};

const toScalar = (bytes: Uint8Array): bigint => bytes.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);

const fromScalar = (value: bigint): Uint8Array => Point.Fn.toBytes(value);

const addToPrivate = (key: Uint8Array, tweak: Uint8Array): Uint8Array | null => {
  const sum = (toScalar(key) + toScalar(tweak)) % ORDER;
  return sum === 0n ? null : fromScalar(sum);
};

interface Parent {
  readonly bytes: Uint8Array;
  readonly point: InstanceType<typeof Point>;
}

/** Children are asked for one after the other: finding their parent on the curve is most of the work. */
let parent: Parent | undefined;

const parentOf = (bytes: Uint8Array): InstanceType<typeof Point> | undefined => {
  if (parent !== undefined && equalBytes(parent.bytes, bytes)) return parent.point;
  const point = toPoint(bytes);
  if (point !== undefined) parent = { bytes: bytes.slice(), point };
  return point;
};

/** All of it is public: children of a private key are not derived this way. */
const addToPoint = (point: Uint8Array, tweak: Uint8Array, compressed = true): Uint8Array | null => {
  const base = parentOf(point);
  const scalar = toScalar(tweak);
  if (base === undefined || scalar >= ORDER) return null;
  const sum = scalar === 0n ? base : base.add(Point.BASE.multiplyUnsafe(scalar));
  return sum.equals(Point.ZERO) ? null : sum.toBytes(compressed);
};

const curve: Curve = {
  isPoint: (bytes) => toPoint(bytes) !== undefined,
  isPrivate: (bytes) => secp256k1.utils.isValidSecretKey(bytes),
  pointFromScalar: (scalar, compressed = true) =>
    secp256k1.utils.isValidSecretKey(scalar) ? secp256k1.getPublicKey(scalar, compressed) : null,
  pointAddScalar: addToPoint,
  privateAdd: addToPrivate,
  privateNegate: (key) => fromScalar(ORDER - toScalar(key)),
  sign: (digest, key) => secp256k1.sign(digest, key, { prehash: false, lowS: true, format: 'compact' }),
  signSchnorr: (digest, key, extra = new Uint8Array(32)) => schnorr.sign(digest, key, extra),
  verify: (digest, publicKey, signature) =>
    secp256k1.verify(signature, digest, publicKey, { prehash: false, lowS: false, format: 'compact' }),
  verifySchnorr: (digest, xOnlyKey, signature) => schnorr.verify(signature, digest, xOnlyKey),
};

/** The two prefixes of extended keys: Bitcoin's own. @source 10: extended keys with Bitcoin's prefixes */
const networks = {
  main: {
    messagePrefix: '',
    bech32: '',
    bip32: { public: 0x0488b21e, private: 0x0488ade4 },
    pubKeyHash: 0,
    scriptHash: 0,
    wif: 0x80,
  },
  test: {
    messagePrefix: '',
    bech32: '',
    bip32: { public: 0x043587cf, private: 0x04358394 },
    pubKeyHash: 0,
    scriptHash: 0,
    wif: 0xef,
  },
} as const;

/** Whether four bytes, big-endian, are the version of an extended public key. @source BIP32 */
export const isPublicPrefix = (version: Uint8Array): boolean =>
  Object.values(networks).some(({ bip32 }) => bip32.public === version.reduce((value, byte) => value * 256 + byte, 0));

/** Whose prefixes extended keys carry. */
export type ExtendedKeyPrefix = keyof typeof networks;
/** An extended key, private or public. @source BIP32 */
export type HdKey = BIP32Interface;

type Bip32 = ReturnType<typeof BIP32Factory>;

let made: Bip32 | undefined;

/** The library tries the curve out when it is made, which takes as long as many keys: made when the first key is asked for. */
const bip32 = (): Bip32 => {
  made ??= BIP32Factory(curve);
  return made;
};

/**
 * @shape seed: 16 to 64 bytes
 * @source SPEC HK1, HK3; BIP32
 */
export const deriveMasterKey = (seed: Uint8Array, prefix: ExtendedKeyPrefix): HdKey => bip32().fromSeed(seed, networks[prefix]);

/**
 * Reads an extended public or private key.
 *
 * @fault `extended-key`: checksum, length, version, depth and parent that disagree, or a key that is not on the curve
 * @source SPEC HK2; BIP32
 */
export const decodeExtendedKey = (text: string, prefix: ExtendedKeyPrefix): HdKey | Fault<'extended-key'> => {
  try {
    return bip32().fromBase58(text, networks[prefix]);
  } catch {
    return fault('extended-key');
  }
};

/**
 * Derives a public key below a public node: no private key is needed, and no hardened one can be had.
 *
 * @shape chainCode: 32 bytes; publicKey: 33 bytes on the curve; path: indices below 2^31; result: 33 bytes
 * @source SPEC RC8; BIP32
 */
export const derivePublicPath = (
  node: { readonly chainCode: Uint8Array; readonly publicKey: Uint8Array },
  path: readonly number[],
): Uint8Array =>
  path.reduce<HdKey>((key, index) => key.derive(index), bip32().fromPublicKey(node.publicKey, node.chainCode, networks.main)).publicKey;
