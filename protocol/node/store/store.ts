import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { compareBytes, EMPTY_BYTES } from '#protocol/codec/bytes';
import { asHash32, type Hash32 } from '#protocol/codec/hash32';
import { encodeField } from '#protocol/codec/schema';
import type { LiabilityIndex } from '#protocol/debt/liability-index';
import { Failure } from '#protocol/failure';
import { invariant } from '#protocol/invariant';
import type { Coin } from '#protocol/ledger/coin';
import { appendPeak } from '#protocol/merkle/peaks';
import { hashLeaf, type SubtreeReader } from '#protocol/merkle/tree';
import { computeRecordKey, type RecordEntry } from '#protocol/records/record-leaf';
import type { ChangeSet, StakeLeaf, TrieRoots } from '#protocol/state/view';
import type { NodeReader } from '#protocol/trie/node';
import { type Outpoint, packOutpoint } from '#protocol/tx/outpoint';
import type { Transaction } from '#protocol/tx/transaction';
import type { Grant } from '../chain/grants-of.ts';
import { type Database, openDatabase, type WriteOp } from './database.ts';
import { DebtIndex } from './debt-index.ts';
import { DueIndex } from './due-index.ts';
import {
  bodyKey,
  branchKey,
  coinKey,
  filterKey,
  grantKey,
  grantSpan,
  headerKey,
  heightKey,
  historyKey,
  metaKey,
  readBe32,
  rootsKey,
  seatKey,
  stakeKey,
  txidKey,
  undoKey,
  wholeTable,
} from './keys.ts';
import { LiabilityStore } from './liability-store.ts';
import {
  coinField,
  grantsField,
  type Meta,
  metaField,
  own,
  placeField,
  rootsField,
  STORE_FORMAT,
  stakeField,
  type Undo,
  undoField,
} from './records.ts';
import { type Retention, TrieStore } from './trie-store.ts';

export interface StoreOptions extends Retention {
  readonly folder: string;
}

/** A block whose change set is to be written. @shape headerBytes: 512 */
export interface ConnectedBlock {
  readonly headerBytes: Uint8Array;
  readonly body: Uint8Array;
  readonly txids: readonly Hash32[];
  readonly change: ChangeSet;
  /** credit that it grants */
  readonly grants: readonly Grant[];
}

/** Indices that are kept in memory besides. */
export interface StoreIndices {
  readonly due: DueIndex;
  readonly liabilities: LiabilityStore;
  readonly debts: DebtIndex;
}

/** Blocks, state and indices of one node: the best chain's state, and bodies of branches that may yet win. */
export class Store {
  private readonly database: Database;
  private readonly tries: TrieStore;
  private readonly due: DueIndex;
  private readonly liabilities: LiabilityStore;
  private readonly debts: DebtIndex;
  private readonly warmed = new Map<string, Coin>();
  private current: Meta | undefined;

  constructor(database: Database, { due, liabilities, debts }: StoreIndices, retention: Retention) {
    this.database = database;
    this.due = due;
    this.liabilities = liabilities;
    this.debts = debts;
    this.tries = new TrieStore(database, retention);
    const bytes = database.get(metaKey());
    this.current = bytes && own(metaField, bytes);
    if (this.current !== undefined && this.current.format !== STORE_FORMAT) throw new Failure('store-format');
  }

  /** undefined: an empty store */
  get meta(): Meta | undefined {
    return this.current;
  }

  get coinCount(): bigint {
    return this.current?.coins ?? 0n;
  }

  headerBytes(hash: Uint8Array): Uint8Array | undefined {
    return this.database.get(headerKey(hash));
  }

  hashAt(height: number): Hash32 | undefined {
    const bytes = this.database.get(heightKey(height));
    return bytes && asHash32(bytes);
  }

  roots(hash: Uint8Array): TrieRoots | undefined {
    const bytes = this.database.get(rootsKey(hash));
    return bytes && own(rootsField, bytes);
  }

  body(hash: Uint8Array): Uint8Array | undefined {
    return this.database.get(bodyKey(hash));
  }

  filter(hash: Uint8Array): Uint8Array | undefined {
    return this.database.get(filterKey(hash));
  }

  coin(outpoint: Outpoint): Coin | undefined {
    const warmed = this.warmed.get(packOutpoint(outpoint));
    if (warmed !== undefined) return warmed;
    const bytes = this.database.get(coinKey(outpoint));
    return bytes && own(coinField, bytes);
  }

