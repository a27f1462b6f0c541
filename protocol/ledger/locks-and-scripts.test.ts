import { secp256k1 } from '@noble/curves/secp256k1.js';
import { describe, expect, test } from 'vitest';
import { concatBytes } from '../codec/bytes.ts';
import { sha256 } from '../crypto/hash.ts';
import { isFault } from '../fault.ts';
import { buildDebtScript } from '../script/forms/debt.ts';
import { buildKeyHashCheck } from '../script/forms/key-check.ts';
import { buildPayToKey } from '../script/forms/pay-to-key.ts';
import { buildStakeScript } from '../script/forms/stake.ts';
import { computeSighash, sighashSourceOf } from '../script/sighash.ts';
import { UNITS_PER_VC as VC } from '../tx/amount.ts';
import { encodeAmountField } from '../tx/amount-field.ts';
import type { Coin } from './coin.ts';
import {
  ANYONE,
  account,
  coinOf,
  type Draft,
  judge,
  MEMBER_SECRET,
  outputOf,
  PARAMETERS,
  PLACE,
  SOURCE_SCRIPT,
  transactionOf,
} from './test-draft.ts';

const P = 10n * VC;
const FINAL = 0xffff_ffff;
const TIME_FLAG = 2 ** 22;
const secret = MEMBER_SECRET;
const publicKey = secp256k1.getPublicKey(secret, true);
const value = (amount = P, script?: Uint8Array) => outputOf('value', amount, script);
const code = (verdict: ReturnType<typeof judge>): string => (isFault(verdict) ? verdict.fault : 'accepted');

describe('locks', () => {
  const { height, medianTime } = PLACE;
  const spending = (over: Partial<Coin>, sequence: number): Draft => ({
    coins: [coinOf('value', P, 0, over)],
    outputs: [value()],
    sequences: [sequence],
  });

  test.each([
    [0, 0, 'accepted'],
    [height - 1, 0, 'accepted'],
    [height, 0, 'lock-time'],
    [height, FINAL, 'accepted'],
    [499_999_999, 0, 'lock-time'],
    [500_000_000, 0, 'accepted'],
    [medianTime - 1, 0, 'accepted'],
    [medianTime, 0, 'lock-time'],
    [FINAL, FINAL, 'accepted'],
  ])('LE11 lock time %i with sequence %i: %s', (lockTime, sequence, wanted) => {
    expect(code(judge({ ...spending({}, sequence), lockTime }))).toBe(wanted);
  });

  test('LE11 a lock time holds unless every input is final', () => {
    const coins = [coinOf('value', P), coinOf('value', P)];
    const draft = (second: number): Draft => ({ coins, outputs: [value()], lockTime: height, sequences: [FINAL, second] });
    expect(code(judge(draft(FINAL)))).toBe('accepted');
    expect(code(judge(draft(FINAL - 1)))).toBe('lock-time');
  });

  test.each([
    ['blocks, met', { height: height - 7 }, 7, 'accepted'],
    ['blocks, one short', { height: height - 6 }, 7, 'sequence-lock'],
    ['time, met', { medianTime: medianTime - 3 * 512 }, TIME_FLAG + 3, 'accepted'],
    ['time, a second short', { medianTime: medianTime - 3 * 512 + 1 }, TIME_FLAG + 3, 'sequence-lock'],
    ['time is not judged by height', { height: height - 1, medianTime: 0 }, TIME_FLAG + 3, 'accepted'],
    ['disabled', { height: height - 1 }, 2 ** 31 + 7, 'accepted'],
    ['disabled, and nothing else', { height: height - 1 }, 2 ** 31, 'accepted'],
    ['not disabled, every other bit set', { medianTime: medianTime - 1 }, 2 ** 31 - 1, 'sequence-lock'],
    ['only 16 bits count', { height: height - 1 }, 2 ** 16 + 1, 'accepted'],
  ] as const)('LE11 a relative lock in %s', (_title, over, sequence, wanted) => {
    expect(code(judge(spending(over, sequence)))).toBe(wanted);
  });

  test('LE11 references keep their relative locks too', () => {
    const seat = coinOf('value', 0n, 2, { type: 3, height: height - 1 });
    const draft = (sequence: number): Draft => ({ coins: [coinOf('value', P), seat], outputs: [value()], sequences: [0, sequence] });
    expect(code(judge(draft(1)))).toBe('accepted');
    expect(judge(draft(2))).toMatchObject({ fault: 'sequence-lock', detail: { input: 1 } });
  });

  test('LE11 a coinbase is spent coinbaseMaturity blocks later, genesis at once', () => {
    const draft = (made: number): Draft => ({ ...spending({ type: 4, height: made, layer: 1 }, FINAL), layer: 1 });
    const { coinbaseMaturity } = PARAMETERS;
    expect(code(judge(draft(height - coinbaseMaturity)))).toBe('accepted');
    expect(judge(draft(height - coinbaseMaturity + 1))).toMatchObject({ fault: 'immature', detail: { input: 0, from: height + 1 } });
    expect(code(judge(draft(0), { place: { height: 1, medianTime } }))).toBe('accepted');
  });
});

