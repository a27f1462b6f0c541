import { equalBytes } from '#protocol/codec/bytes';
import { asHash32, type Hash32, ZERO_HASH } from '#protocol/codec/hash32';
import { decodeHex, encodeHex } from '#protocol/codec/hex';
import { decodeField } from '#protocol/codec/schema';
import { type Fault, fault, isFault } from '#protocol/fault';
import { decodeCoin } from '#protocol/ledger/coin-codec';
import { computeCoinKey } from '#protocol/ledger/coin-key';
import type { Parameters } from '#protocol/params/parameters';
import { computeRecordKey, decodeRecord } from '#protocol/records/record-leaf';
import { encodeAddress } from '#protocol/script/address';
import { computeOwnerTag } from '#protocol/script/owner-tag';
import { decodeStakeLeaf } from '#protocol/stake/stake-leaf';
import type { KeyRange } from '#protocol/trie/node';
import { checkUpTo, cutRanges, prefixRange, rangesAfter } from '#protocol/trie/ranges';
import { type ProvenLeaf, verifyRanges } from '#protocol/trie/verify';
import { PROTOCOLS } from '#protocol/wire/protocols';
import { verifyRangesJob } from '#spv/proof/execute-job';
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

/** Several prefixes stand behind commas, ascending: `3fa,5b0/11`. */
const readRanges = (text: string): readonly KeyRange[] | Fault<'prefix'> => {
  const ranges: KeyRange[] = [];
  for (const part of text.split(',')) {
    const prefix = readPrefix(part.trim());
    if (isFault(prefix)) return prefix;
    ranges.push(prefixRange(prefix.key, prefix.bits));
  }
  return ranges;
};

const NO_OUTPOINT = { txid: ZERO_HASH, index: 0 };

const describeCoin = ({ key, value }: ProvenLeaf, parameters: Parameters): object | undefined => {
  const coin = decodeCoin(value);
  if (isFault(coin)) return undefined;
  const ownerTag = computeOwnerTag(coin, parameters);
  const address = encodeAddress(coin.script, parameters.addressPrefix);
  return equalBytes(computeCoinKey(ownerTag, coin.outpoint), key) ? { coin, ownerTag, address } : undefined;
};

const describeRecord = ({ key, value }: ProvenLeaf): object | undefined => {
  const record = decodeRecord(value);
  return !isFault(record) && equalBytes(computeRecordKey(record), key) ? { record } : undefined;
};

/** A stake's key is the hash of its outpoint, which its value does not say. */
const describeStake = ({ value }: ProvenLeaf): object | undefined => {
  const stake = decodeStakeLeaf(NO_OUTPOINT, value);
  if (isFault(stake)) return undefined;
  const { outpoint: _, ...fields } = stake;
  return { stake: fields };
};

/** What a leaf says; undefined where its value is of no kind that would lie under its key. */
const describeValue = (leaf: ProvenLeaf, parameters: Parameters): object | undefined =>
  describeCoin(leaf, parameters) ?? describeRecord(leaf) ?? describeStake(leaf);

type Verdict = Pick<Finding, 'fields' | 'faults'>;

const fromLeaves = (leaves: readonly ProvenLeaf[] | Fault, fields: Finding['fields'], parameters: Parameters): Verdict => {
  if (isFault(leaves)) return { fields, faults: [leaves] };
  const described = leaves.map((leaf) => ({ leaf, said: describeValue(leaf, parameters) }));
  const shown = described.map(({ leaf: { key, value }, said }) => ({ key: encodeHex(key), value: encodeHex(value), ...said }));
  const misplaced = described.filter(({ said }) => said === undefined);
  return {
    fields: { ...fields, complete: true, leaves: shown },
    faults: misplaced.map(({ leaf }) => fault('leaf-key', { key: encodeHex(leaf.key) })),
  };
};

/** A node's whole answer, whose other two roots make the state root of a header; it may be complete only up to a key. */
const inspectAnswer = (bytes: Uint8Array, stateRoot: Hash32, ranges: readonly KeyRange[], parameters: Parameters): Verdict | undefined => {
  const answer = decodeField(PROTOCOLS.proof.answer, bytes);
  if (isFault(answer) || answer.kind !== 'proof') return undefined;
  const { block, trie, otherRoots, upTo, proof } = answer;
  const [first, second] = otherRoots;
  if (first === undefined || second === undefined) return undefined;
  const cut = cutRanges(ranges, upTo);
  const leaves = verifyRangesJob({ stateRoot, trie, otherRoots: [first, second], ranges: cut, proof });
  const fields = { answer: { block, trie, otherRoots: otherRoots.map(encodeHex), upTo, rest: rangesAfter(ranges, upTo).length } };
  if (isFault(leaves)) return { fields, faults: [leaves] };
  const end = checkUpTo(ranges, upTo, leaves.at(-1)?.key);
  return end === true ? fromLeaves(leaves, fields, parameters) : { fields, faults: [end] };
};

/** A multiproof under a trie's root, or a node's answer under a header's state root: every leaf in the prefixes, proved to be all. */
export const inspectProof = (
  bytes: Uint8Array,
  { root, prefix }: { readonly root: string; readonly prefix: string },
  parameters: Parameters,
): Finding => {
  const rootBytes = bytesOf(root);
  const ranges = readRanges(prefix);
  const fields = { root, prefix, bytes: bytes.length };
  if (rootBytes?.length !== 32) return finding('proof', fields, fault('root-form', { digits: root.length }));
  if (isFault(ranges)) return finding('proof', fields, ranges);
  const bare = verifyRanges(asHash32(rootBytes), ranges, bytes);
  const verdict =
    (isFault(bare) ? inspectAnswer(bytes, asHash32(rootBytes), ranges, parameters) : undefined) ?? fromLeaves(bare, {}, parameters);
  return finding('proof', { ...fields, ...verdict.fields }, ...verdict.faults);
};
