import { type Hash32, ZERO_HASH } from '../codec/hash32.ts';
import { ByteWriter } from '../codec/writer.ts';
import { hash256 } from '../crypto/hash.ts';
import { invariant } from '../invariant.ts';
import { type Outpoint, writeOutpoint } from '../tx/outpoint.ts';
import type { Transaction } from '../tx/transaction.ts';
import { encodeVersionField, writeOutput } from '../tx/transaction-codec.ts';

/** A signature over every input and output. */
export const SIGHASH_ALL = 0x01;
export const SIGHASH_NONE = 0x02;
export const SIGHASH_SINGLE = 0x03;
export const SIGHASH_ANYONECANPAY = 0x80;
const BASE_MASK = 0x1f;

/** What BIP143 hashes of a transaction, each part computed when it is first asked for. */
export interface SighashSource {
  readonly version: number;
  readonly lockTime: number;
  readonly inputs: readonly { readonly outpoint: Outpoint; readonly sequence: number }[];
  readonly hashPrevouts: () => Hash32;
  readonly hashSequences: () => Hash32;
  readonly hashOutputs: () => Hash32;
  /** zero where there is no such output */
  readonly hashOutput: (index: number) => Hash32;
}

export interface SighashParts<Output> {
  readonly version: number;
  readonly lockTime: number;
  readonly inputs: readonly { readonly outpoint: Outpoint; readonly sequence: number }[];
  readonly outputs: readonly Output[];
  readonly writeOutput: (writer: ByteWriter, output: Output) => void;
}

const once = (compute: () => Hash32): (() => Hash32) => {
  let value: Hash32 | undefined;
  return () => {
    value ??= compute();
    return value;
  };
};

/** One buffer for all that is hashed here and not kept; nothing that writes to it asks for another hash. */
const scratch = new ByteWriter(1_024);

const hashWritten = (write: (writer: ByteWriter) => void): Hash32 => {
  write(scratch.restart());
  return hash256(scratch.view());
};

const hashAll = <T>(items: readonly T[], write: (writer: ByteWriter, item: T) => void): Hash32 =>
  hashWritten((writer) => {
    for (const item of items) write(writer, item);
  });

/** @source SPEC SC10; BIP143 */
export const makeSighashSource = <Output>(parts: SighashParts<Output>): SighashSource => {
  const { version, lockTime, inputs, outputs, writeOutput } = parts;
  return {
    version,
    lockTime,
    inputs,
    hashPrevouts: once(() => hashAll(inputs, (writer, { outpoint }) => writeOutpoint(writer, outpoint))),
    hashSequences: once(() => hashAll(inputs, (writer, { sequence }) => writer.u32(sequence))),
    hashOutputs: once(() => hashAll(outputs, writeOutput)),
    hashOutput: (index) => (index < outputs.length ? hashAll(outputs.slice(index, index + 1), writeOutput) : ZERO_HASH),
  };
};

const sources = new WeakMap<Transaction, SighashSource>();

/** The parts of our own transaction, made once for each transaction object. */
export const sighashSourceOf = (tx: Transaction): SighashSource => {
  const known = sources.get(tx);
  if (known !== undefined) return known;
  const source = makeSighashSource({ version: encodeVersionField(tx), ...tx, writeOutput });
  sources.set(tx, source);
  return source;
};

/** @unit amountField: the u64 of the coin, element bits included; scriptCode: without its length */
export interface SignedInput {
  readonly index: number;
  readonly scriptCode: Uint8Array;
  readonly amountField: bigint;
}

/**
 * Computes what a signature of `type` on an input commits to.
 *
 * @shape type: Bitcoin's sighash byte
 * @source SPEC SC10; BIP143
 */
export const computeSighash = (source: SighashSource, signed: SignedInput, type: number): Hash32 => {
  const input = source.inputs[signed.index];
  invariant(input !== undefined, 'the signed input exists');
  const base = type & BASE_MASK;
  const single = base === SIGHASH_SINGLE;
  const anyone = (type & SIGHASH_ANYONECANPAY) !== 0;
  const all = !single && base !== SIGHASH_NONE;
  const prevouts = anyone ? ZERO_HASH : source.hashPrevouts();
  const sequences = anyone || !all ? ZERO_HASH : source.hashSequences();
  const outputs = all ? source.hashOutputs() : single ? source.hashOutput(signed.index) : ZERO_HASH;
  return hashWritten((writer) => {
    writer.u32(source.version).bytes(prevouts).bytes(sequences);
    writeOutpoint(writer, input.outpoint);
    writer.varBytes(signed.scriptCode).u64(signed.amountField).u32(input.sequence);
    writer.bytes(outputs).u32(source.lockTime).u32(type);
  });
};