  stake(outpoint: Outpoint): StakeLeaf | undefined {
    const bytes = this.database.get(stakeKey(outpoint));
    return bytes && own(stakeField, bytes);
  }

  place(txid: Uint8Array): { readonly height: number; readonly index: number } | undefined {
    const bytes = this.database.get(txidKey(txid));
    return bytes && own(placeField, bytes);
  }

  get history(): SubtreeReader {
    return {
      subtree: (level, index) => {
        const bytes = this.database.get(historyKey(level, index));
        invariant(bytes !== undefined, 'a finished subtree of the history is in the store');
        return asHash32(bytes);
      },
    };
  }

  /** Subtree roots of the history over the first `size` headers, largest first. */
  historyPeaks(size: number): readonly Hash32[] {
    const peaks: Hash32[] = [];
    let from = 0;
    for (let level = 31; level >= 0; level--)
      if (Math.floor(size / 2 ** level) % 2 === 1) {
        peaks.push(this.history.subtree(level, from / 2 ** level));
        from += 2 ** level;
      }
    return peaks;
  }

  /** The nodes of all tries, by any root that is kept. */
  get nodes(): NodeReader {
    return this.tries.reader;
  }

  dueAtHeight(height: number): bigint {
    return this.due.atHeight(height);
  }

  dueBetween(after: number, upTo: number): bigint {
    return this.due.between(after, upTo);
  }

  /** Leaf key of the record whose seat this is. @source SPEC RC5 */
  seat(outpoint: Outpoint): Hash32 | undefined {
    const bytes = this.database.get(seatKey(outpoint));
    return bytes && asHash32(bytes);
  }

  /** Σ amount × time of unpaid debt. @source SPEC MP4 */
  get debtTime(): bigint {
    return this.debts.read();
  }

  /** Outpoints of the unpaid standard debts that name an owner tag. @source SPEC PU3 */
  debtsNaming(tag: Uint8Array): AsyncIterable<Outpoint> {
    return this.debts.namedBy(tag);
  }

  /** Blocks from a height on that granted credit, lowest first. @source SPEC MP2 */
  async *grantsFrom(height: number): AsyncGenerator<{ readonly height: number; readonly grants: readonly Grant[] }> {
    for await (const [key, value] of this.database.entries(grantSpan(height)))
      yield { height: readBe32(key, 1), grants: own(grantsField, value) };
  }

  get liabilityIndex(): LiabilityIndex {
    return this.liabilities.index;
  }

  /** Every leaf of the stakes as the tip has them. */
  async *stakes(): AsyncGenerator<StakeLeaf> {
    for await (const [, value] of this.database.entries(wholeTable('stake'))) yield own(stakeField, value);
  }

  async *coins(): AsyncGenerator<Coin> {
    for await (const [, value] of this.database.entries(wholeTable('coin'))) yield own(coinField, value);
  }

  /** Bodies kept of blocks that are not on the best chain, lowest first. */
  async branchBlocks(): Promise<readonly Hash32[]> {
    const found: Hash32[] = [];
    for await (const [key] of this.database.entries(wholeTable('branch'))) found.push(asHash32(key.slice(5)));
    return found;
  }

  /** Keeps a block of a branch: its header was judged, its body fits its header, its state is not known yet. */
  async keepBranchBlock(block: { height: number; hash: Hash32; headerBytes: Uint8Array; body: Uint8Array }): Promise<void> {
    await this.database.write([
      { type: 'put', key: headerKey(block.hash), value: block.headerBytes },
      { type: 'put', key: bodyKey(block.hash), value: block.body },
      { type: 'put', key: branchKey(block.height, block.hash), value: EMPTY_BYTES },
    ]);
  }

  async dropBranchBlock(height: number, hash: Hash32): Promise<void> {
    await this.database.write([headerKey(hash), bodyKey(hash), branchKey(height, hash)].map((key) => ({ type: 'del', key })));
  }

  /**
   * Reads what connecting these transactions will ask for away from this thread; it is kept until the next write.
   *
   * @shape keyOf: a coin's key in the coins trie
   */
  async warm(
    transactions: readonly Transaction[],
    coinsOf: (tx: Transaction) => readonly Coin[],
    keyOf: (coin: Coin) => Uint8Array,
  ): Promise<void> {
    const root = this.current && this.roots(this.current.tip)?.coins;
    if (root === undefined) return;
    const outpoints = transactions.flatMap((tx) => tx.inputs.map(({ outpoint }) => outpoint));
    const values = await this.database.getMany(outpoints.map(coinKey));
    const coins = values.flatMap((bytes) => (bytes === undefined ? [] : [own(coinField, bytes)]));
    for (const coin of coins) this.warmed.set(packOutpoint(coin.outpoint), coin);
    const keys = [...coins, ...transactions.flatMap(coinsOf)].map(keyOf);
    await this.tries.reader.warm(root, keys.sort(compareBytes));
  }

