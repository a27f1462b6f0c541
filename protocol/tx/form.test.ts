import { describe, expect, test } from 'vitest';
import { asHash32, ZERO_HASH } from '../codec/hash32.ts';
import { checkTransactionForm } from './form.ts';
import { computeWeight } from './identity.ts';
import { MAX_TRANSACTION_WEIGHT } from './limits.ts';
import { NULL_INDEX, type Outpoint } from './outpoint.ts';
import type { Transaction, TransactionInput } from './transaction.ts';
import { COINBASE, PUNISHMENT, TRANSFER, type TransactionType } from './transaction-type.ts';

const NULL: Outpoint = { txid: ZERO_HASH, index: NULL_INDEX };
const outpoint = (index: number): Outpoint => ({ txid: asHash32(new Uint8Array(32).fill(7)), index });
const input = (of: Outpoint, more: Partial<TransactionInput> = {}): TransactionInput => ({
  outpoint: of,
  sequence: 0xffff_ffff,
  witness: [],
  ...more,
});
const make = (type: TransactionType, inputs: readonly TransactionInput[], script = new Uint8Array(0)): Transaction => ({
  layer: 0,
  type,
  inputs,
  outputs: [{ element: 'value', amount: 1n, script }],
  lockTime: 0,
});

describe('inputs', () => {
  test('TX5 takes each outpoint once', () => {
    expect(checkTransactionForm(make(TRANSFER, [input(outpoint(0)), input(outpoint(1))]))).toBeUndefined();
    expect(checkTransactionForm(make(TRANSFER, [input(outpoint(0)), input(outpoint(1)), input(outpoint(0))]))).toMatchObject({
      fault: 'duplicate-outpoint',
      detail: { input: 2 },
    });
  });

  test('TX5 takes the null outpoint in a coinbase only', () => {
    expect(checkTransactionForm(make(TRANSFER, [input(outpoint(0)), input(NULL)]))).toMatchObject({ fault: 'null-outpoint' });
    expect(checkTransactionForm(make(TRANSFER, [input(NULL), input(outpoint(0))]))).toMatchObject({ detail: { input: 0 } });
    expect(checkTransactionForm(make(TRANSFER, [input({ txid: ZERO_HASH, index: 0 })]))).toBeUndefined();
  });

  test.each([
    ['another outpoint', [input(outpoint(0))]],
    ['two inputs', [input(NULL), input(outpoint(0))]],
    ['a sequence that is not final', [input(NULL, { sequence: 0xffff_fffe })]],
    ['a witness', [input(NULL, { witness: [new Uint8Array(0)] })]],
  ])('TX7 refuses a coinbase with %s', (_, inputs) => {
    expect(checkTransactionForm(make(COINBASE, inputs))).toMatchObject({ fault: 'coinbase-form' });
  });

  test('TX7 takes a coinbase of the null outpoint alone', () => {
    expect(checkTransactionForm(make(COINBASE, [input(NULL)]))).toBeUndefined();
  });
});

describe('weight', () => {
  const ofWeight = (type: TransactionType, weight: number): Transaction => {
    const build = (length: number): Transaction => make(type, [input(outpoint(0), { witness: [new Uint8Array(length)] })]);
    const tx = build(weight - computeWeight(build(70_000)) + 70_000);
    expect(computeWeight(tx)).toBe(weight);
    return tx;
  };

  test('TX6 ends at 400,000', () => {
    expect(checkTransactionForm(ofWeight(TRANSFER, MAX_TRANSACTION_WEIGHT))).toBeUndefined();
    expect(checkTransactionForm(ofWeight(TRANSFER, MAX_TRANSACTION_WEIGHT + 1))).toMatchObject({
      fault: 'transaction-weight',
      detail: { weight: MAX_TRANSACTION_WEIGHT + 1 },
    });
  });

  test('TX6 does not count the declined transaction in a punishment', () => {
    expect(checkTransactionForm(ofWeight(PUNISHMENT, MAX_TRANSACTION_WEIGHT + 1))).toBeUndefined();
  });
});
