import { asHash32 } from '#protocol/codec/hash32';
import { decodeHex, encodeHex } from '#protocol/codec/hex';
import { type Fault, fault, isFault } from '#protocol/fault';
import { decodeCoin } from '#protocol/ledger/coin-codec';
import { decodeRecord } from '#protocol/records/record-leaf';
import { prefixRange } from '#protocol/trie/ranges';
import { verifyRanges } from '#protocol/trie/verify';
import { type Finding, finding } from './finding.ts';

const FULL_BITS = 256;

const bytesOf = (text: string): Uint8Array | undefined => {
  const bytes = decodeHex(text);
  return isFault(bytes) ? undefined : bytes;
};

/**
 * A prefix as hexadecimal digits, four bits each, or with its bits written behind a slash: `3fa` `3fa0/11`.
 *
 * @fault `prefix`: not that, or longer than 256 bits
 */
export const readPrefix = (text: string): { readonly key: Uint8Array; readonly bits: number } | Fault<'prefix'> => {
  const [digits = '', count] = text.split('/');
  const bits = count === undefined ? digits.length * 4 : Number(count);
  const bytes = bytesOf(digits.length % 2 === 0 ? digits : `${digits}0`);
  if (bytes === undefined || bytes.length > 32 || !Number.isInteger(bits) || bits < 0 || bits > FULL_BITS)
    return fault('prefix', { prefix: text });
  const key = new Uint8Array(32);
  key.set(bytes);
  return { key, bits };
};

const describeLeaf = ({ key, value }: { readonly key: Uint8Array; readonly value: Uint8Array }) => {
  const coin = decodeCoin(value);
  const record = isFault(coin) ? decodeRecord(value) : undefined;
  const known = isFault(coin) ? (record === undefined || isFault(record) ? undefined : { record }) : { coin };
  return { key: encodeHex(key), value: encodeHex(value), ...known };
};

/** A multiproof under a trie's root: every leaf in the prefix, proved to be all. */
export const inspectProof = (bytes: Uint8Array, root: string, prefix: string): Finding => {
  const rootBytes = bytesOf(root);
  const range = readPrefix(prefix);
  const fields = { root, prefix, bytes: bytes.length };
  if (rootBytes?.length !== 32) return finding('proof', fields, fault('root-form', { digits: root.length }));
  if (isFault(range)) return finding('proof', fields, range);
  const leaves = verifyRanges(asHash32(rootBytes), [prefixRange(range.key, range.bits)], bytes);
  if (isFault(leaves)) return finding('proof', fields, leaves);
  return finding('proof', { ...fields, complete: true, leaves: leaves.map(describeLeaf) });
};
