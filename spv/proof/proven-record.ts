import type { Brand } from '#protocol/brand';
import { equalBytes } from '#protocol/codec/bytes';
import type { Hash32 } from '#protocol/codec/hash32';
import { sha256 } from '#protocol/crypto/hash';
import { type Fault, fault, isFault } from '#protocol/fault';
import { computeRecordKey, decodeRecord, type RecordEntry } from '#protocol/records/record-leaf';
import type { ChainedHeader } from '#protocol/stake/header-view';
import type { KeyRange } from '#protocol/trie/node';
import { keyRange, prefixRange } from '#protocol/trie/ranges';
import type { VerifiedLeaf } from '../task.ts';

const TABLE_BITS = 96;

/** What is asked for: the record of one key, or with `key` undefined all of a table. */
export interface RecordQuestion {
  readonly table: Uint8Array;
  readonly key: Uint8Array | undefined;
}

/** The complete answer after one verified block: an empty list is a proof of absence. */
export type ProvenRecords = Brand<
  { readonly hash: Hash32; readonly height: number; readonly records: readonly RecordEntry[] },
  'ProvenRecords'
>;

/** Where the records trie holds what is asked for. @source SPEC LC17, RC1 */
export const recordRange = ({ table, key }: RecordQuestion): KeyRange =>
  key === undefined ? prefixRange(sha256(table), TABLE_BITS) : keyRange(computeRecordKey({ table, key }));

/**
 * Reads records from the leaves of a verified multiproof: each lies where its own table and key say, and is of what was asked.
 *
 * @shape leaves: all of the question's range
 * @fault `leaf-form`: not a record; `leaf-key`: filed under another key
 * @source SPEC LC17
 */
export const verifyRecords = (
  header: ChainedHeader,
  question: RecordQuestion,
  leaves: readonly VerifiedLeaf[],
): ProvenRecords | Fault<'leaf-form' | 'leaf-key'> => {
  const records: RecordEntry[] = [];
  for (const leaf of leaves) {
    const record = decodeRecord(leaf.value);
    if (isFault(record)) return fault('leaf-form', { code: record.fault });
    if (!equalBytes(computeRecordKey(record), leaf.key)) return fault('leaf-key');
    if (equalBytes(record.table, question.table)) records.push(record);
  }
  return { hash: header.hash, height: header.header.height, records } as unknown as ProvenRecords;
};
