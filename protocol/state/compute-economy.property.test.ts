import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Economy, Header } from '../block/header.ts';
import { computeMedianTime } from '../block/median-time.ts';
import { asHash32 } from '../codec/hash32.ts';
import { computeDue, isDue } from '../debt/due.ts';
import type { Coin } from '../ledger/coin.ts';
import { DEV_PARAMETERS } from '../params/networks.ts';
import { buildDebtScript, type DebtTerm } from '../script/forms/debt.ts';
import { computeDueChanges, computeEconomy } from './compute-economy.ts';
import type { DueChange } from './view.ts';

const PARAMETERS = { ...DEV_PARAMETERS, badDebtAge: 5 };
const START = 1_800_000_000;
const TAG = new Uint8Array(20);

interface Made {
  readonly term: DebtTerm | undefined;
  readonly amount: bigint;
  readonly layer: 0 | 1;
  readonly life: number;
}
const terms: fc.Arbitrary<DebtTerm | undefined> = fc.oneof(
  fc.constant(undefined),
  fc.record({ kind: fc.constant('blocks' as const), blocks: fc.integer({ min: 1, max: 12 }) }),
  fc.record({ kind: fc.constant('time' as const), intervals: fc.integer({ min: 1, max: 6 }) }),
  fc.record({ kind: fc.constant('expiry' as const), lockTime: fc.integer({ min: 1, max: 30 }) }),
  fc.record({ kind: fc.constant('expiry' as const), lockTime: fc.integer({ min: START - 50, max: START + 9_000 }) }),
  fc.record({ kind: fc.constant('expiry' as const), lockTime: fc.constantFrom(499_999_999, 500_000_000, 0xffff_ffff) }),
);
const history = fc.array(
  fc.record({
    spacing: fc.integer({ min: 1, max: 700 }),
    made: fc.array(
      fc.record({
        term: terms,
        amount: fc.bigInt({ min: 1n, max: 1_000n }),
        layer: fc.constantFrom<0 | 1>(0, 1),
        life: fc.integer({ min: 1, max: 15 }),
      }),
      { maxLength: 3 },
    ),
  }),
  { minLength: 1, maxLength: 30 },
);

let next = 0;
const debtOf = ({ term, amount, layer }: Made, height: number, medianTime: number): Coin => ({
  outpoint: { txid: asHash32(new Uint8Array(32)), index: next++ },
  element: 'debt',
  amount,
  script: term === undefined ? Uint8Array.of(0x51) : buildDebtScript({ tag: TAG, term }),
  layer,
  type: 0,
  height,
  medianTime,
});

/** Spec 04, word for word: an input of block h + 1 would meet the term. */
const isPast = (coin: Coin, term: DebtTerm | undefined, height: number, medianTime: number): boolean => {
  if (term === undefined) return height - coin.height > PARAMETERS.badDebtAge;
  if (term.kind === 'blocks') return height + 1 - coin.height >= term.blocks;
  if (term.kind === 'time') return medianTime - coin.medianTime >= 512 * term.intervals;
  return term.lockTime < (term.lockTime < 500_000_000 ? height + 1 : medianTime);
};

class Chain {
  readonly times = [START];
  readonly live = new Map<Coin, { readonly made: Made; readonly until: number }>();
  private readonly index: DueChange[] = [];
  economy: Economy = { value: 0n, locked: 0n, credit: 0n, debt: 0n, overdue: 0n, fees: 0n };

  private sum(wanted: (change: DueChange) => boolean): bigint {
    return this.index.filter(wanted).reduce((total, { delta }) => total + delta, 0n);
  }

