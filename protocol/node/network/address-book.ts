import { MAX_ADDRESS_CHARACTERS } from '../../wire/limits.ts';
import { addressGroup } from './address-group.ts';
import { MAX_ADDRESSES, MAX_GROUP_ADDRESSES } from './limits.ts';

interface Entry {
  readonly address: string;
  readonly group: string | undefined;
  /** configured by the operator: never forgotten */
  readonly fixed: boolean;
  failures: number;
  /** unix seconds */
  retryAt: number;
  reached: boolean;
}

const DIALLABLE = /^\/(ip4|ip6|dns|dns4|dns6)\/[0-9a-zA-Z.:-]+\/tcp\/\d{1,5}(\/wss?)?\/p2p\/[0-9a-zA-Z]{40,60}$/;
const FIXED = /^\/(ip4|ip6|dns|dns4|dns6)\/[0-9a-zA-Z.:-]+\/tcp\/\d{1,5}(\/wss?)?(\/p2p\/[0-9a-zA-Z]{40,60})?$/;

/** @unit seconds */
const LONGEST_RETRY = 60;
const FORGET_AFTER = 8;

/** Addresses of nodes: at most so many, and of one address group at most so many. @source SPEC NW7; attack P6 */
export class AddressBook {
  private readonly entries = new Map<string, Entry>();

  constructor(fixed: readonly string[]) {
    for (const address of fixed) if (FIXED.test(address)) this.insert(address, true);
  }

  get size(): number {
    return this.entries.size;
  }

  private insert(address: string, fixed: boolean): void {
    this.entries.set(address, { address, group: addressGroup(address), fixed, failures: 0, retryAt: 0, reached: false });
  }

  /** Keeps an address that a peer told, where it has the right form and there is room. */
  learn(address: string): boolean {
    if (this.entries.has(address) || address.length > MAX_ADDRESS_CHARACTERS || !DIALLABLE.test(address)) return false;
    if (this.entries.size >= MAX_ADDRESSES) return false;
    const group = addressGroup(address);
    let same = 0;
    for (const entry of this.entries.values()) if (entry.group === group) same++;
    if (same >= MAX_GROUP_ADDRESSES) return false;
    this.insert(address, false);
    return true;
  }

  /** Addresses due for a try whose group is not among those in use: the operator's and those reached before come first. */
  candidates(now: number, groupsInUse: ReadonlySet<string>): readonly string[] {
    const rank = ({ fixed, reached, failures }: Entry): number => failures - (reached ? 4 : 0) - (fixed ? 2 : 0);
    return [...this.entries.values()]
      .filter(({ retryAt, group }) => retryAt <= now && (group === undefined || !groupsInUse.has(group)))
      .sort((a, b) => rank(a) - rank(b))
      .map(({ address }) => address);
  }

  succeeded(address: string): void {
    const entry = this.entries.get(address);
    if (entry === undefined) return;
    entry.failures = 0;
    entry.reached = true;
  }

  failed(address: string, now: number): void {
    const entry = this.entries.get(address);
    if (entry === undefined) return;
    entry.failures++;
    entry.retryAt = now + Math.min(LONGEST_RETRY, 2 ** (entry.failures - 1));
    if (!entry.fixed && entry.failures >= FORGET_AFTER) this.entries.delete(address);
  }

  /** Addresses that were learned, those reached first. */
  learned(): readonly { readonly address: string; readonly reached: boolean }[] {
    return [...this.entries.values()]
      .filter(({ fixed }) => !fixed)
      .sort((a, b) => Number(b.reached) - Number(a.reached))
      .map(({ address, reached }) => ({ address, reached }));
  }

  forget(address: string): void {
    if (this.entries.get(address)?.fixed !== true) this.entries.delete(address);
  }

  reached(limit: number): readonly string[] {
    return [...this.entries.values()]
      .filter(({ reached, address }) => reached && DIALLABLE.test(address))
      .slice(0, limit)
      .map(({ address }) => address);
  }
}
