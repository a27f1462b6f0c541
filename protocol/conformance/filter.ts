import { decodeFilter, encodeFilter, matchFilter } from '../block/filter.ts';
import { concatBytes, equalBytes } from '../codec/bytes.ts';
import { decodeReversedHex, type Hash32 } from '../codec/hash32.ts';
import { decodeHex, encodeHex } from '../codec/hex.ts';
import { type ByteReader, decodeBytes } from '../codec/reader.ts';
import { hash256 } from '../crypto/hash.ts';
import { isFault } from '../fault.ts';
import { type ConformanceAdapter, ConformanceTally, parseJson } from './report.ts';

const ANY = 4_000_000;
const OP_RETURN = 0x6a;

const readOutputScripts = (reader: ByteReader): Uint8Array[] => {
  reader.u32();
  const segwit = reader.bytes[reader.offset] === 0;
  if (segwit) reader.take(2);
  const inputs = reader.list(ANY, 41, (r) => {
    r.take(36);
    r.varBytes(ANY);
    return r.u32();
  });
  const scripts = reader.list(ANY, 9, (r) => {
    r.u64();
    return r.varBytes(ANY);
  });
  if (segwit) for (const _ of inputs) reader.list(ANY, 1, (r) => r.varBytes(ANY));
  reader.u32();
  return scripts;
};

const readBlockScripts = (reader: ByteReader): Uint8Array[] => {
  reader.take(80);
  return reader.list(ANY, 60, readOutputScripts).flat();
};

/** BIP158's basic elements: scripts of outputs without data, and the scripts that inputs spend; each once, none empty. */
const basicElements = (outputs: readonly Uint8Array[], spent: readonly Uint8Array[]): Uint8Array[] => {
  const scripts = [...outputs.filter((script) => script[0] !== OP_RETURN), ...spent].filter(({ length }) => length > 0);
  return [...new Map(scripts.map((script) => [encodeHex(script), script])).values()];
};

type Row = readonly [number, string, string, readonly string[], string, string, string, string];

const computeHeader = (filter: Uint8Array, previous: Hash32): Hash32 => hash256(concatBytes(hash256(filter), previous));

const isRowRight = ([, hash, block, spent, previous, expected, header]: Row): boolean => {
  const outputs = decodeBytes(decodeHex(block) as Uint8Array, readBlockScripts);
  if (isFault(outputs)) return false;
  const elements = basicElements(
    outputs,
    spent.map((script) => decodeHex(script) as Uint8Array),
  );
  const key = (decodeReversedHex(hash) as Hash32).subarray(0, 16);
  const filter = encodeFilter(elements, key);
  return (
    encodeHex(filter) === expected &&
    equalBytes(computeHeader(filter, decodeReversedHex(previous) as Hash32), decodeReversedHex(header) as Hash32) &&
    !isFault(decodeFilter(filter)) &&
    elements.every((element) => matchFilter(filter, key, [element]) === true)
  );
};

/** bips/bip-0158_testnet-19.json: the filters of ten blocks, with Bitcoin's own elements and key. */
export const checkBlockFilters: ConformanceAdapter = (contents) => {
  const tally = new ConformanceTally();
  const [, ...rows] = parseJson(contents) as readonly Row[];
  for (const row of rows) tally.judge(`block ${row[0]}: ${row[7]}`, isRowRight(row));
  return tally.report();
};