  add(spacing: number, made: readonly Made[]): void {
    const height = this.times.length;
    const before = computeMedianTime(this.times.slice(-11));
    this.times.push((this.times.at(-1) as number) + spacing);
    const medianTime = computeMedianTime(this.times.slice(-11));
    const spent = [...this.live].filter(([, { until }]) => until === height).map(([coin]) => coin);
    for (const coin of spent) this.live.delete(coin);
    const created = made.map((each) => debtOf(each, height, before));
    for (const [i, coin] of created.entries()) this.live.set(coin, { made: made[i]!, until: height + made[i]!.life });
    const view = {
      tip: { economy: this.economy } as never,
      dueAtHeight: (at: number) => this.sum(({ kind, due }) => kind === 'height' && due === at),
      dueBetween: (after: number, upTo: number) => this.sum(({ kind, due }) => kind === 'time' && due > after && due <= upTo),
    };
    this.economy = computeEconomy(view, { created, spent, fees: 0n }, { height, before, medianTime }, PARAMETERS);
    this.index.push(...computeDueChanges(created, spent, PARAMETERS));
  }

  get naive(): { readonly debt: bigint; readonly overdue: bigint } {
    const height = this.times.length - 1;
    const medianTime = computeMedianTime(this.times.slice(-11));
    let [debt, overdue] = [0n, 0n];
    for (const [coin, { made }] of this.live) {
      debt += coin.amount;
      if (isPast(coin, made.term, height, medianTime)) overdue += coin.amount;
    }
    return { debt, overdue };
  }
}

describe('what is overdue', () => {
  test('CN9 is at every block the sum over all debts whose term an input of the next block would meet', () => {
    fc.assert(
      fc.property(history, (blocks) => {
        const chain = new Chain();
        for (const { spacing, made } of blocks) {
          chain.add(spacing, made);
          expect({ debt: chain.economy.debt, overdue: chain.economy.overdue }).toEqual(chain.naive);
        }
      }),
      { numRuns: process.env.VC_SOAK ? 20_000 : 300 },
    );
  });

  test.each<[DebtTerm | undefined, number, number]>([
    [undefined, 100 + 6, START],
    [{ kind: 'blocks', blocks: 1 }, 100, START],
    [{ kind: 'blocks', blocks: 7 }, 106, START],
    [{ kind: 'time', intervals: 3 }, 100, START + 3 * 512],
    [{ kind: 'expiry', lockTime: 107 }, 107, START],
    [{ kind: 'expiry', lockTime: START + 9 }, 100, START + 10],
  ])('CN9 a debt of block 100 with term %o is overdue after block %i at %i, and not before', (term, height, medianTime) => {
    const coin = { ...debtOf({ term, amount: 1n, layer: 0, life: 1 }, 100, START) };
    const due = computeDue(coin, PARAMETERS);
    const isTime = due?.kind === 'time';
    expect(isDue(due, height, medianTime)).toBe(true);
    expect(isDue(due, isTime ? height : height - 1, isTime ? medianTime - 1 : medianTime)).toBe(false);
    expect(isPast(coin, term, height, medianTime)).toBe(true);
  });

  test('CN6 counts credit of the circulation layer alone', () => {
    const economy: Economy = { value: 9n, locked: 4n, credit: 5n, debt: 0n, overdue: 0n, fees: 1n };
    const view = { tip: { economy } as Header, dueAtHeight: () => 0n, dueBetween: () => 0n };
    const credit = { ...debtOf({ term: undefined, amount: 3n, layer: 0, life: 1 }, 1, START), element: 'credit' as const };
    const place = { height: 2, before: START, medianTime: START };
    const following = (created: Coin[], spent: Coin[]) => computeEconomy(view, { created, spent, fees: 0n }, place, PARAMETERS);
    expect(following([credit], [])).toEqual({ ...economy, credit: 8n, fees: 0n });
    expect(following([{ ...credit, layer: 2 }], [])).toEqual({ ...economy, fees: 0n });
    expect(following([], [{ ...credit, layer: 2 }, credit])).toEqual({ ...economy, credit: 2n, fees: 0n });
  });

  test('CN9 a due date is a u32 that the index can keep', () => {
    fc.assert(
      fc.property(terms, fc.integer({ min: 0, max: 2 ** 31 }), (term, height) => {
        const due = computeDue(debtOf({ term, amount: 1n, layer: 0, life: 1 }, height, START), PARAMETERS)?.due ?? 0;
        expect(Number.isInteger(due) && due >= 0 && due < 2 ** 32).toBe(true);
      }),
    );
  });
});
