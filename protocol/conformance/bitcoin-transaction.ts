import { asHash32, type Hash32 } from '../codec/hash32.ts';
import { type ByteReader, type CodecFault, decodeBytes } from '../codec/reader.ts';
import { type ByteWriter, encodeBytes } from '../codec/writer.ts';
import { hash256 } from '../crypto/hash.ts';
import { type Outpoint, writeOutpoint } from '../tx/outpoint.ts';

const MAX_COUNT = 100_000;
const MAX_BYTES = 4_000_000;

export interface BitcoinInput {
  readonly outpoint: Outpoint;
  readonly scriptSig: Uint8Array;
  readonly sequence: number;
  readonly witness: readonly Uint8Array[];
}

/** @unit value: the u64 as it stands, −1 being 2^64 − 1 */
export interface BitcoinOutput {
  readonly value: bigint;
  readonly script: Uint8Array;
}

/** A transaction of Bitcoin itself, with all that ours leave out. */
export interface BitcoinTransaction {
  readonly version: number;
  readonly inputs: readonly BitcoinInput[];
  readonly outputs: readonly BitcoinOutput[];
  readonly lockTime: number;
}

const readInput = (reader: ByteReader): BitcoinInput => ({
  outpoint: { txid: asHash32(reader.take(32).slice()), index: reader.u32() },
  scriptSig: reader.varBytes(MAX_BYTES).slice(),
  sequence: reader.u32(),
  witness: [],
});

export const readBitcoinOutput = (reader: ByteReader): BitcoinOutput => ({
  value: reader.u64(),
  script: reader.varBytes(MAX_BYTES).slice(),
});

const readWitness = (reader: ByteReader): Uint8Array[] => reader.list(MAX_COUNT, 1, (r) => r.varBytes(MAX_BYTES).slice());

export const readBitcoinTransaction = (reader: ByteReader): BitcoinTransaction => {
  const version = reader.u32();
  const segwit = reader.bytes[reader.offset] === 0 && reader.bytes[reader.offset + 1] === 1;
  if (segwit) reader.take(2);
  const bare = reader.list(MAX_COUNT, 41, readInput);
  const outputs = reader.list(MAX_COUNT, 9, readBitcoinOutput);
  const inputs = segwit ? bare.map((input) => ({ ...input, witness: readWitness(reader) })) : bare;
  return { version, inputs, outputs, lockTime: reader.u32() };
};

export const decodeBitcoinTransaction = (bytes: Uint8Array): BitcoinTransaction | CodecFault => decodeBytes(bytes, readBitcoinTransaction);

export const writeBitcoinOutput = (writer: ByteWriter, { value, script }: BitcoinOutput): void => {
  writer.u64(value).varBytes(script);
};

const writeBody = (writer: ByteWriter, tx: BitcoinTransaction): void => {
  writer.list(tx.inputs, (w, { outpoint, scriptSig, sequence }) => {
    writeOutpoint(w, outpoint);
    w.varBytes(scriptSig).u32(sequence);
  });
  writer.list(tx.outputs, writeBitcoinOutput);
};

export const encodeBitcoinBase = (tx: BitcoinTransaction): Uint8Array =>
  encodeBytes((writer) => {
    writer.u32(tx.version);
    writeBody(writer, tx);
    writer.u32(tx.lockTime);
  });

export const encodeBitcoinTransaction = (tx: BitcoinTransaction): Uint8Array => {
  if (tx.inputs.every(({ witness }) => witness.length === 0)) return encodeBitcoinBase(tx);
  return encodeBytes((writer) => {
    writer.u32(tx.version).u8(0).u8(1);
    writeBody(writer, tx);
    for (const { witness } of tx.inputs) writer.list(witness, (w, item) => w.varBytes(item));
    writer.u32(tx.lockTime);
  });
};

export const computeBitcoinTxid = (tx: BitcoinTransaction): Hash32 => hash256(encodeBitcoinBase(tx));

export const computeBitcoinWtxid = (tx: BitcoinTransaction): Hash32 => hash256(encodeBitcoinTransaction(tx));
