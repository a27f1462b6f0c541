import { equalBytes } from '#protocol/codec/bytes';
import type { Hash32 } from '#protocol/codec/hash32';
import { Failure } from '#protocol/failure';
import { invariant } from '#protocol/invariant';
import { bitAt } from '#protocol/trie/bits';
import { LEFT, type NodeReader, RIGHT, type Side, type TrieBranch, type TrieNode } from '#protocol/trie/node';
import type { Database } from './database.ts';
import { pageKey, rootKey } from './keys.ts';
import { Page, PageBranch, type PageNode } from './page.ts';
import { RecentCache } from './recent-cache.ts';
import { own, pageNumber } from './records.ts';

/** Pages kept in memory: about 2 KB each with the nodes read in them. */
const PAGE_CACHE = 40_000;

/** Reads handed to the thread pool together. */
const READ_AT_ONCE = 4_096;

/** A page and the keys, by their places, that lead into it. */
interface Visit {
  readonly page: number;
  readonly from: number;
  readonly to: number;
}

/** Tries of the store by their roots: needs nothing but the database, whoever else has it open. @source SPEC ND4 */
export class TrieReader implements NodeReader {
  private readonly database: Database;
  private readonly cache: RecentCache<Page, number>;

  constructor(database: Database, pagesKept = PAGE_CACHE) {
    this.database = database;
    this.cache = new RecentCache(pagesKept);
  }

  /** undefined: no such trie, or not any more */
  findRoot(root: Uint8Array): Page | undefined {
    const bytes = this.database.get(rootKey(root));
    return bytes && this.page(own(pageNumber, bytes));
  }

  readonly readRoot = (root: Hash32): TrieNode => {
    const page = this.findRoot(root);
    if (page === undefined) throw new Failure('store-damaged');
    return page.top;
  };

  readonly readChild = (branch: TrieBranch, side: Side): TrieNode => {
    invariant(branch instanceof PageBranch, 'a branch whose child is read is of a page');
    return branch.isInside(side) ? branch.childInside(side) : this.page(branch.pageOf(side)).top;
  };

  remember(page: Page): void {
    this.cache.set(page.number, page);
  }

  private page(number: number): Page {
    const cached = this.cache.get(number);
    if (cached !== undefined) return cached;
    const bytes = this.database.get(pageKey(number));
    if (bytes === undefined) throw new Failure('store-damaged');
    const page = new Page(number, bytes);
    this.cache.set(number, page);
    return page;
  }

  /**
   * Reads the pages on the way to these keys away from this thread, so that what follows finds them in memory.
   *
   * @shape keys: ascending
   */
  async warm(root: Hash32, keys: readonly Uint8Array[]): Promise<void> {
    const top = this.findRoot(root);
    let visits: readonly Visit[] = top === undefined || keys.length === 0 ? [] : [{ page: top.number, from: 0, to: keys.length }];
    while (visits.length > 0) {
      const pages = await this.readAll(visits.map(({ page }) => page));
      const descent = new Descent(keys);
      visits.forEach(({ from, to }, i) => {
        const page = pages[i];
        if (page !== undefined) descent.follow(page.top, from, to);
      });
      visits = descent.leaving;
    }
  }

  private async readAll(numbers: readonly number[]): Promise<(Page | undefined)[]> {
    const pages = numbers.map((number) => this.cache.get(number));
    const missing = [...pages.keys()].filter((i) => pages[i] === undefined);
    for (let from = 0; from < missing.length; from += READ_AT_ONCE) {
      const part = missing.slice(from, from + READ_AT_ONCE);
      const values = await this.database.getMany(part.map((i) => pageKey(numbers[i] as number)));
      part.forEach((i, at) => {
        const bytes = values[at];
        if (bytes === undefined) return;
        const page = new Page(numbers[i] as number, bytes);
        this.cache.set(page.number, page);
        pages[i] = page;
      });
    }
    return pages;
  }
}

/** Follows keys down to where they leave a page. @shape keys: ascending */
class Descent {
  private readonly keys: readonly Uint8Array[];
  readonly leaving: Visit[] = [];

  constructor(keys: readonly Uint8Array[]) {
    this.keys = keys;
  }

  follow(node: PageNode, from: number, to: number): void {
    if (node.kind === 'leaf') return;
    let split = from;
    while (split < to && bitAt(this.keys[split] as Uint8Array, node.bit) === 0) split++;
    if (from < split) this.take(node, LEFT, { from, to: split });
    if (split < to) this.take(node, RIGHT, { from: split, to });
  }

  private take(branch: PageBranch, side: Side, { from, to }: Pick<Visit, 'from' | 'to'>): void {
    if (!branch.isInside(side)) this.leaving.push({ page: branch.pageOf(side), from, to });
    else {
      const child = branch.childInside(side);
      this.follow(child, from, to);
      const other = side === LEFT ? RIGHT : LEFT;
      if (child.kind === 'leaf' && this.isAsked(child.key, from) && !branch.isInside(other))
        this.leaving.push({ page: branch.pageOf(other), from, to: from });
    }
  }

  /** A leaf that is there is asked for to be removed: what stands beside it then takes its parent's place. */
  private isAsked(leaf: Uint8Array, at: number): boolean {
    return equalBytes(leaf, this.keys[at] as Uint8Array);
  }
}
