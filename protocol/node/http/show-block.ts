import type { StakeRight } from '#protocol/block/header';
import { encodeReversedHex } from '#protocol/codec/hash32';
import { encodeHex } from '#protocol/codec/hex';
import type { Parameters } from '#protocol/params/parameters';
import { encodeAddress } from '#protocol/script/address';
import { UNITS_PER_VC } from '#protocol/tx/amount';
import { computeSize, computeTxid, computeVirtualSize, computeWeight, computeWtxid } from '#protocol/tx/identity';
import type { Transaction, TransactionOutput } from '#protocol/tx/transaction';
import { encodeTransaction } from '#protocol/tx/transaction-codec';
import type { StoredHeader } from '../chain/contract.ts';

/** Exact decimal text of an amount in VC, as Bitcoin Core shows bitcoins. */
export const showAmount = (units: bigint): string => `${units / UNITS_PER_VC}.${(units % UNITS_PER_VC).toString().padStart(8, '0')}`;

const showOutput = (output: TransactionOutput, n: number, { addressPrefix }: Parameters): object => ({
  n,
  element: output.element,
  value: showAmount(output.amount),
  scriptPubKey: { hex: encodeHex(output.script), address: encodeAddress(output.script, addressPrefix) },
});

export const showTransaction = (transaction: Transaction, parameters: Parameters): object => ({
  txid: encodeReversedHex(computeTxid(transaction)),
  hash: encodeReversedHex(computeWtxid(transaction)),
  layer: transaction.layer,
  type: transaction.type,
  size: computeSize(transaction),
  vsize: computeVirtualSize(transaction),
  weight: computeWeight(transaction),
  locktime: transaction.lockTime,
  vin: transaction.inputs.map(({ outpoint, sequence, witness }) => ({
    txid: encodeReversedHex(outpoint.txid),
    vout: outpoint.index,
    sequence,
    txinwitness: witness.map(encodeHex),
  })),
  vout: transaction.outputs.map((output, n) => showOutput(output, n, parameters)),
  hex: encodeHex(encodeTransaction(transaction)),
});

const showStake = ({ outpoint, amount, key }: StakeRight): object => ({
  txid: encodeReversedHex(outpoint.txid),
  vout: outpoint.index,
  amount: showAmount(amount),
  key: encodeHex(key),
});

/** @shape block hashes in the order they are hashed in, as network.json has them; Bitcoin's and txids reversed, as Bitcoin has them */
export const showHeader = ({ header, hash }: StoredHeader, place: { confirmations: number; next: string | undefined }): object => ({
  hash: encodeHex(hash),
  confirmations: place.confirmations,
  height: header.height,
  version: header.version,
  time: header.time,
  bits: header.bits.toString(16).padStart(8, '0'),
  chainwork: header.weight.toString(16).padStart(32, '0'),
  merkleroot: encodeHex(header.txRoot),
  witnessroot: encodeHex(header.witnessRoot),
  stateroot: encodeHex(header.stateRoot),
  historyroot: encodeHex(header.historyRoot),
  bitcoin: encodeReversedHex(header.bitcoin),
  config: encodeHex(header.config),
  economy: Object.fromEntries(Object.entries(header.economy).map(([name, value]) => [name, showAmount(value)])),
  ...(header.right.kind === 'stake' ? { stake: showStake(header.right) } : {}),
  previousblockhash: header.height === 0 ? undefined : encodeHex(header.previous),
  nextblockhash: place.next,
});
