import { encodeHex } from '#protocol/codec/hex';
import type { StakeLimits } from '#protocol/script/forms/stake';
import { computeOwnerTag } from '#protocol/script/owner-tag';
import type { Transaction } from '#protocol/tx/transaction';
import { CREDIT_AUTHORISATION } from '#protocol/tx/transaction-type';

/** Credit that one output lets in. @shape tag: 20 bytes in hexadecimal @unit amount: base units */
export interface Grant {
  readonly tag: string;
  readonly amount: bigint;
}

/** What a transaction grants, and to whom; nothing where it authorises none. */
export const grantsOf = ({ type, layer, outputs }: Transaction, limits: StakeLimits): readonly Grant[] =>
  type !== CREDIT_AUTHORISATION
    ? []
    : outputs
        .filter(({ element }) => element === 'credit')
        .map((output) => ({ tag: encodeHex(computeOwnerTag({ ...output, layer }, limits)), amount: output.amount }));
