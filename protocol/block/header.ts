import type { Hash32 } from '../codec/hash32.ts';
import type { Outpoint } from '../tx/outpoint.ts';

/** @unit base units after the block; fees: of this block, paid by the next coinbase */
export interface Economy {
  readonly value: bigint;
  readonly locked: bigint;
  readonly credit: bigint;
  readonly debt: bigint;
  readonly overdue: bigint;
  readonly fees: bigint;
}

/** The right to make a block that comes from a registered stake. @unit amount: base units */
export interface StakeRight {
  readonly kind: 'stake';
  readonly outpoint: Outpoint;
  readonly amount: bigint;
  /** x-only staker key, 32 bytes */
  readonly key: Uint8Array;
}

/** The right to make a block that comes from value burnt on Bitcoin. @unit satoshi */
export interface BurnRight {
  readonly kind: 'burn';
  readonly proofHash: Hash32;
  readonly satoshi: bigint;
  readonly key: Uint8Array;
}

/** Genesis: made by nobody. */
export interface NoRight {
  readonly kind: 'none';
}

/** A decoded header: a claim. Its proof field says what right made the block. */
export interface Header {
  readonly version: 1;
  readonly height: number;
  readonly previous: Hash32;
  readonly time: number;
  readonly bits: number;
  readonly bitcoin: Hash32;
  readonly config: Hash32;
  readonly txRoot: Hash32;
  readonly witnessRoot: Hash32;
  readonly stateRoot: Hash32;
  readonly historyRoot: Hash32;
  readonly filterHash: Hash32;
  readonly versionsRoot: Hash32;
  readonly economy: Economy;
  readonly weight: bigint;
  readonly right: StakeRight | BurnRight | NoRight;
  readonly signature: Uint8Array;
}

/** Every header has exactly this length. */
export const HEADER_BYTES = 512;
