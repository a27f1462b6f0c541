import { asHash32 } from '../codec/hash32.ts';
import { type ByteReader, type CodecFault, decodeBytes } from '../codec/reader.ts';
import { type ByteWriter, encodeBytes } from '../codec/writer.ts';
import { isAmountRange } from './amount.ts';
import { ELEMENTS, type Element } from './element.ts';
import { isLayer, type Layer } from './layer.ts';
import type { Transaction, TransactionInput, TransactionOutput } from './transaction.ts';
import { isTransactionType, type TransactionType } from './transaction-type.ts';

const MAX_INPUTS = 10_000;
const MAX_OUTPUTS = 20_000;
const MAX_WITNESS_ITEMS = 1_000;
const MAX_SCRIPT = 10_000;
const MAX_WITNESS_ITEM = 400_000;
const INPUT_BYTES = 41;
const OUTPUT_BYTES = 9;
const VERSION_BYTE = 2;
const ELEMENT_SHIFT = 62n;
const AMOUNT_MASK = (1n << ELEMENT_SHIFT) - 1n;

/** @shape u64: bits 62 and 63 are the element, the rest the amount @source SPEC TX2 */
export const encodeAmountField = (element: Element, amount: bigint): bigint =>
  (BigInt(ELEMENTS.indexOf(element)) << ELEMENT_SHIFT) | amount;

/** @fault (by the reader) `form`: element 3, or an amount above MAX_AMOUNT @source SPEC TX2 */
export const readAmountField = (reader: ByteReader): { readonly element: Element; readonly amount: bigint } => {
  const field = reader.u64();
  const element = ELEMENTS[Number(field >> ELEMENT_SHIFT)] ?? reader.refuse('form', { element: 3 });
  const amount = field & AMOUNT_MASK;
  return isAmountRange(amount) ? { element, amount } : reader.refuse('form', { amount });
};

const readInput = (reader: ByteReader): TransactionInput => {
  const outpoint = { txid: asHash32(reader.take(32).slice()), index: reader.u32() };
  if (reader.u8() !== 0) reader.refuse('form', { scriptSig: true });
  return { outpoint, sequence: reader.u32(), witness: [] };
};

const readOutput = (reader: ByteReader): TransactionOutput => {
  const { element, amount } = readAmountField(reader);
  return { element, amount, script: reader.varBytes(MAX_SCRIPT).slice() };
};

const readWitness = (reader: ByteReader): Uint8Array[] => reader.list(MAX_WITNESS_ITEMS, 1, (r) => r.varBytes(MAX_WITNESS_ITEM).slice());

const readVersion = (reader: ByteReader): { readonly layer: Layer; readonly type: TransactionType } => {
  const [two, layer, type, zero] = [reader.u8(), reader.u8(), reader.u8(), reader.u8()];
  if (two !== VERSION_BYTE || zero !== 0) reader.refuse('form', { version: two });
  if (!isLayer(layer)) return reader.refuse('form', { layer });
  return isTransactionType(type) ? { layer, type } : reader.refuse('form', { type });
};

const readMarker = (reader: ByteReader): boolean => {
  if (reader.bytes[reader.offset] !== 0) return false;
  reader.u8();
  if (reader.u8() !== 1) reader.refuse('form', { flag: true });
  return true;
};

/**
 * Reads one transaction in Bitcoin's segwit form; one without any witness item has the plain form only.
 *
 * @source SPEC TX1, TX2; BIP144
 */
export const readTransaction = (reader: ByteReader): Transaction => {
  const { layer, type } = readVersion(reader);
  const segwit = readMarker(reader);
  const bare = reader.list(MAX_INPUTS, INPUT_BYTES, readInput);
  if (bare.length === 0) reader.refuse('form', { inputs: 0 });
  const outputs = reader.list(MAX_OUTPUTS, OUTPUT_BYTES, readOutput);
  const witnesses = segwit ? bare.map(() => readWitness(reader)) : [];
  if (segwit && witnesses.every((items) => items.length === 0)) reader.refuse('form', { witness: 'superfluous' });
  const inputs = segwit ? bare.map((input, i) => ({ ...input, witness: witnesses[i] ?? [] })) : bare;
  return { layer, type, inputs, outputs, lockTime: reader.u32() };
};

const hasWitness = (tx: Transaction): boolean => tx.inputs.some((input) => input.witness.length > 0);

const writeVersion = (writer: ByteWriter, tx: Transaction): void => {
  writer.u8(VERSION_BYTE).u8(tx.layer).u8(tx.type).u8(0);
};

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
  writeVersion(writer, tx);
  const segwit = hasWitness(tx);
  if (segwit) writer.u8(0).u8(1);
  writeInputsAndOutputs(writer, tx);
  if (segwit) for (const input of tx.inputs) writer.list(input.witness, (w, item) => w.varBytes(item));
  writer.u32(tx.lockTime);
};

export const encodeTransaction = (tx: Transaction): Uint8Array => encodeBytes((writer) => writeTransaction(writer, tx));

/** @shape the form that the txid hashes */
export const encodeTransactionWithoutWitness = (tx: Transaction): Uint8Array =>
  encodeBytes((writer) => {
    writeVersion(writer, tx);
    writeInputsAndOutputs(writer, tx);
    writer.u32(tx.lockTime);
  });

/** @fault `form` and the codec's faults: not exactly one transaction in its one encoding @source SPEC TX1 */
export const decodeTransaction = (bytes: Uint8Array): Transaction | CodecFault => decodeBytes(bytes, readTransaction);
