/** @unit perSecond and burst: of the kind's own unit */
export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

export type CostKind =
  | 'bytes'
  | 'nodes'
  | 'headers'
  | 'filters'
  | 'blocks'
  | 'transactions'
  | 'headerChecks'
  | 'posts'
  | 'postBytes'
  | 'relayedPosts';
export type Cost = Partial<Record<CostKind, number>>;
export type Rates = Readonly<Record<CostKind, Rate>>;

/**
 * What one peer may cost a node of a network with a block a minute.
 *
 * @source SPEC NW5, MB4; spec 08, cost model
 */
export const PEER_RATES: Rates = {
  bytes: { perSecond: 128 * 1024, burst: 2 * 1024 * 1024 },
  nodes: { perSecond: 5_000, burst: 50_000 },
  headers: { perSecond: 256, burst: 2_048 },
  filters: { perSecond: 500, burst: 5_000 },
  blocks: { perSecond: 2, burst: 16 },
  transactions: { perSecond: 2, burst: 50 },
  headerChecks: { perSecond: 64, burst: 512 },
  posts: { perSecond: 1, burst: 100 },
  postBytes: { perSecond: 4 * 1024, burst: 4 * 1024 * 1024 },
  relayedPosts: { perSecond: 64, burst: 512 },
};

/** seconds between blocks for which `PEER_RATES` is meant */
const RATED_SPACING = 64;

const faster = (rate: Rate, factor: number): Rate => ({ perSecond: rate.perSecond * factor, burst: rate.burst });

/** What is counted by blocks grows with their frequency: a peer that is behind catches up as fast on every network. */
export const ratesFor = (targetSpacing: number): Rates => {
  const factor = Math.max(1, RATED_SPACING / targetSpacing);
  return {
    ...PEER_RATES,
    headers: faster(PEER_RATES.headers, factor),
    filters: faster(PEER_RATES.filters, factor),
    blocks: faster(PEER_RATES.blocks, factor),
  };
};

/** A bucket may go into debt by one request; who is in debt waits. */
class TokenBucket {
  private readonly rate: Rate;
  private level: number;
  private at: number;

  constructor(rate: Rate, now: number) {
    this.rate = rate;
    this.level = rate.burst;
    this.at = now;
  }

  private refill(now: number): void {
    if (now > this.at) this.level = Math.min(this.rate.burst, this.level + (now - this.at) * this.rate.perSecond);
    this.at = now;
  }

  /** seconds until the debt is paid */
  wait(now: number): number {
    this.refill(now);
    return this.level >= 0 ? 0 : -this.level / this.rate.perSecond;
  }

  take(amount: number, now: number): void {
    this.refill(now);
    this.level -= amount;
  }
}

/** The buckets of one peer, or of all peers of one address group. */
export class Budget {
  private readonly rates: Rates;
  private readonly buckets = new Map<CostKind, TokenBucket>();

  constructor(rates: Rates, factor = 1) {
    this.rates =
      factor === 1
        ? rates
        : (Object.fromEntries(
            Object.entries(rates).map(([kind, rate]) => [kind, { perSecond: rate.perSecond * factor, burst: rate.burst * factor }]),
          ) as unknown as Rates);
  }

  private bucket(kind: CostKind, now: number): TokenBucket {
    const known = this.buckets.get(kind);
    if (known !== undefined) return known;
    const made = new TokenBucket(this.rates[kind], now);
    this.buckets.set(kind, made);
    return made;
  }

  /** seconds until nothing of this cost is in debt */
  wait(cost: Cost, now: number): number {
    let longest = 0;
    for (const kind of Object.keys(cost) as CostKind[]) longest = Math.max(longest, this.bucket(kind, now).wait(now));
    return longest;
  }

  charge(cost: Cost, now: number): void {
    for (const [kind, amount] of Object.entries(cost) as [CostKind, number][]) this.bucket(kind, now).take(amount, now);
  }

  /** Charges only if nothing of this cost is in debt. */
  tryCharge(cost: Cost, now: number): boolean {
    if (this.wait(cost, now) > 0) return false;
    this.charge(cost, now);
    return true;
  }
}
