import { concatBytes, EMPTY_BYTES } from '../codec/bytes.ts';
import { asHash32, type Hash32, ZERO_HASH } from '../codec/hash32.ts';
import { encodeUtf8 } from '../codec/utf8.ts';
import { type ByteWriter, encodeBytes } from '../codec/writer.ts';
import { hash256, sha256 } from '../crypto/hash.ts';
import { OP } from '../script/opcodes.ts';
import { buildScript } from '../script/push.ts';
import { makeSighashSource, type SighashSource } from '../script/sighash.ts';
import { NULL_INDEX, type Outpoint, writeOutpoint } from '../tx/outpoint.ts';

interface Output {
  readonly amountField: bigint;
  readonly script: Uint8Array;
}

const TAG = 'BIP0322-signed-message';
/** A version, sequence and lock time that no transaction of ours can have: what is signed can never be spent. */
const NOTHING = 0;

const writeOutput = (writer: ByteWriter, { amountField, script }: Output): void => {
  writer.u64(amountField).varBytes(script);
};

const hashTransaction = (spent: Outpoint, scriptSig: Uint8Array, output: Output): Hash32 =>
  hash256(
    encodeBytes((writer) => {
      writer.u32(NOTHING).compactSize(1);
      writeOutpoint(writer, spent);
      writer.varBytes(scriptSig).u32(NOTHING);
      writer.list([output], writeOutput).u32(NOTHING);
    }),
  );

/** @source SPEC MS1; BIP322, BIP340 tagged hash of the message's UTF-8 */
export const computeMessageHash = (message: string): Hash32 => {
  const tag = sha256(encodeUtf8(TAG));
  return sha256(concatBytes(tag, tag, encodeUtf8(message)));
};

/** Txid of the transaction that pays nothing to `script` and commits to the message. @source SPEC MS1; BIP322, to_spend */
export const computeMessageSpend = (script: Uint8Array, message: string): Hash32 =>
  hashTransaction({ txid: ZERO_HASH, index: NULL_INDEX }, buildScript(OP.FALSE, computeMessageHash(message)), { amountField: 0n, script });

const RETURN_NOTHING: Output = { amountField: 0n, script: Uint8Array.of(OP.RETURN) };

const outpointOf = (script: Uint8Array, message: string): Outpoint => ({ txid: asHash32(computeMessageSpend(script, message)), index: 0 });

/** Txid of the transaction whose only input a signer of the message signs. @source SPEC MS1; BIP322, to_sign */
export const computeMessageTxid = (script: Uint8Array, message: string): Hash32 =>
  hashTransaction(outpointOf(script, message), EMPTY_BYTES, RETURN_NOTHING);

/** What BIP143 hashes of that transaction. */
export const messageSighashSource = (script: Uint8Array, message: string): SighashSource =>
  makeSighashSource({
    version: NOTHING,
    lockTime: NOTHING,
    inputs: [{ outpoint: outpointOf(script, message), sequence: NOTHING }],
    outputs: [RETURN_NOTHING],
    writeOutput,
  });
