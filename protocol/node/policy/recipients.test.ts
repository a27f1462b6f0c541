import { describe, expect, test } from 'vitest';
import { equalBytes } from '#protocol/codec/bytes';
import { encodeHex } from '#protocol/codec/hex';
import type { LedgerView } from '#protocol/ledger/ledger-view';
import { coinOf } from '#protocol/ledger/test-draft';
import { DEV_PARAMETERS } from '#protocol/params/networks';
import { encodeAgent, encodeSuspension } from '#protocol/records/agent';
import { encodeChild } from '#protocol/records/child';
import { AGENT_TABLE, CHILD_TABLE, SUSPENSION_TABLE } from '#protocol/records/tables';
import { buildDebtScript } from '#protocol/script/forms/debt';
import { buildPayToKeyHash } from '#protocol/script/forms/pay-to-key';
import type { Transaction, TransactionOutput } from '#protocol/tx/transaction';
import { drawersOf, recipientsOf } from './recipients.ts';

const EMPTY = new Uint8Array(0);
const idOf = (n: number): Uint8Array => new Uint8Array(20).fill(n);
const [AGENT, DEBTOR, ACCOUNT] = [idOf(1), idOf(2), idOf(3)] as const;

type Written = readonly [table: Uint8Array, key: Uint8Array, value: Uint8Array];

const findIn =
  (...records: readonly Written[]): LedgerView['findRecord'] =>
  (table, key) => {
    const found = records.find(([inTable, under]) => equalBytes(inTable, table) && equalBytes(under, key));
    return found && { table, key, value: found[2], seat: undefined, height: 1 };
  };

const suspended = (key: Uint8Array, stands = true): Written => [
  SUSPENSION_TABLE,
  key,
  encodeSuspension({ suspended: stands, reason: EMPTY }),
];
const attributed: Written = [CHILD_TABLE, AGENT, encodeChild({ account: ACCOUNT, path: [1] })];
const listed: Written = [AGENT_TABLE, AGENT, encodeAgent({ quota: 50n, label: EMPTY })];

const grantTo = (tag: Uint8Array, amount: bigint) => ({ tag: encodeHex(tag), amount });

describe('who gets credit', () => {
  test('MP8 is counted once over all outputs, the period and the block under way', () => {
    const grants = [grantTo(AGENT, 7n), grantTo(DEBTOR, 1n), grantTo(AGENT, 3n)];
    const before = [grantTo(AGENT, 20n), grantTo(DEBTOR, 2n), grantTo(AGENT, 5n)];
    expect(recipientsOf(grants, before, findIn(listed))).toEqual([
      { amount: 10n, granted: 25n, quota: 50n, suspended: false },
      { amount: 1n, granted: 2n, quota: undefined, suspended: false },
    ]);
  });

  test('MP8 is suspended by its key or by its account, until that is lifted; what cannot be read stands', () => {
    const of = (...records: readonly Written[]) => recipientsOf([grantTo(AGENT, 1n)], [], findIn(...records))[0];
    expect(of(suspended(AGENT))).toMatchObject({ suspended: true });
    expect(of(suspended(ACCOUNT))).toMatchObject({ suspended: false });
    expect(of(suspended(ACCOUNT), attributed)).toMatchObject({ suspended: true });
    expect(of(suspended(ACCOUNT, false), attributed)).toMatchObject({ suspended: false });
    expect(of(suspended(DEBTOR), attributed)).toMatchObject({ suspended: false });
    expect(of([SUSPENSION_TABLE, AGENT, Uint8Array.of(9)])).toMatchObject({ suspended: true });
    expect(of([AGENT_TABLE, AGENT, Uint8Array.of(9)])).toMatchObject({ quota: 0n });
  });
});

describe('who draws', () => {
  const debtOf = (amount: bigint): TransactionOutput => ({
    element: 'debt',
    amount,
    script: buildDebtScript({ tag: DEBTOR, term: { kind: 'blocks', blocks: 5 } }),
  });
  const credit = coinOf('credit', 100n, 0, { script: buildPayToKeyHash(AGENT) });
  const owed = coinOf('debt', 100n, 0, { script: debtOf(100n).script });
  const coins = [credit, owed];
  const countOf = (outputs: readonly TransactionOutput[], inputs: readonly (typeof credit)[], ...records: readonly Written[]) => {
    const transaction: Transaction = {
      layer: 0,
      type: 0,
      lockTime: 0,
      outputs,
      inputs: inputs.map(({ outpoint }) => ({ outpoint, sequence: 0, witness: [] })),
    };
    const findCoin = (outpoint: { readonly txid: Uint8Array }) => coins.find((coin) => equalBytes(coin.outpoint.txid, outpoint.txid));
    const drawers = drawersOf(transaction, { findCoin, findRecord: findIn(...records), limits: DEV_PARAMETERS });
    return [drawers.length, drawers.filter((each) => each.suspended).length];
  };

  test('MP8 is the agent whose credit is used and the debtor whose name it is in', () => {
    expect(countOf([debtOf(100n)], [credit])).toEqual([2, 0]);
    expect(countOf([debtOf(100n)], [credit], suspended(AGENT))).toEqual([2, 1]);
    expect(countOf([debtOf(100n)], [credit], suspended(DEBTOR))).toEqual([2, 1]);
    expect(countOf([debtOf(100n)], [credit], suspended(ACCOUNT), attributed)).toEqual([2, 1]);
  });

  test('MP8 is nobody where a transaction rolls over or repays', () => {
    expect(countOf([debtOf(100n)], [credit, owed], suspended(DEBTOR))).toEqual([0, 0]);
    expect(countOf([debtOf(101n)], [credit, owed], suspended(DEBTOR))).toEqual([2, 1]);
    expect(countOf([], [owed], suspended(DEBTOR))).toEqual([0, 0]);
  });
});
