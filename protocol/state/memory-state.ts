import type { Block } from '../block/block.ts';
import { encodeHex } from '../codec/hex.ts';
import { LiabilityIndex } from '../debt/liability-index.ts';
import { invariant } from '../invariant.ts';
import type { Coin } from '../ledger/coin.ts';
import { SeatIndex } from '../records/seat-index.ts';
import type { StakeLeaf } from '../stake/stake-leaf.ts';
import { MemoryNodes } from '../trie/memory-nodes.ts';
import { type Outpoint, outpointKey } from '../tx/outpoint.ts';
import type { Genesis } from './genesis.ts';
import type { ChangeSet, StateView } from './view.ts';

/** A chain's state in memory, with undo: for tests, simulators and chains made ahead of time. */
export class MemoryState implements StateView {
  readonly coinNodes = new MemoryNodes();
  readonly recordNodes = new MemoryNodes();
  readonly stakeNodes = new MemoryNodes();
  readonly coins = new Map<string, Coin>();
  private readonly stakes = new Map<string, StakeLeaf>();
  private readonly dueSums = new Map<string, bigint>();
  private readonly liabilities = new LiabilityIndex();
  private readonly seats = new SeatIndex();
  private readonly changes: ChangeSet[] = [];
  private readonly blocks = new Map<string, Block>();

  constructor(genesis: Genesis) {
    this.connect(genesis.change, genesis.block);
  }

  private get last(): ChangeSet {
    const change = this.changes.at(-1);
    invariant(change !== undefined, 'a state has a genesis');
    return change;
  }

  get tip() {
    return this.last.header;
  }

  get tipHash() {
    return this.last.hash;
  }

  get roots() {
    return this.last.after.roots;
  }

  get historyPeaks() {
    return this.last.after.historyPeaks;
  }

  findCoin = (outpoint: Outpoint): Coin | undefined => this.coins.get(outpointKey(outpoint));

  findStake = (outpoint: Outpoint): StakeLeaf | undefined => this.stakes.get(outpointKey(outpoint));

  findSeat = (outpoint: Outpoint) => this.seats.find(outpoint);

  isOverdue: StateView['isOverdue'] = (holder, height, medianTime) => this.liabilities.isOverdue(holder, height, medianTime);

  duesOf: StateView['duesOf'] = (holder) => this.liabilities.duesOf(holder);

  private changeAt(height: number): ChangeSet {
    const change = this.changes[height];
    invariant(change !== undefined, 'a height below the tip is known');
    return change;
  }

  changeOf = (height: number): ChangeSet => this.changeAt(height);

  blockOf = (height: number): Block | undefined => this.blocks.get(encodeHex(this.changeAt(height).hash));

  rootsAt = (height: number) => this.changeAt(height).after.roots;

  headerAt = (height: number) => this.changeAt(height).header;

  dueAtHeight = (height: number): bigint => this.dueSums.get(`height:${height}`) ?? 0n;

  dueBetween = (after: number, upTo: number): bigint => {
    let total = 0n;
    for (const [key, amount] of this.dueSums) {
      const [kind, due] = key.split(':');
      if (kind === 'time' && Number(due) > after && Number(due) <= upTo) total += amount;
    }
    return total;
  };

  private addDue(change: ChangeSet, sign: bigint): void {
    for (const { kind, due, delta } of change.due) {
      const key = `${kind}:${due}`;
      this.dueSums.set(key, (this.dueSums.get(key) ?? 0n) + sign * delta);
    }
  }

  private setStake(outpoint: Outpoint, leaf: StakeLeaf | undefined): void {
    if (leaf === undefined) this.stakes.delete(outpointKey(outpoint));
    else this.stakes.set(outpointKey(outpoint), leaf);
  }

  connect(change: ChangeSet, block: Block): void {
    this.coinNodes.apply(change.tries.coins);
    this.recordNodes.apply(change.tries.records);
    this.stakeNodes.apply(change.tries.stakes);
    for (const coin of change.createdCoins) this.coins.set(outpointKey(coin.outpoint), coin);
    for (const coin of change.spentCoins) this.coins.delete(outpointKey(coin.outpoint));
    for (const { outpoint, after } of change.stakes) this.setStake(outpoint, after);
    this.addDue(change, 1n);
    this.liabilities.apply(change.liabilities, 1n);
    this.seats.connect(change.records);
    this.changes.push(change);
    this.blocks.set(encodeHex(change.hash), block);
  }

  /** Takes the tip back. @source SPEC CN8 */
  disconnect(): ChangeSet {
    invariant(this.changes.length > 1, 'genesis is never taken back');
    const change = this.changes.pop() as ChangeSet;
    for (const coin of change.createdCoins) this.coins.delete(outpointKey(coin.outpoint));
    for (const coin of change.spentCoins) this.coins.set(outpointKey(coin.outpoint), coin);
    for (const { outpoint, before } of change.stakes) this.setStake(outpoint, before);
    this.addDue(change, -1n);
    this.liabilities.apply(change.liabilities, -1n);
    this.seats.disconnect(change.records);
    return change;
  }

  get allStakes(): readonly StakeLeaf[] {
    return [...this.stakes.values()];
  }
}