const signWith = (draft: Draft, input: number, scriptCode: Uint8Array, type: number): Uint8Array => {
  const { element, amount } = draft.coins[input]!;
  const signed = { index: input, scriptCode, amountField: encodeAmountField(element, amount) };
  const digest = computeSighash(sighashSourceOf(transactionOf(draft)), signed, type);
  return concatBytes(secp256k1.sign(digest, secret, { prehash: false, format: 'der' }), Uint8Array.of(type));
};

describe('scripts', () => {
  const never = Uint8Array.of(0x00);
  const owed = (script: Uint8Array) => coinOf('debt', VC, 0, { script });

  test('LE12 a debt is repaid without a key, whatever its script says', () => {
    const standard = buildDebtScript({ tag: new Uint8Array(20), term: { kind: 'blocks', blocks: 9 } });
    for (const script of [never, standard, Uint8Array.of(0xff)])
      expect(judge({ coins: [coinOf('value', P), owed(script)], outputs: [value(P - VC)] })).toBe(0n);
  });

  test('LE12 with a witness, it is not', () => {
    const draft = { coins: [coinOf('value', P), owed(ANYONE)], outputs: [value(P - VC)], witnesses: [[], [ANYONE]] };
    expect(judge(draft)).toMatchObject({ fault: 'witness-unexpected', detail: { input: 1 } });
  });

  test('LE12 a debt that is moved or rolled over needs its key', () => {
    const draft = (script: Uint8Array): Draft => ({ coins: [owed(script), coinOf('credit', VC)], outputs: [outputOf('debt', VC)] });
    expect(judge(draft(ANYONE))).toBe(0n);
    expect(judge(draft(never))).toMatchObject({ fault: 'eval-false', detail: { input: 0 } });
  });

  test('LE12 a referenced seat runs no script and takes no witness', () => {
    const seat = coinOf('value', 0n, 2, { type: 3, script: never });
    expect(judge({ coins: [coinOf('value', P), seat], outputs: [value()] })).toBe(0n);
    expect(judge({ coins: [coinOf('value', P), seat], outputs: [value()], witnesses: [[], [never]] })).toMatchObject({
      fault: 'witness-unexpected',
      detail: { input: 1 },
    });
  });

  test('LE12 a seat that is spent runs its script, and so does a source that stands where a seat would', () => {
    const seat = coinOf('value', 0n, 2, { type: 3, script: never });
    const spent = { layer: 2, coins: [seat, coinOf('value', P)], outputs: [value(0n)] } as const;
    expect(judge(spent, { findSeat: () => undefined })).toMatchObject({ fault: 'eval-false', detail: { input: 0 } });
    const source = coinOf('credit', VC, 2, { type: 3, script: SOURCE_SCRIPT });
    const grant = { type: 1, coins: [source, coinOf('value', P)], outputs: [outputOf('credit', VC)] } as const;
    expect(judge(grant)).toMatchObject({ fault: 'invalid-stack-operation', detail: { input: 0 } });
  });

  test('LE12 every other input’s script must be satisfied, and the first that is not is named', () => {
    const draft = {
      coins: [coinOf('value', P), coinOf('value', P, 0, { script: never }), coinOf('value', P, 0, { script: never })],
      outputs: [value()],
    };
    expect(judge(draft)).toMatchObject({ fault: 'eval-false', detail: { input: 1 } });
  });

  test('LE12 a stake is spent by its owner script alone', () => {
    const script = buildStakeScript({ key: publicKey.slice(1), share: 7, ownerScript: ANYONE });
    const draft = (amount: bigint): Draft => ({ layer: 1, coins: [coinOf('value', amount, 1, { script })], outputs: [value(500n)] });
    expect(code(judge(draft(VC)))).toBe('accepted');
    expect(code(judge(draft(VC - 1n)))).toBe('accepted');
  });

  test.each([
    [0x01, 'accepted'],
    [0x81, 'reference-sighash'],
    [0x02, 'reference-sighash'],
    [0x03, 'reference-sighash'],
    [0x82, 'reference-sighash'],
    [0x83, 'reference-sighash'],
  ])('LE13 a source referenced under sighash type %i: %s', (type, wanted) => {
    const script = SOURCE_SCRIPT;
    const draft: Draft = { type: 1, coins: [coinOf('credit', P, 2, { script }), coinOf('value', P)], outputs: [outputOf('credit', P)] };
    const witnesses = [[new Uint8Array(0), signWith(draft, 0, script, type)], []];
    const verdict = judge({ ...draft, witnesses });
    expect(code(verdict)).toBe(wanted);
    if (isFault(verdict)) expect(verdict.detail).toMatchObject({ input: 0 });
  });

  test.each([0x01, 0x81, 0x02, 0x03, 0x82, 0x83])('LE13 a spent coin may be signed under sighash type %i', (type) => {
    const draft: Draft = { coins: [coinOf('value', P, 0, { script: buildPayToKey(publicKey) })], outputs: [value()] };
    const scriptCode = buildKeyHashCheck(buildPayToKey(publicKey).subarray(2));
    expect(code(judge({ ...draft, witnesses: [[signWith(draft, 0, scriptCode, type), publicKey]] }))).toBe('accepted');
  });

  test('LE14 signature checks are at most a fifth of a block’s', () => {
    const script = buildPayToKey(publicKey);
    const coins = Array.from({ length: 3 }, () => coinOf('value', P, 0, { script }));
    const draft: Draft = { coins, outputs: [value()] };
    const witnesses = coins.map((_, i) => [signWith(draft, i, buildKeyHashCheck(script.subarray(2)), 1), publicKey]);
    const judged = (maxBlockChecks: number) => judge({ ...draft, witnesses }, { parameters: { ...PARAMETERS, maxBlockChecks } });
    expect(code(judged(15))).toBe('accepted');
    expect(judged(14)).toMatchObject({ fault: 'too-many-checks', detail: { input: 2, checks: 3 } });
  });
});

