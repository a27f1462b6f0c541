import { equalBytes } from '../codec/bytes.ts';
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
  /** by transaction: whether it gives, encoded anew, the bytes it was read from */
  readonly exact: readonly boolean[];
}

const readExact = (reader: ByteReader): { readonly tx: BitcoinTransaction; readonly exact: boolean } => {
  const start = reader.offset;
  const tx = readBitcoinTransaction(reader);
  return { tx, exact: equalBytes(encodeBitcoinTransaction(tx), reader.bytes.subarray(start, reader.offset)) };
};

export const readBitcoinBlock = (reader: ByteReader): BitcoinBlock => {
  const header = reader.take(HEADER_BYTES);
  const read = reader.list(MAX_TRANSACTIONS, LEAST_TRANSACTION, readExact);
  return { merkleRoot: header.slice(36, 68), transactions: read.map(({ tx }) => tx), exact: read.map(({ exact }) => exact) };
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

export const isTxidRoot = ({ transactions, merkleRoot }: BitcoinBlock): boolean =>
  equalBytes(computeBitcoinRoot(transactions.map(computeBitcoinTxid)), merkleRoot);
