import { describe, expect, test } from 'vitest';
import { encodeHex } from '#protocol/codec/hex';
import { buildMultisigInOrder } from '#protocol/script/forms/multisig';
import { testKey } from '#protocol/state/test-chain';
import { sourceScripts } from './source-scripts.ts';

const keys = Array.from({ length: 20 }, (_, i) => testKey(i + 1).publicKey);
const formsOf = (count: number): readonly string[] => sourceScripts(keys.slice(0, count)).map(encodeHex);
const form = (threshold: number, ...places: readonly number[]): string =>
  encodeHex(buildMultisigInOrder({ threshold, keys: places.map((place) => keys[place] as Uint8Array) }));

describe('where a group’s sources are looked for', () => {
  test('CW49 AG5 under each member alone, under the list as it stands, and under the list before members were added', () => {
    expect(new Set(formsOf(3))).toEqual(
      new Set([
        ...[form(1, 0), form(1, 1), form(1, 2)],
        ...[form(1, 0, 1), form(2, 0, 1)],
        ...[form(1, 0, 1, 2), form(2, 0, 1, 2), form(3, 0, 1, 2)],
      ]),
    );
  });

  test('CW49 each form once, few enough for one question', () => {
    for (const count of [1, 2, 5, 20]) expect(new Set(formsOf(count)).size).toBe(formsOf(count).length);
    expect(formsOf(20)).toHaveLength(229);
  });
});
