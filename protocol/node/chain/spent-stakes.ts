import { type Fault, fault } from '#protocol/fault';
import type { StakeChange } from '#protocol/state/view';
import { type Outpoint, outpointKey } from '#protocol/tx/outpoint';

/**
 * Stakes withdrawn in the blocks a reorganisation may undo, so that a header on a withdrawn stake is refused before its
 * body is asked for, and one on a stake that was withdrawn later is not.
 *
 * @source SPEC ND12; attacks S3, S4
 */
export class SpentStakes {
  private readonly heights = new Map<string, number>();

  connect(height: number, changes: readonly Pick<StakeChange, 'outpoint' | 'after'>[]): void {
    for (const { outpoint, after } of changes) if (after === undefined) this.heights.set(outpointKey(outpoint), height);
  }

  disconnect(height: number): void {
    for (const [key, spent] of this.heights) if (spent === height) this.heights.delete(key);
  }

  forgetBelow(height: number): void {
    for (const [key, spent] of this.heights) if (spent < height) this.heights.delete(key);
  }

  /** `registered`: whether the tip's state has the stake; `fork`: height of the last common block. */
  check(outpoint: Outpoint, registered: boolean, fork: number): true | Fault<'stake-spent'> {
    if (registered) return true;
    const spent = this.heights.get(outpointKey(outpoint));
    return spent !== undefined && spent > fork ? true : fault('stake-spent', { fork });
  }
}
