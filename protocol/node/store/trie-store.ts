import { equalBytes } from '#protocol/codec/bytes';
import type { Hash32 } from '#protocol/codec/hash32';
import { encodeField } from '#protocol/codec/schema';
import type { ChangeSet, TrieRoots } from '#protocol/state/view';
import type { Database, WriteOp } from './database.ts';
import { garbageKey, pageKey, rootKey, wholeTable } from './keys.ts';
import type { Page } from './page.ts';
import { PAGES_OF_CHANGE, PageWriter } from './page-writer.ts';
import { garbageField, own, pageNumber } from './records.ts';
import { TrieReader } from './trie-reader.ts';

/** Blocks whose garbage one pruning looks at: bounds its time and memory. */
const PRUNE_BATCH = 16;

/** Blocks that stay provable beyond the window, for whoever is in the middle of a proof. */
const GRACE = 2;

const TRIES = ['coins', 'records', 'stakes'] as const;

export interface Retention {
  /** blocks below the tip whose state can be proved */
  readonly window: number;
  /** the stakes trie after every multiple of this height is kept for ever */
  readonly stakeEpoch: number;
}

/** A block that is taken back. @shape connected, pages: its change's number, and how many pages it made */
export interface TakenBack {
  readonly height: number;
  readonly connected: number;
  readonly pages: number;
  readonly before: TrieRoots;
  readonly after: TrieRoots;
}

/**
 * The tries in pages that are written once. What a block removes is garbage once the block leaves the proof window, but
 * for pages of the stakes that an epoch boundary needs.
 *
 * @source SPEC ND4
 */
export class TrieStore {
  readonly reader: TrieReader;
  private readonly database: Database;
  private readonly retention: Retention;

  constructor(database: Database, retention: Retention) {
    this.database = database;
    this.retention = retention;
    this.reader = new TrieReader(database);
  }

  /** Adds the writes to the batch; answers how many pages there are. @shape number: of the change, never used before */
  connect(ops: WriteOp[], { header: { height }, before, after, tries }: ChangeSet, number: number): number {
    const writer = new PageWriter(number, height);
    const garbage = { pages: [] as number[], roots: [] as { root: Hash32; page: number }[] };
    for (const trie of TRIES) {
      const stays = (page: Page): boolean => trie === 'stakes' && this.spansEpoch(page.born, height);
      const { root, removed } = writer.write(tries[trie]);
      for (const page of removed) if (!stays(page)) garbage.pages.push(page.number);
      if (equalBytes(before.roots[trie], after.roots[trie])) continue;
      const old = this.reader.findRoot(before.roots[trie]);
      if (old !== undefined && !stays(old)) garbage.roots.push({ root: before.roots[trie], page: old.number });
      if (root !== undefined) ops.push({ type: 'put', key: rootKey(after.roots[trie]), value: encodeField(pageNumber, root) });
    }
    for (const page of writer.pages) {
      ops.push({ type: 'put', key: pageKey(page.number), value: page.bytes });
      this.reader.remember(page);
    }
    ops.push({ type: 'put', key: garbageKey(height, number), value: encodeField(garbageField, garbage) });
    return writer.pages.length;
  }

  /** The block's own pages become garbage of its height; what it had removed is part of the state again. */
  disconnect(ops: WriteOp[], { height, connected, pages, before, after }: TakenBack, number: number): void {
    const roots = TRIES.flatMap((trie) => {
      const page = equalBytes(before[trie], after[trie]) ? undefined : this.reader.findRoot(after[trie]);
      return page === undefined ? [] : [{ root: after[trie], page: page.number }];
    });
    const own = Array.from({ length: pages }, (_, i) => connected * PAGES_OF_CHANGE + i);
    ops.push({ type: 'del', key: garbageKey(height, connected) });
    ops.push({ type: 'put', key: garbageKey(height, number), value: encodeField(garbageField, { pages: own, roots }) });
  }

  /** Forgets pages that no block of the proof window below `tip` needs; answers how many were forgotten. */
  async prune(tip: number): Promise<number> {
    const end = tip - this.retention.window - GRACE;
    if (end < 0) return 0;
    const ops: WriteOp[] = [];
    let forgotten = 0;
    const span = { gte: wholeTable('garbage').gte, lt: garbageKey(end + 1, 0), limit: PRUNE_BATCH };
    for await (const [key, value] of this.database.entries(span)) {
      const { pages, roots } = own(garbageField, value);
      for (const page of pages) ops.push({ type: 'del', key: pageKey(page) });
      for (const { root, page } of roots) if (this.reader.findRoot(root)?.number === page) ops.push({ type: 'del', key: rootKey(root) });
      ops.push({ type: 'del', key });
      forgotten += pages.length;
    }
    if (ops.length > 0) await this.database.write(ops);
    return forgotten;
  }

  private spansEpoch(born: number, removedAt: number): boolean {
    return Math.floor((removedAt - 1) / this.retention.stakeEpoch) * this.retention.stakeEpoch >= born;
  }
}