  /** Writes everything a block changes in one batch; afterwards the block is the tip, on disk. @source SPEC ND2 */
  async connect(block: ConnectedBlock): Promise<void> {
    const { change } = block;
    const sequence = (this.current?.sequence ?? 0n) + 1n;
    const ops: WriteOp[] = [];
    const pages = this.tries.connect(ops, change, Number(sequence));
    pushBlock(ops, block);
    pushCoins(ops, change);
    pushHistory(ops, change);
    for (const { outpoint, after } of change.stakes) ops.push(stakeOp(outpoint, after));
    const due = this.due.plan(ops, change.due);
    const liabilities = this.liabilities.plan(ops, change.liabilities);
    const debts = this.debts.plan(ops, change.createdCoins, change.spentCoins);
    pushSeats(ops, change.records);
    if (change.header.height > 0)
      ops.push({ type: 'put', key: undoKey(change.hash), value: encodeField(undoField, makeUndo(change, sequence, pages)) });
    const coins = this.coinCount + BigInt(change.createdCoins.length - change.spentCoins.length);
    await this.commit(ops, { tip: change.hash, sequence, coins });
    due.apply();
    liabilities.apply();
    debts.apply();
  }

  /** Takes the tip back in one batch; it stays as a block of a branch. @source SPEC ND2 */
  async disconnect(tip: { height: number; hash: Hash32; previous: Hash32; txids: readonly Hash32[] }): Promise<Undo> {
    const bytes = this.database.get(undoKey(tip.hash));
    invariant(bytes !== undefined && this.current !== undefined, 'the tip has undo data');
    const undo = own(undoField, bytes);
    const sequence = this.current.sequence + 1n;
    const ops: WriteOp[] = [];
    const [before, after] = [this.roots(tip.previous), this.roots(tip.hash)];
    invariant(before !== undefined && after !== undefined, 'the tip and its parent have roots');
    const { height } = tip;
    this.tries.disconnect(ops, { height, connected: Number(undo.sequence), pages: undo.pages, before, after }, Number(sequence));
    for (const coin of undo.spent) ops.push({ type: 'put', key: coinKey(coin.outpoint), value: encodeField(coinField, coin) });
    for (const outpoint of undo.created) ops.push({ type: 'del', key: coinKey(outpoint) });
    for (const { outpoint, before } of undo.stakes) ops.push(stakeOp(outpoint, before));
    const due = this.due.plan(
      ops,
      undo.due.map((change) => ({ ...change, delta: -change.delta })),
    );
    const liabilities = this.liabilities.plan(
      ops,
      undo.liabilities.map((change) => ({ ...change, delta: -change.delta })),
    );
    const debts = this.debts.plan(
      ops,
      undo.spent,
      undo.created.flatMap((outpoint) => this.coin(outpoint) ?? []),
    );
    for (const outpoint of undo.seatsMade) ops.push({ type: 'del', key: seatKey(outpoint) });
    for (const { outpoint, record } of undo.seatsGone) ops.push({ type: 'put', key: seatKey(outpoint), value: record });
    for (const txid of tip.txids) ops.push({ type: 'del', key: txidKey(txid) });
    for (const key of [heightKey(tip.height), grantKey(tip.height), undoKey(tip.hash), rootsKey(tip.hash), filterKey(tip.hash)])
      ops.push({ type: 'del', key });
    ops.push({ type: 'put', key: branchKey(tip.height, tip.hash), value: EMPTY_BYTES });
    const coins = this.coinCount + BigInt(undo.spent.length - undo.created.length);
    await this.commit(ops, { tip: tip.previous, sequence, coins });
    due.apply();
    liabilities.apply();
    debts.apply();
    return undo;
  }

  private async commit(ops: WriteOp[], next: Pick<Meta, 'tip' | 'sequence' | 'coins'>): Promise<void> {
    const meta: Meta = { format: STORE_FORMAT, genesis: this.current?.genesis ?? next.tip, ...next };
    ops.push({ type: 'put', key: metaKey(), value: encodeField(metaField, meta) });
    await this.database.writeDurably(ops);
    this.warmed.clear();
    this.current = meta;
  }

