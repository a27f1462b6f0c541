import { decodeBitcoinHeader, hashBitcoinHeader } from '#protocol/bitcoin/header-codec';
import { hasWork, makeDifficulty } from '#protocol/bitcoin/proof-of-work';
import { decodeBody } from '#protocol/block/body-codec';
import { computeBlockWeight, computeTxRoot, computeWitnessRoot } from '#protocol/block/body-roots';
import { HEADER_BYTES, type Header } from '#protocol/block/header';
import { computeHeaderHash, decodeHeader } from '#protocol/block/header-codec';
import { equalBytes } from '#protocol/codec/bytes';
import { encodeReversedHex } from '#protocol/codec/hash32';
import { encodeHex } from '#protocol/codec/hex';
import { type Fault, fault, isFault } from '#protocol/fault';
import type { Parameters } from '#protocol/params/parameters';
import { decodeBits } from '#protocol/params/target';
import { checkRight } from '#protocol/stake/check-right';
import { checkSignature } from '#protocol/stake/check-signature';
import { computeKernel, isKernelBelow } from '#protocol/stake/kernel';
import { type Finding, finding } from './finding.ts';
import { describeTransaction, judgeTransaction } from './inspect-transaction.ts';

const describeHeader = (header: Header): Finding['fields'] => {
  const { right, signature, ...rest } = header;
  const described =
    right.kind === 'stake' ? { ...right, outpoint: `${encodeReversedHex(right.outpoint.txid)}:${right.outpoint.index}` } : right;
  const hash = encodeHex(computeHeaderHash(header));
  return { hash, ...rest, bits: header.bits.toString(16), bitcoin: encodeReversedHex(header.bitcoin), right: described, signature };
};

const checkKernel = (header: Header): Fault | undefined => {
  const { right, bits } = header;
  const target = decodeBits(bits);
  if (isFault(target)) return target;
  if (right.kind !== 'stake') return undefined;
  const kernel = computeKernel({ bitcoin: header.bitcoin, outpoint: right.outpoint, time: header.time });
  return isKernelBelow(kernel, right.amount, target) ? undefined : fault('kernel', { height: header.height });
};

/** What a header breaks by itself; link, target, stake proof and weight need its chain. */
const judgeHeader = (header: Header, parameters: Parameters): readonly (Fault | undefined | true)[] => {
  if (header.height === 0) return [];
  const right = checkRight(header);
  const slot = header.time % parameters.slotLength === 0 ? undefined : fault('time-not-slot', { time: header.time });
  return [isFault(right) ? right : undefined, slot, checkSignature(header, computeHeaderHash(header)), checkKernel(header)];
};

/** @shape bytes: 512 */
export const inspectHeader = (bytes: Uint8Array, parameters: Parameters): Finding | Fault => {
  const header = decodeHeader(bytes);
  return isFault(header) ? header : finding('header', describeHeader(header), ...judgeHeader(header, parameters));
};

/** @shape bytes: header 512 ‖ body */
export const inspectBlock = (bytes: Uint8Array, parameters: Parameters): Finding | Fault => {
  const header = decodeHeader(bytes.subarray(0, HEADER_BYTES));
  if (isFault(header)) return header;
  const body = decodeBody(bytes.subarray(HEADER_BYTES));
  if (isFault(body)) return body;
  const fields = {
    header: describeHeader(header),
    weight: computeBlockWeight(body),
    transactions: body.transactions.map((transaction) => describeTransaction(transaction, parameters)),
    versions: body.versions.length,
  };
  const txRoot = equalBytes(computeTxRoot(body), header.txRoot) ? undefined : fault('tx-root');
  const witnessRoot = equalBytes(computeWitnessRoot(body), header.witnessRoot) ? undefined : fault('witness-root');
  const weight = fields.weight <= parameters.maxBlockWeight ? undefined : fault('block-weight', { weight: fields.weight });
  const inner = body.transactions.flatMap((transaction) => judgeTransaction(transaction, parameters));
  return finding('block', fields, ...judgeHeader(header, parameters), txRoot, witnessRoot, weight, ...inner);
};

/** @shape bytes: 80 */
export const inspectBitcoinHeader = (bytes: Uint8Array): Finding | Fault => {
  const header = decodeBitcoinHeader(bytes);
  if (isFault(header)) return header;
  const target = decodeBits(header.bits);
  const hash = hashBitcoinHeader(bytes);
  const worked = !isFault(target) && hasWork(hash, makeDifficulty(header.bits));
  const fields = {
    hash: encodeReversedHex(hash),
    ...header,
    previous: encodeReversedHex(header.previous),
    merkleRoot: encodeReversedHex(header.merkleRoot),
    bits: header.bits.toString(16),
  };
  return finding('bitcoin-header', fields, isFault(target) ? target : undefined, worked ? undefined : fault('bitcoin-work'));
};