describe('what is not in force', () => {
  const standardDebt = outputOf('debt', VC, buildDebtScript({ tag: new Uint8Array(20), term: { kind: 'expiry', lockTime: 9 } }));
  const collective = concatBytes(Uint8Array.of(0x52, 32), sha256(ANYONE));
  const rows: readonly (readonly [string, Draft])[] = [
    ['an output to a collective', { coins: [coinOf('value', P)], outputs: [value(P, collective)] }],
    [
      'a stake of a collective',
      {
        layer: 1,
        coins: [coinOf('value', P)],
        outputs: [value(P, buildStakeScript({ key: publicKey.slice(1), share: 0, ownerScript: collective }))],
      },
    ],
  ];

  test.each(rows)('LE15 %s is refused as not yet supported', (_title, draft) => {
    expect(judge(draft)).toMatchObject({ fault: 'not-yet-supported' });
  });

  test('LE15 the standard debt form on value is an ordinary script', () => {
    expect(judge({ coins: [coinOf('value', P)], outputs: [value(P, standardDebt.script)] })).toBe(0n);
  });
});

describe('the order of rules', () => {
  const [free, shut] = [ANYONE, Uint8Array.of(0x00)];
  const missing = coinOf('value', P);
  const twice = coinOf('value', P);
  /** Each draft breaks its own rule and every one after it that can be broken beside it. */
  const rows: readonly (readonly [string, Draft])[] = [
    ['duplicate-outpoint', { type: 1, layer: 1, coins: [twice, twice, missing], outputs: [value(P * 9n)], lockTime: 2_000 }],
    ['type-layer', { type: 1, layer: 1, coins: [missing], outputs: [outputOf('credit', P)], lockTime: 2_000 }],
    [
      'not-yet-supported',
      { coins: [missing], outputs: [value(0n, concatBytes(Uint8Array.of(0x52, 32), sha256(ANYONE)))], lockTime: 2_000 },
    ],
    ['missing-input', { coins: [coinOf('value', P, 0, { script: shut }), missing], outputs: [outputOf('credit', 0n)], lockTime: 2_000 }],
    ['type-mismatch', { coins: [coinOf('credit', P, 2)], outputs: [value(0n)], lockTime: 2_000 }],
    ['nothing-spent', { coins: [coinOf('value', P, 1)], outputs: [value(0n)], lockTime: 2_000 }],
    ['reference-purpose', { coins: [coinOf('value', P), coinOf('value', P, 1)], outputs: [value(0n)], lockTime: 2_000 }],
    ['amount-minimum', { coins: [coinOf('value', P)], outputs: [value(P * 2n), outputOf('debt', 0n)], lockTime: 2_000 }],
    [
      'value-created',
      { coins: [coinOf('value', P)], outputs: [value(P * 3n), outputOf('credit', P), outputOf('debt', P)], lockTime: 2_000 },
    ],
    ['credit-created', { coins: [coinOf('value', P)], outputs: [value(P), outputOf('credit', P), outputOf('debt', P)], lockTime: 2_000 }],
    [
      'debt-without-credit',
      {
        layer: 1,
        coins: [coinOf('value', P), coinOf('credit', P, 2, { script: SOURCE_SCRIPT })],
        outputs: [outputOf('debt', P + 1n)],
        lockTime: 2_000,
      },
    ],
    [
      'source-type',
      { layer: 1, coins: [coinOf('value', P, 0, { script: shut }), coinOf('credit', P, 2)], outputs: [value()], lockTime: 2_000 },
    ],
    ['lock-time', { coins: [coinOf('value', P, 0, { script: shut })], outputs: [value()], lockTime: 2_000, sequences: [0] }],
    ['eval-false', { coins: [coinOf('value', P, 0, { script: shut }), coinOf('value', P, 0, { script: free })], outputs: [value()] }],
  ];

  test.each(rows)('LE16 %s before all that follow', (wanted, draft) => {
    const known = new Map(draft.coins.filter((coin) => coin !== missing).map((coin) => [coin.outpoint.txid, coin]));
    expect(code(judge(draft, { findCoin: ({ txid }) => known.get(txid) }))).toBe(wanted);
  });

  test('LE16 sources before lifts, sums before both', () => {
    const lifted: Draft = {
      layer: 2,
      coins: [coinOf('value', P), coinOf('credit', VC)],
      outputs: [outputOf('credit', VC, SOURCE_SCRIPT)],
      lockTime: 2_000,
    };
    expect(code(account(lifted))).toBe('credit-lifted');
    expect(code(account({ ...lifted, outputs: [outputOf('credit', VC + 1n)] }))).toBe('credit-created');
  });
});