  undo(hash: Uint8Array): Undo | undefined {
    const bytes = this.database.get(undoKey(hash));
    return bytes && own(undoField, bytes);
  }

  /** Forgets what no rule needs any more: garbage of the tries below the proof window, undo data below `undoBelow`. */
  async prune(tip: number, undoBelow: number): Promise<number> {
    const ops: WriteOp[] = [];
    for (let height = undoBelow - 1; height > 0; height--) {
      const hash = this.hashAt(height);
      const key = hash && undoKey(hash);
      if (key === undefined || this.database.get(key) === undefined) break;
      ops.push({ type: 'del', key });
    }
    if (ops.length > 0) await this.database.write(ops);
    return this.tries.prune(tip);
  }

  close(): Promise<void> {
    return this.database.close();
  }
}

const stakeOp = (outpoint: Outpoint, leaf: StakeLeaf | undefined): WriteOp =>
  leaf === undefined
    ? { type: 'del', key: stakeKey(outpoint) }
    : { type: 'put', key: stakeKey(outpoint), value: encodeField(stakeField, leaf) };

const pushBlock = (ops: WriteOp[], { headerBytes, body, txids, change, grants }: ConnectedBlock): void => {
  const { hash, header } = change;
  ops.push({ type: 'put', key: headerKey(hash), value: headerBytes });
  ops.push({ type: 'put', key: heightKey(header.height), value: hash });
  ops.push({ type: 'put', key: rootsKey(hash), value: encodeField(rootsField, change.after.roots) });
  ops.push({ type: 'put', key: bodyKey(hash), value: body });
  ops.push({ type: 'put', key: filterKey(hash), value: change.filter });
  ops.push({ type: 'del', key: branchKey(header.height, hash) });
  if (grants.length > 0) ops.push({ type: 'put', key: grantKey(header.height), value: encodeField(grantsField, grants) });
  txids.forEach((txid, index) => {
    ops.push({ type: 'put', key: txidKey(txid), value: encodeField(placeField, { height: header.height, index }) });
  });
};

const pushCoins = (ops: WriteOp[], change: ChangeSet): void => {
  for (const coin of change.createdCoins) ops.push({ type: 'put', key: coinKey(coin.outpoint), value: encodeField(coinField, coin) });
  for (const coin of change.spentCoins) ops.push({ type: 'del', key: coinKey(coin.outpoint) });
};

const seatOf = (record: RecordEntry | undefined): { outpoint: Outpoint; record: Hash32 }[] =>
  record?.seat === undefined ? [] : [{ outpoint: record.seat, record: computeRecordKey(record) }];

const seatsMade = (records: ChangeSet['records']) => records.flatMap(({ after }) => seatOf(after));

const seatsGone = (records: ChangeSet['records']) => records.flatMap(({ before }) => seatOf(before));

const pushSeats = (ops: WriteOp[], records: ChangeSet['records']): void => {
  for (const { outpoint } of seatsGone(records)) ops.push({ type: 'del', key: seatKey(outpoint) });
  for (const { outpoint, record } of seatsMade(records)) ops.push({ type: 'put', key: seatKey(outpoint), value: record });
};

const pushHistory = (ops: WriteOp[], { header, hash, before }: ChangeSet): void => {
  const { finished } = appendPeak(before.historyPeaks, header.height, hashLeaf(hash, header.filterHash));
  for (const node of finished) ops.push({ type: 'put', key: historyKey(node.level, node.index), value: node.hash });
};

const makeUndo = (change: ChangeSet, sequence: bigint, pages: number): Undo => ({
  sequence,
  pages,
  created: change.createdCoins.map((coin) => coin.outpoint),
  spent: change.spentCoins,
  stakes: change.stakes.map(({ outpoint, before }) => ({ outpoint, before })),
  due: change.due,
  liabilities: change.liabilities,
  seatsMade: seatsMade(change.records).map(({ outpoint }) => outpoint),
  seatsGone: seatsGone(change.records),
});

/** Opens or makes the store in `folder`. @source SPEC ND2 */
export const openStore = async ({ folder, window, stakeEpoch }: StoreOptions): Promise<Store> => {
  await mkdir(folder, { recursive: true });
  const database = await openDatabase(join(folder, 'store'));
  const indices = {
    due: await DueIndex.load(database),
    liabilities: await LiabilityStore.load(database),
    debts: await DebtIndex.load(database),
  };
  return new Store(database, indices, { window, stakeEpoch });
};
