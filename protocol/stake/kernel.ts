import type { Hash32 } from '../codec/hash32.ts';
import { encodeHex } from '../codec/hex.ts';
import { encodeBytes } from '../codec/writer.ts';
import { makeTagged } from '../crypto/hash.ts';
import { type Outpoint, writeOutpoint } from '../tx/outpoint.ts';

const hashKernel = makeTagged('kernel');

/** Everything that decides a stake's luck in a slot: nothing here is the maker's to choose. */
export interface KernelInput {
  readonly bitcoin: Hash32;
  readonly outpoint: Outpoint;
  /** unix seconds, the slot */
  readonly time: number;
}

/** @shape tagged over bitcoin 32 ‖ outpoint 36 ‖ time u32 @source SPEC ST3; spec 03, kernel */
export const computeKernel = ({ bitcoin, outpoint, time }: KernelInput): Hash32 =>
  hashKernel(
    bitcoin,
    encodeBytes((writer) => {
      writeOutpoint(writer, outpoint);
      writer.u32(time);
    }, 40),
  );

export const kernelNumber = (kernel: Hash32): bigint => BigInt(`0x${encodeHex(kernel)}`);

/** In exact integers: the product may exceed 2^256 and never wraps. @source SPEC ST4; spec 03, kernel */
export const isKernelBelow = (kernel: Hash32, amount: bigint, target: bigint): boolean => kernelNumber(kernel) < amount * target;
