import { expect, test } from 'vitest';
import { concatBytes } from '../codec/bytes.ts';
import { asHash32 } from '../codec/hash32.ts';
import { encodeUtf8 } from '../codec/utf8.ts';
import { sha256 } from '../crypto/hash.ts';
import { admissionRecord, computeRecordKey, encodeRecord } from './record-leaf.ts';

const [table, key] = [encodeUtf8('anchor'), encodeUtf8('k')];

test('RC1 a record is filed by table and key, and its leaf holds all five parts', () => {
  expect(computeRecordKey({ table, key })).toEqual(concatBytes(sha256(table).slice(0, 12), sha256(key).slice(0, 20)));
  const seat = { txid: asHash32(new Uint8Array(32).fill(7)), index: 1 };
  expect(encodeRecord({ table, key, value: Uint8Array.of(9), seat, height: 258 })).toEqual(
    concatBytes(
      Uint8Array.of(6),
      table,
      Uint8Array.of(1),
      key,
      Uint8Array.of(1, 9),
      seat.txid,
      Uint8Array.of(1, 0, 0, 0),
      Uint8Array.of(2, 1, 0, 0),
    ),
  );
});

test('RC2 genesis names the members in list order, and nobody holds a seat', () => {
  const [first, second] = [new Uint8Array(33).fill(2), new Uint8Array(33).fill(3)];
  const record = admissionRecord([second, first], 0);
  expect(record.value).toEqual(concatBytes(second, first));
  expect(encodeRecord(record).slice(-40)).toEqual(new Uint8Array(40));
});
