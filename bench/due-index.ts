import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Economy, Header } from '#protocol/block/header';
import { useCrypto as chooseCrypto, NOBLE_CURVE, NOBLE_HASH } from '#protocol/crypto/backend';
import { sha256 } from '#protocol/crypto/hash';
import { tagHolder } from '#protocol/debt/holder';
import { computeLiabilityChanges } from '#protocol/debt/liabilities';
import type { Coin } from '#protocol/ledger/coin';
import { installNodeCrypto } from '#protocol/node/crypto/node-crypto';
import { type Database, openDatabase, type WriteOp } from '#protocol/node/store/database';
import { DebtIndex } from '#protocol/node/store/debt-index';
import { DueIndex } from '#protocol/node/store/due-index';
import { LiabilityStore } from '#protocol/node/store/liability-store';
import { DEV_PARAMETERS } from '#protocol/params/networks';
import { buildDebtScript, type DebtTerm } from '#protocol/script/forms/debt';
import { computeDueChanges, computeEconomy } from '#protocol/state/compute-economy';
import { computeWeight } from '#protocol/tx/identity';
import { encodeTransaction } from '#protocol/tx/transaction-codec';
import { makeDraw, makeRepayment } from './debts.ts';
import { coinMapOf, MADE_AT, PLACE, TIME, validateAll } from './payments.ts';
import { alternate, atMost, type BenchPart, type BenchRow, median, RUNS, rowOf, say, timeOf } from './row.ts';

const OPEN_DEBTS = 100_000;
const OWED = 1_000_000n;
const SHARE = 0.05;
/** of a slow block: so many seconds has the median time passed, and each has debts that fall due in it */
const SECONDS = 10_000;
const LONG_TERM = 60_000;
const NO_ECONOMY: Economy = { value: 0n, locked: 0n, credit: 0n, debt: 0n, overdue: 0n, fees: 0n };
const AT = { height: PLACE.height, medianTime: PLACE.medianTime, before: PLACE.medianTime - SECONDS };

type Term = (i: number) => DebtTerm;

/** What falls due in the measured block. */
const CASES: Readonly<Record<string, Term>> = {
  'nothing falls due': () => ({ kind: 'blocks', blocks: LONG_TERM }),
  'all fall due at its height': () => ({ kind: 'expiry', lockTime: AT.height }),
  'all fall due in its span of time': (i) => ({ kind: 'expiry', lockTime: AT.before + (i % SECONDS) }),
};

const tagOf = (i: number): Uint8Array => sha256(new Uint8Array(Uint32Array.of(i).buffer)).subarray(0, 20);

const debtOf = (i: number, term: DebtTerm): Coin => ({
  element: 'debt',
  amount: OWED,
  script: buildDebtScript({ tag: tagOf(i), term }),
  outpoint: { txid: sha256(tagOf(i)), index: 0 },
  layer: 0,
  type: 0,
  height: MADE_AT,
  medianTime: TIME,
});

/** A debtor each, as a node that starts finds them in its store. */
class OpenDebts {
  private readonly database: Database;
  private readonly due: DueIndex;
  private readonly debts: DebtIndex;
  private readonly owed: LiabilityStore;

  private constructor(database: Database, due: DueIndex, debts: DebtIndex, owed: LiabilityStore) {
    this.database = database;
    this.due = due;
    this.debts = debts;
    this.owed = owed;
  }

  static async load(folder: string): Promise<OpenDebts> {
    const database = await openDatabase(folder);
    return new OpenDebts(database, await DueIndex.load(database), await DebtIndex.load(database), await LiabilityStore.load(database));
  }

