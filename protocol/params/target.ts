import { type Fault, fault } from '../fault.ts';
import { invariant } from '../invariant.ts';

const SIGN_BIT = 0x0080_0000;
const MANTISSA = 0x007f_ffff;
export const TARGET_RANGE = 1n << 256n;

export type BitsFaultCode = 'bits-negative' | 'bits-overflow' | 'bits-not-shortest' | 'bits-zero';

const bitLength = (value: bigint): number => value.toString(2).length;

/**
 * Compact form of a target, low bits cut off as Bitcoin cuts them.
 *
 * @shape target: 1 to 2^256 − 1
 * @source SPEC PA4; Bitcoin's arith_uint256::GetCompact
 */
export const encodeBits = (target: bigint): number => {
  invariant(target > 0n && target < TARGET_RANGE, 'a target is in range');
  const size = (bitLength(target) + 7) >> 3;
  const mantissa = Number(size <= 3 ? target << BigInt(8 * (3 - size)) : target >> BigInt(8 * (size - 3)));
  return (mantissa & SIGN_BIT) === 0 ? ((size << 24) | mantissa) >>> 0 : (((size + 1) << 24) | (mantissa >> 8)) >>> 0;
};

/**
 * Target of a compact form, of which there is one for each target.
 *
 * @shape bits: u32
 * @fault `bits-negative` `bits-overflow` `bits-not-shortest` `bits-zero`
 * @source SPEC PA4; spec 03, retarget
 */
export const decodeBits = (bits: number): bigint | Fault<BitsFaultCode> => {
  const size = bits >>> 24;
  const mantissa = BigInt(bits & MANTISSA);
  if ((bits & SIGN_BIT) !== 0) return fault('bits-negative', { bits });
  const target = size <= 3 ? mantissa >> BigInt(8 * (3 - size)) : mantissa << BigInt(8 * (size - 3));
  if (target >= TARGET_RANGE) return fault('bits-overflow', { bits });
  if (target === 0n) return fault('bits-zero', { bits });
  return encodeBits(target) === bits ? target : fault('bits-not-shortest', { bits });
};

/** Target of bits that a rule has accepted already. */
export const targetOfBits = (bits: number): bigint => {
  const target = decodeBits(bits);
  invariant(typeof target === 'bigint', 'accepted bits decode');
  return target;
};

/** What a block at this target adds to its chain's weight. @source SPEC ST9; spec 00 */
export const computeWork = (target: bigint): bigint => TARGET_RANGE / (target + 1n);
