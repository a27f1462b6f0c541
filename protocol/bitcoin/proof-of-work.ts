import { isFault } from '../fault.ts';
import { invariant } from '../invariant.ts';
import { computeWork, decodeBits } from '../params/target.ts';

/** What compact bits mean, computed once for as long as they stay the same. */
export interface Difficulty {
  readonly bits: number;
  readonly target: bigint;
  /** @shape 32 bytes, little-endian as hashes are */
  readonly bytes: Uint8Array;
  readonly work: bigint;
}

/** @shape bits: those that the rules ask for, so that they decode */
export const makeDifficulty = (bits: number): Difficulty => {
  const target = decodeBits(bits);
  invariant(!isFault(target), 'bits that the rules ask for decode');
  const bytes = new Uint8Array(32);
  for (let i = 0, rest = target; rest > 0n; i++, rest >>= 8n) bytes[i] = Number(rest & 0xffn);
  return { bits, target, bytes, work: computeWork(target) };
};

/** Whether the hash, a little-endian number, is at most the target. @source SPEC BT2 */
export const hasWork = (hash: Uint8Array, { bytes }: Difficulty): boolean => {
  for (let i = 31; i >= 0; i--) {
    const difference = (hash[i] as number) - (bytes[i] as number);
    if (difference !== 0) return difference < 0;
  }
  return true;
};
