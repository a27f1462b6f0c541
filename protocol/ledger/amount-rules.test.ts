import { describe, expect, test } from 'vitest';
import { sha256 } from '../crypto/hash.ts';
import { isFault } from '../fault.ts';
import { buildDataScript } from '../script/forms/data-output.ts';
import { buildKeyHashCheck } from '../script/forms/key-check.ts';
import { buildRecordCommitment } from '../script/forms/record-commitment.ts';
import { MAX_AMOUNT, UNITS_PER_VC as VC } from '../tx/amount.ts';
import { decodeTransaction, encodeTransaction } from '../tx/transaction-codec.ts';
import { ANYONE, account, coinOf, type Draft, judge, outputOf, SOURCE_SCRIPT, transactionOf } from './test-draft.ts';

const FEE = 700n;
const P = 10n * VC;
const value = (amount: bigint, script?: Uint8Array) => outputOf('value', amount, script);
const credit = (amount: bigint) => outputOf('credit', amount);
const debt = (amount: bigint) => outputOf('debt', amount);

const cash = (amount = P) => coinOf('value', amount);
const locked = (amount = P) => coinOf('value', amount, 1);
const grant = (amount = P) => coinOf('credit', amount);
const owed = (amount = P, layer: 0 | 1 = 0) => coinOf('debt', amount, layer);
const source = (amount = 4n * VC) => coinOf('credit', amount, 2, { script: SOURCE_SCRIPT });
const reissued = (amount: bigint) => outputOf('credit', amount, SOURCE_SCRIPT);
const commitment = () => coinOf('value', 0n, 2, { script: buildRecordCommitment(sha256(ANYONE), buildKeyHashCheck(new Uint8Array(20))) });
const seat = () => coinOf('value', 0n, 2, { type: 3 });

const code = (verdict: ReturnType<typeof judge>): string => (isFault(verdict) ? verdict.fault : 'accepted');

type Case = readonly [title: string, fault: string, good: Draft, bad: Draft];

