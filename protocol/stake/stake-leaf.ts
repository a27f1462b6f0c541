import type { Hash32 } from '../codec/hash32.ts';
import { type CodecFault, decodeBytes } from '../codec/reader.ts';
import { encodeBytes } from '../codec/writer.ts';
import { sha256 } from '../crypto/hash.ts';
import { isAmountRange } from '../tx/amount.ts';
import { encodeOutpoint, type Outpoint } from '../tx/outpoint.ts';

const MAX_SCRIPT = 10_000;
export const FULL_SHARE = 10_000;

/**
 * A registered stake as the stakes trie has it.
 *
 * @unit share: basis points to the operator; eligibleFrom, creditFrom: heights; registeredTime: unix seconds
 * @source SPEC ST1; spec 02, stakes trie
 */
export interface StakeLeaf {
  readonly outpoint: Outpoint;
  readonly amount: bigint;
  /** x-only staker key, 32 bytes */
  readonly key: Uint8Array;
  readonly share: number;
  readonly ownerScript: Uint8Array;
  readonly eligibleFrom: number;
  readonly registeredTime: number;
  readonly creditFrom: number;
}

/** @source SPEC ST1 */
export const computeStakeKey = (outpoint: Outpoint): Hash32 => sha256(encodeOutpoint(outpoint));

/** @shape amount u64 ‖ key 32 ‖ share u16 ‖ var owner script ‖ eligible-from u32 ‖ registered time u32 ‖ credit-from u32 @source SPEC ST1 */
export const encodeStakeLeaf = (leaf: Omit<StakeLeaf, 'outpoint'>): Uint8Array =>
  encodeBytes((writer) => {
    writer.u64(leaf.amount).bytes(leaf.key).u16(leaf.share).varBytes(leaf.ownerScript);
    writer.u32(leaf.eligibleFrom).u32(leaf.registeredTime).u32(leaf.creditFrom);
  }, 96);

/** @fault `form`: amount or share out of range; and the codec's faults @source SPEC ST1 */
export const decodeStakeLeaf = (outpoint: Outpoint, value: Uint8Array): StakeLeaf | CodecFault =>
  decodeBytes(value, (reader) => {
    const amount = reader.u64();
    if (!isAmountRange(amount) || amount === 0n) reader.refuse('form', { amount });
    const key = reader.take(32).slice();
    const share = reader.u16();
    if (share > FULL_SHARE) reader.refuse('form', { share });
    const ownerScript = reader.varBytes(MAX_SCRIPT).slice();
    return {
      outpoint,
      amount,
      key,
      share,
      ownerScript,
      eligibleFrom: reader.u32(),
      registeredTime: reader.u32(),
      creditFrom: reader.u32(),
    };
  });
