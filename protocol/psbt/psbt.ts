import { compareBytes, equalBytes } from '../codec/bytes.ts';
import { encodeHex } from '../codec/hex.ts';
import { type ByteReader, type CodecFault, decodeBytes } from '../codec/reader.ts';
import { type ByteWriter, encodeBytes } from '../codec/writer.ts';
import { type Fault, fault, isFault } from '../fault.ts';
import { PSBT_GLOBAL } from './fields.ts';

const MAGIC = Uint8Array.of(0x70, 0x73, 0x62, 0x74, 0xff);
const MAX_BYTES = 4_000_000;
/** shortest map: its end */
const MAX_MAPS = 200_000;

/** @shape key: type ‖ key data, not empty */
export interface PsbtEntry {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/** Entries in the order in which they stand. */
export type PsbtMap = readonly PsbtEntry[];

/** A partially signed transaction as it stands: every entry in its place, so that it is written as it was read. */
export interface Psbt {
  readonly version: 0 | 2;
  readonly global: PsbtMap;
  /** of inputs, then of outputs */
  readonly maps: readonly PsbtMap[];
}

export type PsbtFormFault = CodecFault | Fault<'psbt-magic' | 'psbt-duplicate-key' | 'psbt-version'>;

const readMap = (reader: ByteReader): PsbtMap => {
  const entries: PsbtEntry[] = [];
  const keys = new Set<string>();
  for (;;) {
    const key = reader.varBytes(MAX_BYTES);
    if (key.length === 0) return entries;
    const name = encodeHex(key);
    if (keys.has(name)) reader.refuse('psbt-duplicate-key', { map: name });
    keys.add(name);
    entries.push({ key, value: reader.varBytes(MAX_BYTES) });
  }
};

const readMaps = (reader: ByteReader): readonly PsbtMap[] => {
  if (reader.remaining < MAGIC.length || !equalBytes(reader.take(MAGIC.length), MAGIC)) reader.refuse('psbt-magic');
  const maps: PsbtMap[] = [];
  while (reader.remaining > 0) {
    if (maps.length > MAX_MAPS) reader.refuse('size', { maps: maps.length });
    maps.push(readMap(reader));
  }
  return maps;
};

/** The value of the key that has this type and nothing else. */
export const findValue = (map: PsbtMap, type: number): Uint8Array | undefined =>
  map.find(({ key }) => key.length === 1 && key[0] === type)?.value;

/** @shape value: 4 bytes, little-endian; undefined: none, or of another length */
export const findNumber = (map: PsbtMap, type: number): number | undefined => {
  const value = findValue(map, type);
  const read = value === undefined ? undefined : decodeBytes(value, (reader) => reader.u32());
  return read === undefined || isFault(read) ? undefined : read;
};

/**
 * Reads the form of a PSBT, and nothing of what its values mean.
 *
 * @fault `psbt-magic`: other first bytes; `psbt-duplicate-key`: one map has a key twice; `psbt-version`: neither 0 nor 2; and
 * the codec's own
 * @source SPEC PS1; BIP174
 */
export const decodePsbtForm = (bytes: Uint8Array): Psbt | PsbtFormFault => {
  const maps = decodeBytes<readonly PsbtMap[], PsbtFormFault['fault']>(bytes, readMaps);
  if (isFault(maps)) return maps;
  const [global = [], ...rest] = maps;
  const version = findValue(global, PSBT_GLOBAL.version) === undefined ? 0 : findNumber(global, PSBT_GLOBAL.version);
  return version === 0 || version === 2 ? { version, global, maps: rest } : fault('psbt-version', { version: version ?? -1 });
};

const writeMap = (writer: ByteWriter, map: PsbtMap): void => {
  for (const { key, value } of map) writer.varBytes(key).varBytes(value);
  writer.u8(0);
};

export const encodePsbt = ({ global, maps }: Psbt): Uint8Array =>
  encodeBytes((writer) => {
    writer.bytes(MAGIC);
    for (const map of [global, ...maps]) writeMap(writer, map);
  });

const SIGNATURE_TYPE = 0x02;

/** By key; signatures among themselves as they came, as in the BIP's own run. */
const compareEntries = ({ key: one }: PsbtEntry, { key: other }: PsbtEntry): number =>
  one[0] === SIGNATURE_TYPE && other[0] === SIGNATURE_TYPE ? 0 : compareBytes(one, other);

/** Every entry of both, in the order of their keys; where both have one the first one's value stays. @source BIP174, combiner */
export const joinMaps = (one: PsbtMap, other: PsbtMap): PsbtMap => {
  const missing = other.filter(({ key }) => !one.some((entry) => equalBytes(entry.key, key)));
  return [...one, ...missing].sort(compareEntries);
};
