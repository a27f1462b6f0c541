import { equalBytes } from '../codec/bytes.ts';
import { hash160 } from '../crypto/hash.ts';
import { type Fault, fault } from '../fault.ts';
import type { RecordClaim } from './record-claim.ts';

const TAG_BYTES = 20;
const KEY_BYTES = TAG_BYTES + 32 + 4;
const HASH_BYTES = 32;

/**
 * How another chain entrusts its headers: nobody but who holds the seat's script can take its keys.
 *
 * @shape key: hash160 of the seat's script ‖ chain id 32 ‖ height u32; value: header hash 32, or empty
 * @fault `anchor-form`; `anchor-seat`: output 0 carries another script
 * @source SPEC RC9; spec 04, governed tables
 */
export const checkAnchor = (
  { key, value }: RecordClaim,
  seat: Uint8Array | undefined,
): undefined | Fault<'anchor-form' | 'anchor-seat'> => {
  if (key.length !== KEY_BYTES || (value.length !== 0 && value.length !== HASH_BYTES))
    return fault('anchor-form', { key: key.length, value: value.length });
  if (value.length === 0) return undefined;
  return seat !== undefined && equalBytes(hash160(seat), key.subarray(0, TAG_BYTES)) ? undefined : fault('anchor-seat');
};