/** In each row only the last draft breaks a rule, and it breaks no other: the first differs by nothing else. */
const CASES: readonly Case[] = [
  [
    'LE4 a credit authorisation refers to a source',
    'type-mismatch',
    { type: 1, coins: [source(), cash()], outputs: [credit(VC)] },
    { type: 1, coins: [cash()], outputs: [value(P)] },
  ],
  [
    'LE4 a source is drawn from by no circulation transfer',
    'type-mismatch',
    { coins: [grant(P), cash()], outputs: [value(P), value(P - FEE), debt(P)] },
    { coins: [source(P), cash()], outputs: [value(P), value(P - FEE), debt(P)] },
  ],
  [
    'LE4 a record transaction spends one commitment',
    'type-mismatch',
    { layer: 2, type: 3, coins: [commitment(), cash()], outputs: [value(0n)] },
    { layer: 2, type: 3, coins: [commitment(), commitment(), cash()], outputs: [value(0n)] },
  ],
  [
    'LE4 a management transfer spends no commitment',
    'type-mismatch',
    { layer: 2, coins: [cash()], outputs: [value(0n)] },
    { layer: 2, coins: [commitment(), cash()], outputs: [value(0n)] },
  ],
  [
    'LE5 a transaction spends a coin',
    'nothing-spent',
    { type: 1, coins: [source(), cash()], outputs: [credit(VC)] },
    { type: 1, coins: [source()], outputs: [credit(VC)] },
  ],
  [
    'LE5 circulation does not name locked value',
    'reference-purpose',
    { coins: [cash()], outputs: [value(P)] },
    { coins: [cash(), locked()], outputs: [value(P)] },
  ],
  [
    'LE5 a value coin of the management layer is no purpose',
    'reference-purpose',
    { layer: 1, coins: [cash(), seat()], outputs: [value(P)] },
    { layer: 1, coins: [cash(), coinOf('value', 0n, 2)], outputs: [value(P)] },
  ],
  [
    'LE5 a seat is output 0 of a record transaction',
    'reference-purpose',
    { coins: [cash(), seat()], outputs: [value(P)] },
    { coins: [cash(), { ...seat(), outpoint: { txid: sha256(ANYONE), index: 1 } }], outputs: [value(P)] },
  ],
  [
    'LE5 a transfer does not name a debt above it',
    'reference-purpose',
    { coins: [cash(), owed(VC)], outputs: [value(P - VC)] },
    { coins: [cash(), owed(VC, 1)], outputs: [value(P - VC)] },
  ],
  [
    'LE6 the debt layer has no credit outputs',
    'element-layer',
    { coins: [grant(), cash()], outputs: [credit(P)] },
    { layer: 1, coins: [grant(), cash()], outputs: [credit(P)] },
  ],
  [
    'LE6 the management layer has no debt outputs',
    'element-layer',
    { layer: 1, coins: [grant(), cash()], outputs: [debt(P)] },
    { layer: 2, coins: [grant(), cash()], outputs: [debt(P)] },
  ],
  [
    'LE6 management value is 0',
    'management-value',
    { layer: 2, coins: [cash()], outputs: [value(0n)] },
    { layer: 2, coins: [cash()], outputs: [value(P)] },
  ],
  ['LE6 value has its minimum', 'amount-minimum', { coins: [cash()], outputs: [value(500n)] }, { coins: [cash()], outputs: [value(499n)] }],
  [
    'LE6 credit is at least 1 unit',
    'amount-minimum',
    { coins: [grant(), cash()], outputs: [credit(1n)] },
    { coins: [grant(), cash()], outputs: [credit(0n)] },
  ],
  [
    'LE6 debt has its minimum',
    'amount-minimum',
    { coins: [grant()], outputs: [value(900n), debt(1_000n)] },
    { coins: [grant()], outputs: [value(900n), debt(999n)] },
  ],
  [
    'LE6 a debt of 0 is none',
    'amount-minimum',
    { coins: [grant(), cash()], outputs: [value(P)] },
    { coins: [grant(), cash()], outputs: [value(P), debt(0n)] },
  ],
  [
    'LE6 only a data output is worth nothing',
    'amount-minimum',
    { coins: [cash()], outputs: [value(P), value(0n, buildDataScript(ANYONE))] },
    { coins: [cash()], outputs: [value(P), value(0n)] },
  ],
  [
    'LE6 a data output carries no amount',
    'return-script',
    { coins: [cash()], outputs: [value(P - VC), value(0n, buildDataScript(ANYONE))] },
    { coins: [cash()], outputs: [value(P - VC), value(VC, buildDataScript(ANYONE))] },
  ],
  [
    'LE6 a script is not like a key',
    'key-like-script',
    { coins: [cash()], outputs: [value(P, new Uint8Array(33).fill(4))] },
    { coins: [cash()], outputs: [value(P, new Uint8Array(33).fill(2))] },
  ],
  ['LE6 a transfer has an output', 'no-outputs', { coins: [cash()], outputs: [value(P)] }, { coins: [cash()], outputs: [] }],
  [
    'LE7 value out is at most value in',
    'value-created',
    { coins: [cash()], outputs: [value(P)] },
    { coins: [cash()], outputs: [value(P + 1n)] },
  ],
  [
    'LE7 a debt spent takes its value away',
    'value-created',
    { coins: [cash(), owed(VC)], outputs: [value(P - VC)] },
    { coins: [cash(), owed(VC)], outputs: [value(P - VC + 1n)] },
  ],
  [
    'LE7 a debt is repaid in full',
    'value-created',
    { coins: [cash(P), owed(P)], outputs: [] },
    { coins: [cash(P - 1n), owed(P)], outputs: [] },
  ],
  [
    'LE7 a debt in the debt layer is repaid in full',
    'value-created',
    { layer: 1, coins: [locked(P), owed(P, 1)], outputs: [] },
    { layer: 1, coins: [locked(P - 1n), owed(P, 1)], outputs: [] },
  ],
  [
    'LE8 credit out is at most credit in',
    'credit-created',
    { coins: [grant(), cash()], outputs: [credit(P)] },
    { coins: [grant(), cash()], outputs: [credit(P + 1n)] },
  ],
  [
    'LE8 a grant is at most its sources',
    'credit-created',
    { type: 1, coins: [source(VC), source(2n * VC), cash()], outputs: [credit(3n * VC)] },
    { type: 1, coins: [source(VC), source(2n * VC), cash()], outputs: [credit(3n * VC + 1n)] },
  ],
  [
    'LE8 a draw uses up as much credit as it makes debt',
    'debt-without-credit',
    { coins: [grant()], outputs: [value(P - FEE), debt(P)] },
    { coins: [grant(P - 1n)], outputs: [value(P - FEE), debt(P)] },
  ],
  [
    'LE8 credit that comes out again is not used up',
    'debt-without-credit',
    { coins: [grant()], outputs: [value(VC - FEE), debt(VC), credit(P - VC)] },
    { coins: [grant()], outputs: [value(VC - FEE), debt(VC), credit(P - VC + 1n)] },
  ],
  [
    'LE8 no credit, no debt',
    'debt-without-credit',
    { coins: [cash(), grant(VC)], outputs: [value(P), debt(VC)] },
    { coins: [cash()], outputs: [value(P), debt(VC)] },
  ],
  [
    'LE8 moving a debt to another account takes as much new credit',
    'debt-without-credit',
    { layer: 1, coins: [owed(P, 1), grant(P)], outputs: [debt(P)] },
    { layer: 1, coins: [owed(P, 1), grant(P - 1n)], outputs: [debt(P)] },
  ],
  [
    'LE9 a debt-layer transfer refers to no source',
    'source-type',
    { layer: 1, coins: [grant(), cash()], outputs: [value(P), debt(P)] },
    { layer: 1, coins: [source(P), cash()], outputs: [value(P), debt(P)] },
  ],
  [
    'LE9 a credit authorisation makes no debt',
    'source-debt',
    { type: 1, coins: [source(), cash()], outputs: [value(P), credit(VC)] },
    { type: 1, coins: [source(), cash()], outputs: [value(P), debt(VC)] },
  ],
  [
    'LE9 a credit authorisation spends no credit',
    'source-spends-credit',
    { type: 1, coins: [source(), cash()], outputs: [credit(VC)] },
    { type: 1, coins: [source(), cash(), grant()], outputs: [credit(VC)] },
  ],
  [
    'LE10 credit never rises to the management layer',
    'credit-lifted',
    { layer: 2, coins: [cash(), source(VC)], outputs: [reissued(VC)] },
    { layer: 2, coins: [cash(), grant(VC)], outputs: [reissued(VC)] },
  ],
  [
    'LE10 nor beside a source',
    'credit-lifted',
    { layer: 2, coins: [cash(), source(VC), grant(VC)], outputs: [reissued(VC)] },
    { layer: 2, coins: [cash(), source(VC), grant(VC)], outputs: [reissued(2n * VC)] },
  ],
  [
    'LE10 a source is not burnt',
    'credit-lifted',
    { layer: 2, coins: [cash(), source(4n * VC)], outputs: [reissued(4n * VC)] },
    { layer: 2, coins: [cash(), source(4n * VC)], outputs: [reissued(3n * VC)] },
  ],
  [
    'LE10 a source is not shredded',
    'source-minimum',
    { layer: 2, coins: [cash(), source(4n * VC)], outputs: [reissued(3n * VC), reissued(VC)] },
    { layer: 2, coins: [cash(), source(4n * VC)], outputs: [reissued(3n * VC + 1n), reissued(VC - 1n)] },
  ],
];

