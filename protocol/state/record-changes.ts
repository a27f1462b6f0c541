import type { RecordChange } from '../records/check-record.ts';
import { computeRecordKey, encodeRecord, type RecordEntry } from '../records/record-leaf.ts';
import type { TrieChange } from '../trie/node.ts';

const KEY_BYTES = 32;

const bytesOf = (record: RecordEntry | undefined): number => (record === undefined ? 0 : KEY_BYTES + encodeRecord(record).length);

/** @unit bytes of leaves made, less those removed @source SPEC CN4 */
export const recordGrowth = (changes: readonly RecordChange[]): number =>
  changes.reduce((sum, { before, after }) => sum + bytesOf(after) - bytesOf(before), 0);

export const toRecordTrieChanges = (changes: readonly RecordChange[]): TrieChange[] =>
  changes.map(({ table, key, after }) => ({ key: computeRecordKey({ table, key }), value: after && encodeRecord(after) }));
