/** Counts by name; names come from our own code and from fault codes, never from a peer. */
export class Tally {
  private readonly counts = new Map<string, number>();

  add(name: string, amount = 1): void {
    this.counts.set(name, (this.counts.get(name) ?? 0) + amount);
  }

  read(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.counts);
  }
}
