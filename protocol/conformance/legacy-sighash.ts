import { concatBytes, equalBytes } from '../codec/bytes.ts';
import { asHash32, type Hash32 } from '../codec/hash32.ts';
import { encodeBytes } from '../codec/writer.ts';
import { hash256 } from '../crypto/hash.ts';
import { ScriptCursor } from '../script/cursor.ts';
import { OP } from '../script/opcodes.ts';
import { SIGHASH_ANYONECANPAY, SIGHASH_NONE, SIGHASH_SINGLE } from '../script/sighash.ts';
import { writeOutpoint } from '../tx/outpoint.ts';
import { type BitcoinInput, type BitcoinOutput, type BitcoinTransaction, writeBitcoinOutput } from './bitcoin-transaction.ts';

const EMPTY = new Uint8Array(0);
const ONE = asHash32(Uint8Array.from({ length: 32 }, (_, index) => (index === 0 ? 1 : 0)));
const BLANK_OUTPUT: BitcoinOutput = { value: 2n ** 64n - 1n, script: EMPTY };

/** Cuts out what `isCut` says of the operations that begin at a place: how many bytes, or none. */
const cutOperations = (script: Uint8Array, lengthAt: (offset: number) => number): Uint8Array => {
  const kept: Uint8Array[] = [];
  const cursor = new ScriptCursor(script);
  let from = 0;
  for (;;) {
    for (let cut = lengthAt(cursor.offset); cut > 0; cut = lengthAt(cursor.offset)) {
      kept.push(script.subarray(from, cursor.offset));
      from = cursor.offset + cut;
      cursor.offset = from;
    }
    if (cursor.atEnd || !cursor.advance()) break;
  }
  return concatBytes(...kept, script.subarray(from));
};

/** Bitcoin's FindAndDelete: removes a byte string wherever an operation begins with it. */
export const findAndDelete = (script: Uint8Array, pattern: Uint8Array): Uint8Array =>
  cutOperations(script, (offset) => (equalBytes(script.subarray(offset, offset + pattern.length), pattern) ? pattern.length : 0));

const withoutSeparators = (script: Uint8Array): Uint8Array =>
  cutOperations(script, (offset) => (script[offset] === OP.CODESEPARATOR ? 1 : 0));

const outputsOf = (tx: BitcoinTransaction, index: number, base: number): readonly BitcoinOutput[] => {
  if (base === SIGHASH_NONE) return [];
  if (base !== SIGHASH_SINGLE) return tx.outputs;
  return tx.outputs.slice(0, index + 1).map((output, at) => (at === index ? output : BLANK_OUTPUT));
};

const inputsOf = (tx: BitcoinTransaction, index: number, code: Uint8Array, type: number): readonly BitcoinInput[] => {
  const base = type & 0x1f;
  const keepsSequence = base !== SIGHASH_NONE && base !== SIGHASH_SINGLE;
  const inputs = tx.inputs.map((input, at) => {
    if (at === index) return { ...input, scriptSig: code };
    return { ...input, scriptSig: EMPTY, sequence: keepsSequence ? input.sequence : 0 };
  });
  return (type & SIGHASH_ANYONECANPAY) === 0 ? inputs : inputs.slice(index, index + 1);
};

/** What a signature meant before BIP143. @shape type: any 32 bits, signed or not */
export const computeLegacySighash = (tx: BitcoinTransaction, index: number, code: Uint8Array, type: number): Hash32 => {
  const base = type & 0x1f;
  if (index >= tx.inputs.length || (base === SIGHASH_SINGLE && index >= tx.outputs.length)) return ONE;
  const preimage = encodeBytes((writer) => {
    writer.u32(tx.version);
    writer.list(inputsOf(tx, index, withoutSeparators(code), type), (w, { outpoint, scriptSig, sequence }) => {
      writeOutpoint(w, outpoint);
      w.varBytes(scriptSig).u32(sequence);
    });
    writer.list(outputsOf(tx, index, base), writeBitcoinOutput);
    writer.u32(tx.lockTime).u32(type >>> 0);
  });
  return hash256(preimage);
};
