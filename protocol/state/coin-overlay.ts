import type { Coin } from '../ledger/coin.ts';
import type { FindCoin } from '../ledger/resolve.ts';
import { type Outpoint, packOutpoint } from '../tx/outpoint.ts';

/** Coins as a block under way leaves them, over the state before it. */
export class CoinOverlay {
  private readonly base: FindCoin;
  private readonly made = new Map<string, Coin>();
  private readonly gone = new Map<string, Coin | undefined>();

  constructor(base: FindCoin) {
    this.base = base;
  }

  find = (outpoint: Outpoint): Coin | undefined => {
    const key = packOutpoint(outpoint);
    if (this.gone.has(key)) return undefined;
    return this.made.get(key) ?? this.base(outpoint);
  };

  /** Answers false when the coin exists already. */
  create(coin: Coin): boolean {
    const key = packOutpoint(coin.outpoint);
    if (this.made.has(key) || this.gone.has(key)) return false;
    this.made.set(key, coin);
    return true;
  }

  spend(coin: Coin): void {
    const key = packOutpoint(coin.outpoint);
    this.gone.set(key, this.made.has(key) ? undefined : coin);
    this.made.delete(key);
  }

  /** Made by the block and still there. */
  get created(): Coin[] {
    return [...this.made.values()];
  }

  /** There before the block and consumed by it. */
  get spent(): Coin[] {
    return [...this.gone.values()].filter((coin) => coin !== undefined);
  }
}
