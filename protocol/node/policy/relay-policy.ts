/** What this node relays and pools: its own choice, never a rule of the network. Values as in Bitcoin Core unless said. */
export interface RelayPolicy {
  /** base units per 1,000 virtual bytes */
  readonly minFeeRate: bigint;
  /** base units per 1,000 virtual bytes that a replacement pays on top of what it replaces */
  readonly incrementalFeeRate: bigint;
  /** memory the pool may take, by its own estimate */
  readonly maxPoolBytes: number;
  readonly maxAncestors: number;
  /** virtual bytes */
  readonly maxAncestorSize: number;
  readonly maxDescendants: number;
  /** virtual bytes */
  readonly maxDescendantSize: number;
  readonly maxReplaced: number;
  readonly maxReferencesPerCoin: number;
  /** seconds */
  readonly expiry: number;
}

/** @source SPEC ND20, ND21, ND22, ND23, ND24 */
export const RELAY_POLICY: RelayPolicy = {
  minFeeRate: 1_000n,
  incrementalFeeRate: 1_000n,
  maxPoolBytes: 100 * 1024 * 1024,
  maxAncestors: 25,
  maxAncestorSize: 101_000,
  maxDescendants: 25,
  maxDescendantSize: 101_000,
  maxReplaced: 100,
  maxReferencesPerCoin: 25,
  expiry: 336 * 3600,
};

/** Fee that `size` virtual bytes cost at `rate` per 1,000, rounded up. */
export const feeAt = (rate: bigint, size: number): bigint => (rate * BigInt(size) + 999n) / 1000n;
