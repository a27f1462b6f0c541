import { type CodecFault, decodeBytes } from '../codec/reader.ts';
import { encodeBytes } from '../codec/writer.ts';
import type { Transaction } from '../tx/transaction.ts';
import { readTransaction, writeTransaction } from '../tx/transaction-codec.ts';
import type { BlockBody } from './block.ts';
import { HEADER_BYTES } from './header.ts';
import { decodeHeader, encodeHeader } from './header-codec.ts';

const SMALLEST_TRANSACTION = 51;
const MAX_TRANSACTIONS = 20_000;
const MAX_VERSIONS = 9;
const MAX_STAKE_PROOF = 256 * 1024;

/** @shape count ‖ transactions, count (≤ 9) ‖ (header 512 ‖ var stake proof) @source SPEC BK1; spec 02, body */
export const encodeBody = (body: BlockBody): Uint8Array =>
  encodeBytes((writer) => {
    writer.list(body.transactions, (w, tx: Transaction) => writeTransaction(w, tx));
    writer.list(body.versions, (w, { header, stakeProof }) => w.bytes(encodeHeader(header)).varBytes(stakeProof));
  }, 65_536);

/** @fault the codec's, `form` of a version's header @source SPEC BK1 */
export const decodeBody = (bytes: Uint8Array): BlockBody | CodecFault =>
  decodeBytes(bytes, (reader) => {
    const transactions = reader.list(MAX_TRANSACTIONS, SMALLEST_TRANSACTION, readTransaction);
    const versions = reader.list(MAX_VERSIONS, HEADER_BYTES + 1, (r) => {
      const header = decodeHeader(r.take(HEADER_BYTES));
      return 'fault' in header ? r.refuse('form', { header: header.fault }) : { header, stakeProof: r.varBytes(MAX_STAKE_PROOF).slice() };
    });
    return { transactions, versions };
  });
