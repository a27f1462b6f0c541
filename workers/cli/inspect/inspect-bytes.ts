import { encodeReversedHex } from '#protocol/codec/hash32';
import { encodeHex } from '#protocol/codec/hex';
import { type Fault, isFault } from '#protocol/fault';
import type { Parameters } from '#protocol/params/parameters';
import { computeRecordKey, decodeRecord } from '#protocol/records/record-leaf';
import { nameTable } from '#protocol/records/tables';
import { decodeSealedHeader } from '../../vault/sealed-file.ts';
import { type Finding, finding } from './finding.ts';
import { inspectBitcoinHeader, inspectBlock, inspectHeader } from './inspect-block.ts';
import { inspectPsbt } from './inspect-psbt.ts';
import { inspectTransaction } from './inspect-transaction.ts';

const inspectRecord = (bytes: Uint8Array): Finding | Fault => {
  const record = decodeRecord(bytes);
  if (isFault(record)) return record;
  const seat = record.seat === undefined ? undefined : `${encodeReversedHex(record.seat.txid)}:${record.seat.index}`;
  return finding('record', { ...record, seat, tableName: nameTable(record.table), leafKey: encodeHex(computeRecordKey(record)) });
};

const inspectSealed = (bytes: Uint8Array): Finding | Fault => {
  const header = decodeSealedHeader(bytes);
  if (isFault(header)) return header;
  const { kind, ...fields } = header;
  return finding(kind, fields);
};

type Reader = (bytes: Uint8Array, parameters: Parameters) => Finding | Fault;

const READERS: Readonly<Record<string, Reader>> = {
  transaction: inspectTransaction,
  header: inspectHeader,
  block: inspectBlock,
  'bitcoin-header': inspectBitcoinHeader,
  record: inspectRecord,
  sealed: inspectSealed,
  psbt: inspectPsbt,
};

export const INSPECTED_KINDS: readonly string[] = Object.keys(READERS);

const MAGIC = /^VC[VB]1/;
const startOf = (bytes: Uint8Array): string => String.fromCharCode(...bytes.subarray(0, 4));

/** Kinds that bytes of this length and beginning can be, the likeliest first. */
const guess = (bytes: Uint8Array): readonly string[] => {
  if (MAGIC.test(startOf(bytes))) return ['sealed'];
  if (startOf(bytes) === 'psbt') return ['psbt'];
  if (bytes.length === 80) return ['bitcoin-header'];
  if (bytes.length === 512) return ['header', 'transaction', 'record'];
  return ['transaction', 'block', 'record'];
};

/** Says what bytes are: as the kind that was named, or as the first that they can be read as. @source SPEC CW13 */
export const inspectBytes = (bytes: Uint8Array, parameters: Parameters, kind: string | undefined): Finding => {
  const kinds = kind === undefined ? guess(bytes) : [kind];
  const refusals: Record<string, Fault> = {};
  for (const name of kinds) {
    const found = READERS[name]?.(bytes, parameters);
    if (found === undefined) continue;
    if (!isFault(found)) return found;
    refusals[name] = found;
  }
  return finding('unknown', { bytes: bytes.length, readAs: Object.keys(refusals) }, ...Object.values(refusals));
};
