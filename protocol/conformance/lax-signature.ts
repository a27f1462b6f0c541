import { secp256k1 } from '@noble/curves/secp256k1.js';
import { verifyEcdsa } from '../crypto/signature.ts';
import { decodeDer, isCompressedKey, isLowS, isStrictDer } from '../script/signature-encoding.ts';

const ORDER = secp256k1.Point.Fn.ORDER;

interface Span {
  readonly start: number;
  readonly end: number;
}

const readLongLength = (der: Uint8Array, at: number, width: number): Span | undefined => {
  if (width > der.length - at) return undefined;
  let start = at;
  const end = at + width;
  while (start < end && der[start] === 0) start++;
  if (end - start >= 4) return undefined;
  let length = 0;
  for (let i = start; i < end; i++) length = length * 256 + (der[i] as number);
  return { start: end, end: end + length };
};

const readInteger = (der: Uint8Array, at: number): Span | undefined => {
  const length = der[at + 1];
  if (der[at] !== 0x02 || length === undefined) return undefined;
  const span = length < 0x80 ? { start: at + 2, end: at + 2 + length } : readLongLength(der, at + 2, length - 0x80);
  return span !== undefined && span.end <= der.length ? span : undefined;
};

const skipSequenceHead = (der: Uint8Array): number | undefined => {
  const length = der[1];
  if (der[0] !== 0x30 || length === undefined) return undefined;
  const extra = length < 0x80 ? 0 : length - 0x80;
  return extra > der.length - 2 ? undefined : 2 + extra;
};

const placeInteger = (compact: Uint8Array, end: number, integer: Uint8Array): boolean => {
  const first = integer.findIndex((byte) => byte !== 0);
  const digits = first < 0 ? new Uint8Array(0) : integer.subarray(first);
  if (digits.length > 32) return false;
  compact.set(digits, end - digits.length);
  return true;
};

/** Reads what OpenSSL once took for a signature, as Bitcoin's `ecdsa_signature_parse_der_lax` does. @shape der: without sighash type */
const decodeLaxDer = (der: Uint8Array): Uint8Array | undefined => {
  const start = skipSequenceHead(der);
  const r = start === undefined ? undefined : readInteger(der, start);
  const s = r === undefined ? undefined : readInteger(der, r.end);
  if (r === undefined || s === undefined) return undefined;
  const compact = new Uint8Array(64);
  const fits = placeInteger(compact, 32, der.subarray(r.start, r.end)) && placeInteger(compact, 64, der.subarray(s.start, s.end));
  return fits ? compact : undefined;
};

const toLowS = (compact: Uint8Array): Uint8Array => {
  if (isLowS(compact)) return compact;
  const s = [...compact.subarray(32)].reduce((value, byte) => value * 256n + BigInt(byte), 0n);
  if (s >= ORDER) return compact;
  const low = compact.slice();
  low.set(secp256k1.Point.Fn.toBytes(ORDER - s), 32);
  return low;
};

const isLastBitRight = (key: Uint8Array): boolean => key[0] === 4 || ((key[64] as number) & 1) === (key[0] as number) - 6;

/** Compressed form of a key in any encoding that Bitcoin ever took, hybrid ones included. */
const toCompressed = (key: Uint8Array): Uint8Array | undefined => {
  if (isCompressedKey(key)) return key;
  if (key.length !== 65 || ![4, 6, 7].includes(key[0] as number) || !isLastBitRight(key)) return undefined;
  try {
    return secp256k1.Point.fromBytes(Uint8Array.from([4, ...key.subarray(1)])).toBytes(true);
  } catch {
    return undefined;
  }
};

/** @shape signature: DER of any looseness ‖ sighash type */
export const verifyLaxSignature = (signature: Uint8Array, digest: Uint8Array, publicKey: Uint8Array): boolean => {
  const key = toCompressed(publicKey);
  const compact = isStrictDer(signature) ? decodeDer(signature) : decodeLaxDer(signature.subarray(0, -1));
  return key !== undefined && compact !== undefined && verifyEcdsa(toLowS(compact), digest, key);
};

/** @shape signature: as it stands in a script; result: its push as `CScript << bytes` makes it, minimal or not */
export const encodePlainPush = (data: Uint8Array): Uint8Array => {
  const head =
    data.length < 0x4c ? [data.length] : data.length < 0x100 ? [0x4c, data.length] : [0x4d, data.length & 0xff, data.length >> 8];
  return Uint8Array.from([...head, ...data]);
};
