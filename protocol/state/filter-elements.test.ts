import { describe, expect, test } from 'vitest';
import { concatBytes } from '../codec/bytes.ts';
import { encodeHex } from '../codec/hex.ts';
import { hash160 } from '../crypto/hash.ts';
import { buildDataScript } from '../script/forms/data-output.ts';
import { buildDebtScript } from '../script/forms/debt.ts';
import { buildKeyHashCheck } from '../script/forms/key-check.ts';
import { buildPayToKeyHash } from '../script/forms/pay-to-key.ts';
import { buildStakeScript, type PlacedOutput } from '../script/forms/stake.ts';
import { computeFilterElements } from './filter-elements.ts';
import { testKey } from './test-chain.ts';

const LIMITS = { minStake: 1_000n };
const TAG = new Uint8Array(20).fill(7);
const place = (script: Uint8Array, more: Partial<PlacedOutput> = {}): PlacedOutput => ({
  element: 'value',
  amount: 1_000n,
  layer: 1,
  script,
  ...more,
});
const found = (...outputs: PlacedOutput[]): string[] => computeFilterElements(outputs, [], LIMITS).map(encodeHex).sort();
const texts = (...elements: Uint8Array[]): string[] => elements.map(encodeHex).sort();

describe('what a filter lets a wallet find', () => {
  const { xOnly } = testKey(1);
  const check = buildKeyHashCheck(TAG);
  const debt = buildDebtScript({ tag: TAG, term: { kind: 'blocks', blocks: 9 } });
  const staker = hash160(concatBytes(Uint8Array.of(2), xOnly));

  test('FI1 is the owner of every output, each once, and of data nobody', () => {
    const key = place(buildPayToKeyHash(TAG));
    expect(found(key, key)).toEqual(texts(TAG));
    expect(found(place(buildDataScript(TAG), { amount: 0n }))).toEqual([]);
    expect(found()).toEqual([]);
  });

  test('FI1 is the key in a bare check and in a debt’s form besides, on whatever element it stands', () => {
    expect(found(place(check))).toEqual(texts(hash160(check), TAG));
    expect(found(place(debt, { element: 'debt' }))).toEqual(texts(TAG));
    expect(found(place(debt))).toEqual(texts(hash160(debt), TAG));
  });

  test('FI1 is the staker of a stake besides its owner, whose script is read as if it stood alone', () => {
    const stake = (ownerScript: Uint8Array) => place(buildStakeScript({ key: xOnly, share: 0, ownerScript }));
    expect(found(stake(buildPayToKeyHash(TAG)))).toEqual(texts(TAG, staker));
    expect(found(stake(check))).toEqual(texts(hash160(check), TAG, staker));
    const small = { ...stake(check), amount: 999n };
    expect(found(small)).toEqual(texts(hash160(small.script)));
  });
});
