import { encodeHex } from '#protocol/codec/hex';
import {
  bytes,
  decodeField,
  type Field,
  type FieldValue,
  hash,
  list,
  oneOf,
  optional,
  struct,
  u8,
  u16,
  u32,
  u64,
  varBytes,
} from '#protocol/codec/schema';
import type { LiabilityChange } from '#protocol/debt/liabilities';
import { Failure } from '#protocol/failure';
import { isFault } from '#protocol/fault';
import type { Coin } from '#protocol/ledger/coin';
import type { DueChange, StakeLeaf } from '#protocol/state/view';
import { ELEMENTS } from '#protocol/tx/element';
import type { Layer } from '#protocol/tx/layer';
import type { Outpoint } from '#protocol/tx/outpoint';
import type { TransactionType } from '#protocol/tx/transaction-type';
import type { Grant } from '../chain/grants-of.ts';
import { HOLDER_BYTES, readHolder, writeHolder } from './liability-store.ts';

/** Bound of every list in one block's records: none is longer than a block has bytes. */
const MANY = 8_000_000;
const SCRIPT = 10_000;
const TAG_BYTES = 20;

export const outpointField: Field<Outpoint> = struct({ txid: hash, index: u32 });

/** Reads a record of the store's own. Failure `store-damaged`: it is not what was written. */
export const own = <T>(field: Field<T>, record: Uint8Array): T => {
  const value = decodeField(field, record);
  if (isFault(value)) throw new Failure('store-damaged');
  return value as T;
};

/** The store's own form of a coin: found by outpoint, not hashed, not sent. */
export const coinField: Field<Coin> = struct({
  outpoint: outpointField,
  element: oneOf(ELEMENTS),
  amount: u64,
  script: varBytes(SCRIPT),
  layer: u8 as Field<Layer>,
  type: u8 as Field<TransactionType>,
  height: u32,
  medianTime: u32,
});

export const stakeField: Field<StakeLeaf> = struct({
  outpoint: outpointField,
  amount: u64,
  key: bytes(32),
  share: u16,
  ownerScript: varBytes(SCRIPT),
  eligibleFrom: u32,
  registeredTime: u32,
  creditFrom: u32,
});

export const rootsField = struct({ coins: hash, records: hash, stakes: hash });

const SIGNS = ['plus', 'minus'] as const;

const dueField: Field<DueChange> = {
  read: (reader) => {
    const kind = oneOf(['height', 'time']).read(reader);
    const due = reader.u32();
    const sign = oneOf(SIGNS).read(reader);
    const amount = reader.u64();
    return { kind, due, delta: sign === 'plus' ? amount : -amount };
  },
  write: (writer, change) => {
    writer.u8(change.kind === 'height' ? 0 : 1).u32(change.due);
    writer.u8(change.delta < 0n ? 1 : 0).u64(change.delta < 0n ? -change.delta : change.delta);
  },
  least: 14,
};

const liabilityField: Field<LiabilityChange> = {
  read: (reader) => {
    const holder = readHolder(reader.take(HOLDER_BYTES));
    return { holder, ...dueField.read(reader) };
  },
  write: (writer, change) => {
    writer.bytes(writeHolder(change.holder));
    dueField.write(writer, change);
  },
  least: HOLDER_BYTES + 14,
};

/** What takes a block back: everything of its change set that its header and body do not say. */
export const undoField = struct({
  /** the change that connected the block, and how many pages of tries it made */
  sequence: u64,
  pages: u32,
  created: list(MANY, outpointField),
  spent: list(MANY, coinField),
  stakes: list(MANY, struct({ outpoint: outpointField, before: optional(stakeField) })),
  due: list(MANY, dueField),
  liabilities: list(MANY, liabilityField),
  seatsMade: list(MANY, outpointField),
  seatsGone: list(MANY, struct({ outpoint: outpointField, record: hash })),
});
export type Undo = FieldValue<typeof undoField>;

/** @shape below 2^53 */
export const pageNumber: Field<number> = {
  read: (reader) => Number(reader.u64()),
  write: (writer, value) => writer.u64(BigInt(value)),
  least: 8,
};

/** What a block made superfluous: pages, and where roots are found. */
export const garbageField = struct({
  pages: list(MANY, pageNumber),
  roots: list(MANY, struct({ root: hash, page: pageNumber })),
});

/** Credit that one block granted, by the owner tags of its outputs. */
export const grantsField: Field<readonly Grant[]> = list(MANY, {
  read: (reader) => ({ tag: encodeHex(reader.take(TAG_BYTES)), amount: reader.u64() }),
  write: (writer, { tag, amount }) => writer.bytes(Buffer.from(tag, 'hex')).u64(amount),
  least: TAG_BYTES + 8,
} satisfies Field<Grant>);

/** @shape below 2^128 */
export const debtTimeField: Field<bigint> = { read: (reader) => reader.u128(), write: (writer, value) => writer.u128(value), least: 16 };

/** The one record that says where the store stands; written in the same batch as what it speaks of. */
export const metaField = struct({ format: u8, genesis: hash, tip: hash, sequence: u64, coins: u64 });
export type Meta = FieldValue<typeof metaField>;

export const STORE_FORMAT = 3;

export const placeField = struct({ height: u32, index: u32 });
