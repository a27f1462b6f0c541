import type { Brand } from '#protocol/brand';
import type { Hash32 } from '#protocol/codec/hash32';
import type { HeldCoin } from '../coins/coin-ledger.ts';

/** Complete lists of the coins of some owners after one verified block. */
export type ProvenCoins = Brand<
  {
    readonly hash: Hash32;
    readonly height: number;
    readonly owners: ReadonlyMap<string, readonly HeldCoin[]>;
  },
  'ProvenCoins'
>;
