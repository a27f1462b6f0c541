import type { ScriptRules } from './rules.ts';
import type { ScriptFaultCode } from './script-fault.ts';

const COMPACT_HALF = 32;
const SIGHASH_ANYONECANPAY = 0x80;
/** Half the order of secp256k1, rounded down. */
const HALF_ORDER = Uint8Array.from([
  0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x5d, 0x57, 0x6e, 0x73, 0x57, 0xa4, 0x50,
  0x1d, 0xdf, 0xe9, 0x2f, 0x46, 0x68, 0x1b, 0x20, 0xa0,
]);

const isDerInteger = (signature: Uint8Array, start: number, length: number): boolean => {
  if (signature[start - 2] !== 0x02 || length === 0) return false;
  const first = signature[start] as number;
  if (first >= 0x80) return false;
  return !(length > 1 && first === 0 && (signature[start + 1] as number) < 0x80);
};

/** @shape signature: DER ‖ one byte of sighash type @source SPEC SC8; BIP66 */
export const isStrictDer = (signature: Uint8Array): boolean => {
  const size = signature.length;
  if (size < 9 || size > 73 || signature[0] !== 0x30 || signature[1] !== size - 3) return false;
  const rLength = signature[3] as number;
  if (5 + rLength >= size) return false;
  const sLength = signature[5 + rLength] as number;
  if (rLength + sLength + 7 !== size) return false;
  return isDerInteger(signature, 4, rLength) && isDerInteger(signature, 6 + rLength, sLength);
};

const copyInteger = (target: Uint8Array, end: number, integer: Uint8Array): boolean => {
  let start = 0;
  while (start < integer.length && integer[start] === 0) start++;
  const length = integer.length - start;
  if (length > COMPACT_HALF) return false;
  target.set(integer.subarray(start), end - length);
  return true;
};

/**
 * Turns a signature that `isStrictDer` accepted into r ‖ s; undefined where a number needs more than 32 bytes.
 *
 * @shape signature: DER ‖ sighash type; result: 64 bytes
 */
export const decodeDer = (signature: Uint8Array): Uint8Array | undefined => {
  const rLength = signature[3] as number;
  const compact = new Uint8Array(2 * COMPACT_HALF);
  const r = signature.subarray(4, 4 + rLength);
  const s = signature.subarray(6 + rLength, signature.length - 1);
  return copyInteger(compact, COMPACT_HALF, r) && copyInteger(compact, 2 * COMPACT_HALF, s) ? compact : undefined;
};

/** @shape compact: r ‖ s; whether s is at most half the order @source SPEC SC8; BIP62 */
export const isLowS = (compact: Uint8Array): boolean => {
  for (let i = 0; i < COMPACT_HALF; i++) {
    const difference = (compact[COMPACT_HALF + i] as number) - (HALF_ORDER[i] as number);
    if (difference !== 0) return difference < 0;
  }
  return true;
};

const isDefinedSighashType = (type: number): boolean => {
  const base = type & ~SIGHASH_ANYONECANPAY;
  return base >= 1 && base <= 3;
};

const isLowDer = (signature: Uint8Array): boolean => {
  const compact = decodeDer(signature);
  return compact === undefined || isLowS(compact);
};

/** @source SPEC SC8 */
export const checkSignatureEncoding = (signature: Uint8Array, rules: ScriptRules): ScriptFaultCode | undefined => {
  if (signature.length === 0) return undefined;
  if ((rules.DERSIG || rules.LOW_S || rules.STRICTENC) && !isStrictDer(signature)) return 'sig-der';
  if (rules.LOW_S && !isLowDer(signature)) return 'sig-high-s';
  if (rules.STRICTENC && !isDefinedSighashType(signature[signature.length - 1] as number)) return 'sig-hashtype';
  return undefined;
};

export const isCompressedKey = (key: Uint8Array): boolean => key.length === 33 && (key[0] === 2 || key[0] === 3);

const isUncompressedKey = (key: Uint8Array): boolean => key.length === 65 && key[0] === 4;

/** @source SPEC SC9 */
export const checkKeyEncoding = (key: Uint8Array, rules: ScriptRules): ScriptFaultCode | undefined => {
  if (rules.STRICTENC && !isCompressedKey(key) && !isUncompressedKey(key)) return 'pubkeytype';
  return rules.WITNESS_PUBKEYTYPE && !isCompressedKey(key) ? 'witness-pubkeytype' : undefined;
};
