import { asHash32, type Hash32, isZeroHash } from '../codec/hash32.ts';
import { type CodecFault, decodeBytes } from '../codec/reader.ts';
import { encodeUtf8 } from '../codec/utf8.ts';
import { encodeBytes } from '../codec/writer.ts';
import { sha256 } from '../crypto/hash.ts';
import { type Outpoint, readOutpoint, writeOutpoint } from '../tx/outpoint.ts';

const NO_SEAT = new Uint8Array(36);

/** @shape table: at most 32 bytes; key: 64; value: 520, 680 in table `group`; seat: undefined in governed tables */
export interface RecordEntry {
  readonly table: Uint8Array;
  readonly key: Uint8Array;
  readonly value: Uint8Array;
  readonly seat: Outpoint | undefined;
  readonly height: number;
}

/** @shape sha256(table)[0:12] ‖ sha256(key)[0:20] @source SPEC RC1; spec 02, state tries */
export const computeRecordKey = ({ table, key }: Pick<RecordEntry, 'table' | 'key'>): Hash32 => {
  const leafKey = new Uint8Array(32);
  leafKey.set(sha256(table).subarray(0, 12));
  leafKey.set(sha256(key).subarray(0, 20), 12);
  return asHash32(leafKey);
};

/** @shape var table ‖ var key ‖ var value ‖ seat 36 (zero: none) ‖ height u32 @source SPEC RC1; spec 02, state tries */
export const encodeRecord = ({ table, key, value, seat, height }: RecordEntry): Uint8Array =>
  encodeBytes((writer) => {
    writer.varBytes(table).varBytes(key).varBytes(value);
    if (seat === undefined) writer.bytes(NO_SEAT);
    else writeOutpoint(writer, seat);
    writer.u32(height);
  });

const MAX_TABLE = 32;
const MAX_KEY = 64;
const MAX_VALUE = 680;

/** @fault the codec's: not one record in its one encoding @source SPEC RC1 */
export const decodeRecord = (bytes: Uint8Array): RecordEntry | CodecFault =>
  decodeBytes(bytes, (reader) => {
    const [table, key, value] = [reader.varBytes(MAX_TABLE).slice(), reader.varBytes(MAX_KEY).slice(), reader.varBytes(MAX_VALUE).slice()];
    const seat = readOutpoint(reader);
    return { table, key, value, seat: seat.index === 0 && isZeroHash(seat.txid) ? undefined : seat, height: reader.u32() };
  });

/** The ordered list of member keys, as genesis writes it. @source SPEC RC2; spec 04, admission group */
export const admissionRecord = (members: readonly Uint8Array[], height: number): RecordEntry => ({
  table: encodeUtf8('group'),
  key: encodeUtf8('admission'),
  value: encodeBytes((writer) => {
    for (const member of members) writer.bytes(member);
  }),
  seat: undefined,
  height,
});
