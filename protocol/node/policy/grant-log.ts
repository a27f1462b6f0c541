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

export const sumOf = (grants: readonly Grant[]): bigint => grants.reduce((sum, { amount }) => sum + amount, 0n);

/** Credit that the best chain let in within the last `period` blocks, which bounds it. @source SPEC MP2, MP8 */
export class GrantLog {
  private readonly blocks: { readonly height: number; readonly grants: readonly Grant[] }[] = [];
  private readonly period: number;

  constructor(period: number) {
    this.period = period;
  }

  connect(height: number, grants: readonly Grant[]): void {
    if (grants.length > 0) this.blocks.push({ height, grants });
  }

  disconnect(height: number): void {
    while ((this.blocks.at(-1)?.height ?? -1) >= height) this.blocks.pop();
  }

  /** Forgets what no reorganisation can make part of a period again. */
  prune(below: number): void {
    while ((this.blocks[0]?.height ?? below) < below) this.blocks.shift();
  }

  /** @shape next: height of the block to come, the last of the period */
  within(next: number): readonly Grant[] {
    return this.blocks.filter(({ height }) => height > next - this.period && height < next).flatMap(({ grants }) => grants);
  }
}
