import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { reportFigure, SOAK } from '../../../setup/soak-figure.ts';
import { ZERO_HASH } from '../../codec/hash32.ts';
import { encodeHex } from '../../codec/hex.ts';
import { type CurveBackend, NOBLE_CURVE, useCrypto } from '../../crypto/backend.ts';
import type { Coin } from '../../ledger/coin.ts';
import { computeRecordKey, encodeRecord } from '../../records/record-leaf.ts';
import { MemoryNodes } from '../../trie/memory-nodes.ts';
import { updateTrie } from '../../trie/update.ts';
import { outpointKey } from '../../tx/outpoint.ts';
import { computeMedianPast } from '../block-effect.ts';
import { BlockLedger } from '../block-ledger.ts';
import { History, toCoin } from './test-history.ts';
import { outpointOf } from './test-keyring.ts';
import { bytesOf } from './test-naive-forms.ts';

const SEEDS = SOAK ? 200 : 3;
const BLOCKS = 60;
const TRIES = 20;

const plain = (_: string, each: unknown): unknown =>
  typeof each === 'bigint' ? `${each}n` : each instanceof Uint8Array ? encodeHex(each) : each;
const text = (coin: Coin): string => {
  const { outpoint, element, amount, script, layer, type, height, medianTime } = coin;
  return JSON.stringify([outpoint, element, amount, script, layer, type, height, medianTime], plain);
};

const expectRecords = ({ chain: { state }, naive: { tip } }: History): void => {
  const leaves = [...tip.records.values()].map(({ table, key, value, seat, height }) => {
    const record = {
      table: bytesOf(table),
      key: bytesOf(key),
      value: bytesOf(value),
      seat: seat === '' ? undefined : outpointOf(seat),
      height,
    };
    return { key: computeRecordKey(record), value: encodeRecord(record) };
  });
  expect(encodeHex(updateTrie(new MemoryNodes(), ZERO_HASH, leaves).root)).toBe(encodeHex(state.roots.records));
  const seats = new Set([...tip.records.values()].map(({ seat }) => seat));
  for (const [at, { layer }] of tip.coins) if (layer === 2) expect(state.findSeat(outpointOf(at)) !== undefined).toBe(seats.has(at));
};

const expectFrozen = ({ chain: { state }, naive }: History): void => {
  const { findFrozen } = new BlockLedger(state, computeMedianPast(state));
  for (const [tag, holder] of naive.frozen) expect(findFrozen(bytesOf(tag))).toBe(holder);
};

const expectStakes = ({ chain: { state }, naive }: History): void => {
  const stakes = state.allStakes.map(({ outpoint, ownerScript, eligibleFrom, registeredTime, creditFrom, key, ...rest }) => {
    const named = { key: encodeHex(key), owner: encodeHex(ownerScript) };
    return [outpointKey(outpoint), { ...rest, ...named, eligible: eligibleFrom, registered: registeredTime, creditFrom }] as const;
  });
  expect(new Map(stakes)).toEqual(naive.tip.stakes);
};

const expectSame = (history: History, conserved: bigint): void => {
  const {
    chain: { state },
    naive,
  } = history;
  const { value, debt, fees } = state.tip.economy;
  expect(value - debt + fees).toBe(conserved);
  expect(state.tip.economy).toEqual(naive.economy);
  const [product, wanted] = [[...state.coins.values()].map(text), [...naive.tip.coins.values()].map((coin) => text(toCoin(coin)))];
  expect(product.sort()).toEqual(wanted.sort());
  expectRecords(history);
  expectStakes(history);
  expectFrozen(history);
};

const live = (seed: number): History => {
  const history = new History(seed);
  const { value, debt, fees } = history.chain.state.tip.economy;
  for (let block = 0; block < BLOCKS; block++) {
    history.grow(TRIES);
    expectSame(history, value - debt + fees);
    if (block % 7 === 6) {
      history.reorganise();
      expectSame(history, value - debt + fees);
    }
  }
  return history;
};

/** What valid transactions of a history do. */
const LAWFUL = [
  ...['credit authorised', 'drawn in layer 0', 'drawn in layer 1', 'drawn in instalments', 'a debt of another script'],
  ...['repaid in layer 0', 'repaid in layer 1', 'rolled over', 'rolled over by anyone after the term', 'debt moved to another'],
  ...['sources re-issued', 'a dead source re-issued', 'member added', 'member replaced', 'member removed'],
  ...['realname written', 'realname changed', 'child written', 'anchor written', 'anchor changed', 'agent written', 'suspension written'],
  ...['a seat asserted', 'a frozen account keeps to itself', 'one coin seized', 'several coins seized'],
  ...['a stake made', 'a stake withdrawn', 'a reward collected', 'a free output taken', 'data', 'a coin of the same block spent'],
  'valid again after a reorganisation',
];

/** What the two judges refuse alike. */
const REFUSED = [
  ...['coinbase-form', 'duplicate-outpoint', 'missing-input', 'not-yet-supported', 'nothing-spent', 'type-layer', 'type-mismatch'],
  ...['amount-minimum', 'element-layer', 'key-like-script', 'management-value', 'no-outputs', 'reference-purpose', 'return-script'],
  ...['credit-bound', 'credit-created', 'credit-lifted', 'debt-without-credit', 'value-created', 'source-former-member'],
  ...['child-account', 'child-fixed', 'child-form', 'governed-keys', 'group-change', 'group-keys', 'record-early'],
  ...['record-removal', 'record-seat', 'record-table', 'frozen', 'immature', 'lock-time', 'no-consent', 'sequence-lock'],
  ...['declined-invalid', 'declined-lawful', 'liability-account', 'liability-due', 'punishment-form', 'seized-sighash'],
  ...['equalverify', 'sig-nullfail', 'witness-program-mismatch'],
];

const met = new Map<string, number>();

let judged = 0;

const verified = new Map<string, boolean>();

/** Each signature is verified once, however often it is judged. */
const remember: CurveBackend['verifyEcdsa'] = (signature, digest, publicKey) => {
  const name = [signature, digest, publicKey].map(encodeHex).join();
  const known = verified.get(name) ?? NOBLE_CURVE.verifyEcdsa(signature, digest, publicKey);
  if (verified.size > 100_000) verified.clear();
  verified.set(name, known);
  return known;
};

beforeAll(() => useCrypto({ curve: { ...NOBLE_CURVE, verifyEcdsa: remember } }));
afterAll(() => useCrypto({ curve: NOBLE_CURVE }));

describe('the whole ledger beside a second, naive one', () => {
  test.each(Array.from({ length: SEEDS }, (_, i) => i + 1))(
    'V9 LE16 CN6 CN8 DE4 after each block of random history %i verdicts, economy, coins, records, stakes and frozen accounts are equal',
    (seed) => {
      const history = live(seed);
      judged += history.judgements.length;
      for (const { product, labels } of history.judgements)
        for (const label of [product, ...labels]) met.set(label, (met.get(label) ?? 0) + 1);
    },
  );

  test('V9 LE16 DE5 the histories meet what ledgers are for, and every way of breaking it that is tried here', () => {
    expect(met.get('accepted')).toBeGreaterThan(SEEDS * 400);
    expect([...LAWFUL, ...REFUSED].filter((each) => !met.has(each))).toEqual([]);
    reportFigure('V9', 'transactions judged twice alike', judged, { atLeast: SEEDS * 1_000 }, 'transactions');
  });
});
