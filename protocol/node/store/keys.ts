import { concatBytes } from '#protocol/codec/bytes';
import { encodeOutpoint, type Outpoint } from '#protocol/tx/outpoint';

/** First byte of every key; each table has its own. */
const TABLE = {
  meta: 0x6d,
  header: 0x68,
  height: 0x61,
  roots: 0x72,
  body: 0x62,
  filter: 0x66,
  undo: 0x75,
  branch: 0x6f,
  coin: 0x63,
  stake: 0x73,
  due: 0x64,
  txid: 0x74,
  history: 0x79,
  page: 0x70,
  root: 0x6e,
  garbage: 0x67,
  seat: 0x65,
  liability: 0x6c,
  debt: 0x6b,
  debtTime: 0x7c,
  grant: 0x71,
} as const;

export type Table = keyof typeof TABLE;

const prefixed = (table: Table, ...parts: readonly Uint8Array[]): Uint8Array => concatBytes(Uint8Array.of(TABLE[table]), ...parts);

/** Big-endian, so that the store's order is the order of numbers. */
const be32 = (value: number): Uint8Array => Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);

const be64 = (value: number): Uint8Array => concatBytes(be32(Math.floor(value / 2 ** 32)), be32(value >>> 0));

export const readBe32 = (bytes: Uint8Array, offset: number): number =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(offset);

export const metaKey = (): Uint8Array => prefixed('meta');
export const headerKey = (hash: Uint8Array): Uint8Array => prefixed('header', hash);
export const heightKey = (height: number): Uint8Array => prefixed('height', be32(height));
export const rootsKey = (hash: Uint8Array): Uint8Array => prefixed('roots', hash);
export const bodyKey = (hash: Uint8Array): Uint8Array => prefixed('body', hash);
export const filterKey = (hash: Uint8Array): Uint8Array => prefixed('filter', hash);
export const undoKey = (hash: Uint8Array): Uint8Array => prefixed('undo', hash);
export const branchKey = (height: number, hash: Uint8Array): Uint8Array => prefixed('branch', be32(height), hash);
export const coinKey = (outpoint: Outpoint): Uint8Array => prefixed('coin', encodeOutpoint(outpoint));
export const stakeKey = (outpoint: Outpoint): Uint8Array => prefixed('stake', encodeOutpoint(outpoint));
export const dueKey = (kind: 'height' | 'time', due: number): Uint8Array =>
  prefixed('due', Uint8Array.of(kind === 'height' ? 0 : 1), be32(due));
export const seatKey = (outpoint: Outpoint): Uint8Array => prefixed('seat', encodeOutpoint(outpoint));
/** @shape holder: 21 bytes */
export const liabilityKey = (holder: Uint8Array, kind: 'height' | 'time', due: number): Uint8Array =>
  prefixed('liability', holder, Uint8Array.of(kind === 'height' ? 0 : 1), be32(due));
export const OUTPOINT_BYTES = 36;
/** @shape tag: 20 bytes; outpoint: 36 bytes */
export const debtKey = (tag: Uint8Array, outpoint: Uint8Array): Uint8Array => prefixed('debt', tag, outpoint);
/** All keys of the debts that name a tag: no outpoint is 36 bytes of ones. */
export const debtOwnerSpan = (tag: Uint8Array): { readonly gte: Uint8Array; readonly lt: Uint8Array } => ({
  gte: prefixed('debt', tag),
  lt: prefixed('debt', tag, new Uint8Array(OUTPOINT_BYTES).fill(0xff)),
});
export const grantKey = (height: number): Uint8Array => prefixed('grant', be32(height));
/** All keys of what was granted from a height on. */
export const grantSpan = (height: number): { readonly gte: Uint8Array; readonly lt: Uint8Array } => ({
  gte: grantKey(height),
  lt: Uint8Array.of(TABLE.grant + 1),
});
export const debtTimeKey = (): Uint8Array => prefixed('debtTime');
export const txidKey = (txid: Uint8Array): Uint8Array => prefixed('txid', txid);
export const historyKey = (level: number, index: number): Uint8Array => prefixed('history', Uint8Array.of(level), be32(index));
/** Of all keys the one most asked for: written in place. */
export const pageKey = (page: number): Uint8Array => {
  const key = new Uint8Array(9);
  key[0] = TABLE.page;
  const high = Math.floor(page / 2 ** 32);
  for (let i = 0; i < 4; i++) {
    key[1 + i] = high >>> (24 - 8 * i);
    key[5 + i] = page >>> (24 - 8 * i);
  }
  return key;
};
export const rootKey = (root: Uint8Array): Uint8Array => prefixed('root', root);
export const garbageKey = (height: number, sequence: number): Uint8Array => prefixed('garbage', be32(height), be64(sequence));

/** All keys of a table, or those below `until` (a key of the same table). */
export const wholeTable = (table: Table): { readonly gte: Uint8Array; readonly lt: Uint8Array } => ({
  gte: Uint8Array.of(TABLE[table]),
  lt: Uint8Array.of(TABLE[table] + 1),
});
