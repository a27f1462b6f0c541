import { concatBytes } from '../codec/bytes.ts';
import { hash160 } from '../crypto/hash.ts';
import { buildPayToKeyHash } from '../script/forms/pay-to-key.ts';
import type { TransactionOutput } from '../tx/transaction.ts';

const FULL_SHARE = 10_000n;

/** Who made a block, as the stakes trie names him. @unit share: basis points to the operator */
export interface Maker {
  readonly key: Uint8Array;
  readonly share: number;
  readonly ownerScript: Uint8Array;
}

/** @unit base units */
export interface RewardShares {
  /** to the maker of the next block, for its references */
  readonly reference: bigint;
  /** to the maker of the accepted version */
  readonly accepted: bigint;
  /** to the maker of each other version */
  readonly each: bigint;
}

/** Shares out the fees of a block of which `versions` versions are referenced, itself included. @shape versions: 1 to 10 @source SPEC RW1 */
export const computeRewardShares = (fees: bigint, versions: number): RewardShares => {
  const m = BigInt(versions);
  const half = fees / 2n;
  const reference = (2n * m * fees) / 100n;
  const each = (fees - half - reference) / m;
  return { reference, each, accepted: fees - reference - (m - 1n) * each };
};

/** Operator's script first, then the owner's; zero amounts are left out. @source SPEC RW2 */
export const payMaker = (amount: bigint, { key, share, ownerScript }: Maker): TransactionOutput[] => {
  const operator = (amount * BigInt(share)) / FULL_SHARE;
  const operatorScript = buildPayToKeyHash(hash160(concatBytes(Uint8Array.of(2), key)));
  const outputs: TransactionOutput[] = [
    { element: 'value', amount: operator, script: operatorScript },
    { element: 'value', amount: amount - operator, script: ownerScript },
  ];
  return outputs.filter((output) => output.amount > 0n);
};
