import { type Hash32, ZERO_HASH } from '../codec/hash32.ts';
import type { ByteReader } from '../codec/reader.ts';
import { hashBitcoinNode } from '../merkle/bitcoin-branch.ts';
import { type BitcoinTransaction, computeBitcoinTxid, encodeBitcoinTransaction, readBitcoinTransaction } from './bitcoin-transaction.ts';

const HEADER_BYTES = 80;
const MAX_TRANSACTIONS = 100_000;
const LEAST_TRANSACTION = 60;

export interface BitcoinBlock {
  readonly merkleRoot: Uint8Array;
  readonly transactions: readonly BitcoinTransaction[];
  /** whether each transaction, encoded anew, gives the bytes it was read from */
  readonly exact: boolean;
}

const readExact = (reader: ByteReader): { readonly tx: BitcoinTransaction; readonly exact: boolean } => {
  const start = reader.offset;
  const tx = readBitcoinTransaction(reader);
  const bytes = reader.bytes.subarray(start, reader.offset);
  const encoded = encodeBitcoinTransaction(tx);
  return { tx, exact: encoded.length === bytes.length && encoded.every((byte, index) => byte === bytes[index]) };
};

export const readBitcoinBlock = (reader: ByteReader): BitcoinBlock => {
  const header = reader.take(HEADER_BYTES);
  const read = reader.list(MAX_TRANSACTIONS, LEAST_TRANSACTION, readExact);
  return { merkleRoot: header.slice(36, 68), transactions: read.map(({ tx }) => tx), exact: read.every(({ exact }) => exact) };
};

/** Bitcoin's tree over a row of hashes: an odd last one is paired with itself. */
export const computeBitcoinRoot = (leaves: readonly Hash32[]): Hash32 => {
  let row = leaves;
  while (row.length > 1) {
    const below = row;
    row = Array.from({ length: Math.ceil(below.length / 2) }, (_, i) => {
      const left = below[2 * i] as Hash32;
      return hashBitcoinNode(left, below[2 * i + 1] ?? left);
    });
  }
  return row[0] ?? ZERO_HASH;
};

export const computeTxidRoot = (block: BitcoinBlock): Hash32 => computeBitcoinRoot(block.transactions.map(computeBitcoinTxid));
