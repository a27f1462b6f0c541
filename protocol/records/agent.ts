import { concatBytes } from '../codec/bytes.ts';
import { type CodecFault, decodeBytes } from '../codec/reader.ts';
import { encodeBytes } from '../codec/writer.ts';

const MAX_LABEL = 64;

/**
 * What the group asks makers to let an agent have.
 *
 * @shape label: UTF-8, at most 64 bytes
 * @unit quota: base units of credit in `creditPeriod` blocks
 * @source SPEC RC10; spec 04, governed tables
 */
export interface Agent {
  readonly quota: bigint;
  readonly label: Uint8Array;
}

/** @shape quota u64 ‖ label @source SPEC RC10 */
export const encodeAgent = ({ quota, label }: Agent): Uint8Array => encodeBytes((writer) => writer.u64(quota).bytes(label));

/** @fault `short`; `size`: a label of more than 64 bytes @source SPEC RC10 */
export const decodeAgent = (value: Uint8Array): Agent | CodecFault =>
  decodeBytes(value, (reader) => {
    const quota = reader.u64();
    if (reader.remaining > MAX_LABEL) reader.refuse('size', { size: reader.remaining, maximum: MAX_LABEL });
    return { quota, label: reader.take(reader.remaining).slice() };
  });

/** Whether an account is to have no new credit. @shape reason: UTF-8, at most 64 bytes */
export interface Suspension {
  readonly suspended: boolean;
  readonly reason: Uint8Array;
}

/** A governed record is never removed, so that a suspension is lifted says its first byte. @shape 1 or 0 ‖ reason @source SPEC RC11 */
export const encodeSuspension = ({ suspended, reason }: Suspension): Uint8Array => concatBytes(Uint8Array.of(suspended ? 1 : 0), reason);

/** @fault `short`; `form`: neither 1 nor 0; `size`: a reason of more than 64 bytes @source SPEC RC11 */
export const decodeSuspension = (value: Uint8Array): Suspension | CodecFault =>
  decodeBytes(value, (reader) => {
    const state = reader.u8();
    if (state > 1) reader.refuse('form', { state });
    if (reader.remaining > MAX_LABEL) reader.refuse('size', { size: reader.remaining, maximum: MAX_LABEL });
    return { suspended: state === 1, reason: reader.take(reader.remaining).slice() };
  });
