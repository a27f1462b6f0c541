import { asHash32, type Hash32 } from '../../codec/hash32.ts';
import { ByteReader } from '../../codec/reader.ts';
import { makeTagged } from '../../crypto/hash.ts';

/** What a peer's 512 bytes claim, read at the places of the fields and judged by nobody yet. */
export interface ClaimedHeader {
  readonly hash: Hash32;
  readonly height: number;
  readonly previous: Hash32;
  /** unix seconds */
  readonly time: number;
  readonly bitcoin: Hash32;
  readonly filterHash: Hash32;
  readonly weight: bigint;
}

const SIGNED_BYTES = 448;
const tagHeader = makeTagged('header');

const hashAt = (bytes: Uint8Array, offset: number): Hash32 => asHash32(bytes.slice(offset, offset + 32));

export const hashHeaderBytes = (bytes: Uint8Array): Hash32 => tagHeader(bytes.subarray(0, SIGNED_BYTES));

/**
 * @shape bytes: 512
 * @source spec 02, header
 */
export const readClaimedHeader = (bytes: Uint8Array): ClaimedHeader => {
  const reader = new ByteReader(bytes);
  const u32At = (offset: number): number => {
    reader.offset = offset;
    return reader.u32();
  };
  const height = u32At(4);
  const time = u32At(40);
  reader.offset = 352;
  return {
    hash: hashHeaderBytes(bytes),
    height,
    previous: hashAt(bytes, 8),
    time,
    bitcoin: hashAt(bytes, 48),
    filterHash: hashAt(bytes, 240),
    weight: reader.u128(),
  };
};
