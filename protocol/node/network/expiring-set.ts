/** Names with a time until which they are in; never more than `limit`, the one added first goes first. */
export class ExpiringSet {
  private readonly until = new Map<string, number>();
  private readonly limit: number;

  constructor(limit: number) {
    this.limit = limit;
  }

  get size(): number {
    return this.until.size;
  }

  add(name: string, until: number): void {
    this.until.delete(name);
    this.until.set(name, until);
    if (this.until.size > this.limit) {
      const [oldest] = this.until.keys();
      if (oldest !== undefined) this.until.delete(oldest);
    }
  }

  has(name: string, now: number): boolean {
    const until = this.until.get(name);
    if (until === undefined) return false;
    if (until > now) return true;
    this.until.delete(name);
    return false;
  }

  /** Those still in. */
  entries(now: number): readonly (readonly [string, number])[] {
    return [...this.until].filter(([, until]) => until > now);
  }
}
