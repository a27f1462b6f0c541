import type { Grant } from '../chain/grants-of.ts';

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
