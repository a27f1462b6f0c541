import { secp256k1 } from '@noble/curves/secp256k1.js';
import { expect, test } from 'vitest';
import { decodeGroup, encodeGroup } from './group.ts';

const key = (i: number): Uint8Array => secp256k1.getPublicKey(new Uint8Array(32).fill(i), true);
const limit = { groupMax: 3 };

test('AG1 a list is judged by itself, whichever list was good before', () => {
  const good = encodeGroup([key(1), key(2)]);
  const offCurve = good.slice();
  offCurve.fill(0xff, 34, 66);
  for (let round = 0; round < 2; round++) {
    expect(decodeGroup(good.slice(), limit)).toEqual([key(1), key(2)]);
    expect(decodeGroup(offCurve, limit)).toEqual({ fault: 'group-form', detail: { member: 1 } });
    expect(decodeGroup(encodeGroup([key(1), key(1)]), limit)).toEqual({ fault: 'group-form', detail: { member: 1 } });
    expect(decodeGroup(good, { groupMax: 1 })).toMatchObject({ fault: 'group-form' });
  }
});

test('AG1 a list that was found good does not change with the bytes it was read from', () => {
  const bytes = encodeGroup([key(1), key(2)]);
  decodeGroup(bytes, limit);
  bytes.fill(0xff, 34, 66);
  expect(decodeGroup(bytes, limit)).toMatchObject({ fault: 'group-form' });
});
