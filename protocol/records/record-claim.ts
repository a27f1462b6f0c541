import { equalBytes } from '../codec/bytes.ts';
import { type Fault, fault } from '../fault.ts';
import { GROUP_TABLE } from './tables.ts';

const PARTS = 3;
const MAX_TABLE_BYTES = 32;
const MAX_KEY_BYTES = 64;
const MAX_VALUE_BYTES = 520;
const MAX_GROUP_VALUE_BYTES = 680;

/** What a record transaction shows above its signatures: the commitment's hash is over these three. */
export interface RecordClaim {
  readonly table: Uint8Array;
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/** The longest witness item that a commitment's spending may show. @unit bytes @source SPEC RC4 */
export const maxRecordItem = (table: Uint8Array): number => (equalBytes(table, GROUP_TABLE) ? MAX_GROUP_VALUE_BYTES : MAX_VALUE_BYTES);

/**
 * @fault `record-witness`: fewer than three items; `record-size`: a table, key or value over its limit
 * @source SPEC RC4; spec 04, records
 */
export const readRecordClaim = (witness: readonly Uint8Array[]): RecordClaim | Fault<'record-witness' | 'record-size'> => {
  const [table, key, value] = witness.slice(-PARTS);
  if (table === undefined || key === undefined || value === undefined) return fault('record-witness', { items: witness.length });
  const fits = table.length <= MAX_TABLE_BYTES && key.length <= MAX_KEY_BYTES && value.length <= maxRecordItem(table);
  return fits ? { table, key, value } : fault('record-size', { table: table.length, key: key.length, value: value.length });
};