  /** Economy and every index after a block, and who is frozen among its inputs, up to the batch on disk. */
  async keep(created: readonly Coin[], spent: readonly Coin[]): Promise<void> {
    const view = {
      tip: { economy: NO_ECONOMY } as Header,
      dueAtHeight: (height: number) => this.due.atHeight(height),
      dueBetween: (after: number, upTo: number) => this.due.between(after, upTo),
    };
    computeEconomy(view, { created, spent, fees: 0n }, AT, DEV_PARAMETERS);
    const { index } = this.owed;
    const state = { findRecord: () => undefined, duesOf: (holder: ReturnType<typeof tagHolder>) => index.duesOf(holder) };
    const ops: WriteOp[] = [];
    const plans = [
      this.due.plan(ops, computeDueChanges(created, spent, DEV_PARAMETERS)),
      this.debts.plan(ops, created, spent),
      this.owed.plan(ops, computeLiabilityChanges({ created, spent }, [], state, DEV_PARAMETERS)),
    ];
    await this.database.write(ops);
    for (const { apply } of plans) apply();
  }

  countOverdue(tags: readonly Uint8Array[]): number {
    return tags.filter((tag) => this.owed.index.isOverdue(tagHolder(tag), AT.height, AT.medianTime)).length;
  }

  async count(): Promise<number> {
    let found = 0;
    for (let i = 0; i < OPEN_DEBTS * 2; i++) for (const _ of this.owed.index.duesOf(tagHolder(tagOf(i)))) found++;
    return found;
  }

  close(): Promise<void> {
    return this.database.close();
  }
}

/** A block of nothing but draws and repayments, one for one. */
const fillBlock = (): { readonly pairs: number; readonly validate: () => Promise<number> } => {
  const weight = computeWeight(makeDraw(0).transaction) + computeWeight(makeRepayment(0).transaction);
  const pairs = Math.floor(DEV_PARAMETERS.maxBlockWeight / weight);
  const spends = Array.from({ length: pairs }, (_, i) => [makeDraw(2 * i), makeRepayment(2 * i + 1)]).flat();
  const bytes = spends.map(({ transaction }) => encodeTransaction(transaction));
  const coins = coinMapOf(spends.flatMap((spend) => spend.coins));
  return {
    pairs,
    validate: () => {
      installNodeCrypto();
      return timeOf(() => validateAll(bytes, coins));
    },
  };
};

const measureCase = async (folder: string, term: Term, { pairs, validate }: ReturnType<typeof fillBlock>): Promise<BenchPart> => {
  const open = await OpenDebts.load(folder);
  try {
    await open.keep(
      Array.from({ length: OPEN_DEBTS }, (_, i) => debtOf(i, term(i))),
      [],
    );
    const n = await open.count();
    const upkeep = async (round: number): Promise<number> => {
      const slice = Array.from({ length: pairs }, (_, i) => round * pairs + i);
      const spent = slice.map((i) => debtOf(i, term(i)));
      const created = slice.map((i) => debtOf(OPEN_DEBTS + i, { kind: 'blocks', blocks: LONG_TERM }));
      const payers = slice.flatMap((i) => [tagOf(i), tagOf(OPEN_DEBTS + i)]);
      return timeOf(async () => {
        open.countOverdue(payers);
        await open.keep(created, spent);
      });
    };
    const times = await alternate({ ours: upkeep, validate }, RUNS);
    const blockTime = DEV_PARAMETERS.targetSpacing * 1_000;
    return atMost({
      unit: 'ms a block',
      ours: median(times.ours),
      limit: SHARE * blockTime,
      bar: '≤ 5 % of the block time of the fastest network',
      n,
      also: { 'block time, ms': blockTime, 'debts made and repaid': 2 * pairs, 'validating that block, ms': median(times.validate) },
    });
  } finally {
    await open.close();
  }
};

/** Figure `due-index`: economy and who owes what when, kept over a full block, beside what it takes to judge that block. */
export const dueIndexRows = async (): Promise<readonly BenchRow[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'vc-due-index-'));
  const block = fillBlock();
  const parts: Record<string, BenchPart> = {};
  try {
    for (const [i, [name, term]] of Object.entries(CASES).entries()) {
      say(`due-index: ${name}`);
      parts[name] = await measureCase(join(folder, String(i)), term, block);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
    chooseCrypto({ hash: NOBLE_HASH, curve: NOBLE_CURVE });
  }
  return [rowOf('due-index', parts)];
};
