import { asHash32 } from '../codec/hash32.ts';
import { type ByteReader, type CodecFaultCode, decodeBytes } from '../codec/reader.ts';
import { type ByteWriter, encodeBytes } from '../codec/writer.ts';
import type { Fault } from '../fault.ts';
import { encodeAmountField, readAmountField } from './amount-field.ts';
import { rememberIdentity } from './identity-cache.ts';
import { isLayer, type Layer } from './layer.ts';
import { MAX_INPUTS, MAX_OUTPUTS, MAX_SCRIPT_BYTES, MAX_WITNESS_ITEM_BYTES, MAX_WITNESS_ITEMS } from './limits.ts';
import type { Outpoint } from './outpoint.ts';
import type { Transaction, TransactionInput, TransactionOutput } from './transaction.ts';
import { isTransactionType, type TransactionType } from './transaction-type.ts';

const INPUT_BYTES = 41;
const OUTPUT_BYTES = 9;
const VERSION_BYTE = 2;
const NO_WITNESS: readonly Uint8Array[] = Object.freeze([]);

export type TransactionFormCode =
  | 'transaction-version'
  | 'transaction-layer'
  | 'transaction-type'
  | 'segwit-flag'
  | 'no-inputs'
  | 'script-sig'
  | 'element'
  | 'amount-range'
  | 'superfluous-witness';

export type TransactionDecodeFault = Fault<CodecFaultCode | TransactionFormCode>;

interface BareInput {
  readonly outpoint: Outpoint;
  readonly sequence: number;
}

const readInput = (reader: ByteReader): BareInput => {
  const outpoint = { txid: asHash32(reader.take(32).slice()), index: reader.u32() };
  if (reader.u8() !== 0) reader.refuse('script-sig');
  return { outpoint, sequence: reader.u32() };
};

const readOutput = (reader: ByteReader): TransactionOutput => {
  const { element, amount } = readAmountField(reader);
  return { element, amount, script: reader.varBytes(MAX_SCRIPT_BYTES).slice() };
};

const readWitnessItem = (reader: ByteReader): Uint8Array => reader.varBytes(MAX_WITNESS_ITEM_BYTES).slice();

const readWitness = (reader: ByteReader): readonly Uint8Array[] => {
  const items = reader.list(MAX_WITNESS_ITEMS, 1, readWitnessItem);
  return items.length === 0 ? NO_WITNESS : items;
};

const readVersion = (reader: ByteReader): { readonly layer: Layer; readonly type: TransactionType } => {
  const [two, layer, type, zero] = [reader.u8(), reader.u8(), reader.u8(), reader.u8()];
  if (two !== VERSION_BYTE || zero !== 0) reader.refuse('transaction-version', { first: two, last: zero });
  if (!isLayer(layer)) return reader.refuse('transaction-layer', { layer });
  return isTransactionType(type) ? { layer, type } : reader.refuse('transaction-type', { type });
};

const readMarker = (reader: ByteReader): boolean => {
  if (reader.bytes[reader.offset] !== 0) return false;
  reader.u8();
  const flag = reader.u8();
  if (flag === 0) reader.refuse('no-inputs');
  return flag === 1 || reader.refuse('segwit-flag', { flag });
};

const readWitnesses = (reader: ByteReader, bare: readonly BareInput[]): TransactionInput[] => {
  let items = 0;
  const inputs = bare.map(({ outpoint, sequence }) => {
    const witness = readWitness(reader);
    items += witness.length;
    return { outpoint, sequence, witness };
  });
  return items === 0 ? reader.refuse('superfluous-witness') : inputs;
};

const withoutWitness = ({ outpoint, sequence }: BareInput): TransactionInput => ({ outpoint, sequence, witness: NO_WITNESS });

/**
 * Reads one transaction in Bitcoin's segwit form; one without any witness item has the plain form only.
 *
 * @fault (by the reader) the codec's and those of TransactionFormCode
 * @source SPEC TX1, TX2, TX6; BIP144
 */
export const readTransaction = (reader: ByteReader): Transaction => {
  const start = reader.offset;
  const { layer, type } = readVersion(reader);
  const segwit = readMarker(reader);
  const bodyStart = reader.offset;
  const bare = reader.list(MAX_INPUTS, INPUT_BYTES, readInput);
  if (bare.length === 0) reader.refuse('no-inputs');
  const outputs = reader.list(MAX_OUTPUTS, OUTPUT_BYTES, readOutput);
  const bodyEnd = reader.offset;
  const inputs = segwit ? readWitnesses(reader, bare) : bare.map(withoutWitness);
  const transaction = { layer, type, inputs, outputs, lockTime: reader.u32() };
  const total = reader.bytes.subarray(start, reader.offset);
  rememberIdentity(transaction, segwit ? stripWitness(total, bodyStart - start, bodyEnd - start) : total, total);
  return transaction;
};

const stripWitness = (total: Uint8Array, bodyStart: number, bodyEnd: number): Uint8Array => {
  const base = new Uint8Array(8 + bodyEnd - bodyStart);
  base.set(total.subarray(0, 4));
  base.set(total.subarray(bodyStart, bodyEnd), 4);
  base.set(total.subarray(total.length - 4), base.length - 4);
  return base;
};

/** @shape u32: byte 0 is 2, byte 1 the layer, byte 2 the type, byte 3 zero @source SPEC TX1 */
export const encodeVersionField = (tx: Transaction): number => VERSION_BYTE | (tx.layer << 8) | (tx.type << 16);

const hasWitness = (tx: Transaction): boolean => tx.inputs.some((input) => input.witness.length > 0);

const writeInput = (writer: ByteWriter, input: TransactionInput): void => {
  writer.bytes(input.outpoint.txid).u32(input.outpoint.index).u8(0).u32(input.sequence);
};

/** @shape amount field u64 ‖ script with its length: as it stands in a transaction and in signature hashes */
export const writeOutput = (writer: ByteWriter, output: TransactionOutput): void => {
  writer.u64(encodeAmountField(output.element, output.amount)).varBytes(output.script);
};

const writeInputsAndOutputs = (writer: ByteWriter, tx: Transaction): void => {
  writer.list(tx.inputs, writeInput).list(tx.outputs, writeOutput);
};

export const writeTransaction = (writer: ByteWriter, tx: Transaction): void => {
  writer.u32(encodeVersionField(tx));
  const segwit = hasWitness(tx);
  if (segwit) writer.u8(0).u8(1);
  writeInputsAndOutputs(writer, tx);
  if (segwit) for (const input of tx.inputs) writer.list(input.witness, (w, item) => w.varBytes(item));
  writer.u32(tx.lockTime);
};

/** @source SPEC TX1; BIP144 */
export const encodeTransaction = (tx: Transaction): Uint8Array => encodeBytes((writer) => writeTransaction(writer, tx));

/** @shape the form that the txid hashes @source SPEC TX3 */
export const encodeTransactionWithoutWitness = (tx: Transaction): Uint8Array =>
  encodeBytes((writer) => {
    writer.u32(encodeVersionField(tx));
    writeInputsAndOutputs(writer, tx);
    writer.u32(tx.lockTime);
  });

/**
 * Reads exactly one transaction in its one encoding.
 *
 * @fault the codec's and those of TransactionFormCode
 * @source SPEC TX1
 */
export const decodeTransaction = (bytes: Uint8Array): Transaction | TransactionDecodeFault =>
  decodeBytes<Transaction, TransactionFormCode>(bytes, readTransaction);
