import type { Hash32 } from '../codec/hash32.ts';
import { isFault } from '../fault.ts';
import { invariant } from '../invariant.ts';
import { findLeaf } from '../trie/find.ts';
import type { NodeReader } from '../trie/node.ts';
import { computeRecordKey, decodeRecord, type RecordEntry } from './record-leaf.ts';

/** The record under a leaf's key in a records trie of our own. @source SPEC RC1 */
export const readRecord = (reader: NodeReader, root: Hash32, leafKey: Uint8Array): RecordEntry | undefined => {
  const value = findLeaf(reader, root, leafKey);
  if (value === undefined) return undefined;
  const record = decodeRecord(value);
  invariant(!isFault(record), 'the state holds records');
  return record;
};

/** @source SPEC RC1 */
export const findRecordIn = (reader: NodeReader, root: Hash32, table: Uint8Array, key: Uint8Array): RecordEntry | undefined =>
  readRecord(reader, root, computeRecordKey({ table, key }));