/** Drafts that ask for nobody's signature are judged as a whole besides. */
const isUnsigned = ({ coins, type }: Draft): boolean => type !== 3 && coins.every(({ script }) => script === ANYONE);

describe('what a transaction may move', () => {
  test.each(CASES)('%s', (_title, fault, good, bad) => {
    expect(code(account(good))).toBe(good.type === 3 ? 'record-witness' : 'accepted');
    expect(code(account(bad))).toBe(fault);
    if (isUnsigned(good)) expect(code(judge(good))).toBe('accepted');
    if (isUnsigned(bad)) expect(code(judge(bad))).toBe(fault);
  });

  test('LE4 a commitment is value of the management layer: its form elsewhere commits to nothing', () => {
    const { script } = commitment();
    for (const like of [coinOf('value', P, 0, { script }), coinOf('credit', 4n * VC, 2, { script })]) {
      const outputs = like.element === 'credit' ? [reissued(4n * VC)] : [value(0n)];
      expect(code(judge({ layer: 2, coins: [like, cash()], outputs }))).toBe('invalid-stack-operation');
      expect(code(judge({ layer: 2, type: 3, coins: [like, cash()], outputs }))).toBe('type-mismatch');
    }
  });

  test('LE7 the fee is what goes in and does not come out, debts taken off', () => {
    expect(judge({ coins: [cash(P)], outputs: [value(P - FEE)] })).toBe(FEE);
    expect(judge({ coins: [cash(P), owed(VC)], outputs: [value(P - VC - FEE)] })).toBe(FEE);
    expect(judge({ coins: [grant(P)], outputs: [value(P - FEE), debt(P)] })).toBe(FEE);
    expect(judge({ layer: 2, coins: [cash(P)], outputs: [] })).toBe(P);
  });

  test('LE7 LE8 sums beyond MAX_AMOUNT neither wrap nor round (attack row V4)', () => {
    const most = (count: number) => Array.from({ length: count }, () => value(MAX_AMOUNT));
    const coins = Array.from({ length: 1_024 }, () => cash(MAX_AMOUNT));
    expect(code(judge({ coins, outputs: most(1_024) }))).toBe('accepted');
    expect(judge({ coins, outputs: [...most(1_024), value(500n)] })).toMatchObject({ fault: 'value-created' });
    expect(judge({ coins: [cash(MAX_AMOUNT), grant(MAX_AMOUNT)], outputs: [...most(2), debt(MAX_AMOUNT)] })).toBe(0n);
  });

  test.each([
    [2n ** 53n, 'amount-range'],
    [2n ** 62n - 1n, 'amount-range'],
    [2n ** 63n, 'amount-minimum'],
    [2n ** 64n - 1n, 'element'],
    [2n ** 62n + 2n ** 53n, 'amount-range'],
  ])('LE6 an amount field of %s is refused as %s (attack row V4)', (field, fault) => {
    const coin = cash();
    const bytes = encodeTransaction(transactionOf({ coins: [coin], outputs: [value(P)] }));
    new DataView(bytes.buffer).setBigUint64(bytes.length - 4 - 2 - 8, field, true);
    const decoded = decodeTransaction(bytes);
    if (isFault(decoded)) expect(decoded.fault).toBe(fault);
    else expect(code(judge({ coins: [coin], outputs: decoded.outputs }))).toBe(fault);
  });

  test('LE3 a coin that is not there, and one named twice (attack row V4), are refused', () => {
    const draft = { coins: [cash()], outputs: [value(P)] };
    expect(judge(draft, { findCoin: () => undefined })).toMatchObject({ fault: 'missing-input', detail: { input: 0 } });
    const [coin] = draft.coins;
    expect(judge({ coins: [coin!, cash(), coin!], outputs: [value(2n * P)] })).toMatchObject({
      fault: 'duplicate-outpoint',
      detail: { input: 2 },
    });
  });

  test.each([
    [1, 1],
    [1, 2],
    [2, 1],
    [2, 2],
    [3, 0],
    [3, 1],
  ] as const)('LE4 type %i does not stand in layer %i', (type, layer) => {
    expect(judge({ type, layer, coins: [cash()], outputs: [] })).toMatchObject({ fault: 'type-layer' });
  });

  test('LE4 a coinbase is only a block’s first', () => {
    const nothing = coinOf('value', P, 0, { outpoint: { txid: new Uint8Array(32) as never, index: 0xffff_ffff } });
    expect(judge({ type: 4, layer: 1, coins: [nothing], outputs: [], sequences: [0xffff_ffff] })).toMatchObject({
      fault: 'coinbase-place',
    });
  });
});
