import { secp256k1 } from '@noble/curves/secp256k1.js';
import { createBase58check } from '@scure/base';
import { concatBytes } from '../codec/bytes.ts';
import { encodeReversedHex } from '../codec/hash32.ts';
import { encodeHex } from '../codec/hex.ts';
import { sha256 } from '../crypto/hash.ts';
import { isFault } from '../fault.ts';
import { computeMessageSighash, encodeMessageSignature, verifyMessage } from '../message/message-signature.ts';
import { computeMessageHash, computeMessageSpend, computeMessageTxid } from '../message/signed-message.ts';
import { buildPayToKeyHash, matchPayToKey } from '../script/forms/pay-to-key.ts';
import { SIGHASH_ALL } from '../script/sighash.ts';
import { decodeWitnessAddress } from '../script/witness-address.ts';
import { type ConformanceAdapter, ConformanceTally, parseJson } from './report.ts';

interface MessageFile {
  readonly tx_hashes: readonly {
    readonly message: string;
    readonly address: string;
    readonly message_hash: string;
    readonly to_spend_tx_hash: string;
    readonly to_sign_tx_hash: string;
  }[];
  readonly simple: readonly {
    readonly message: string;
    readonly private_keys: readonly string[];
    readonly address: string;
    readonly type: string;
    readonly bip322_signatures: readonly string[];
  }[];
  readonly error: readonly {
    readonly description: string;
    readonly message: string;
    readonly address: string;
    readonly signature: string;
  }[];
}

const NO_TAPROOT = '01 Scripts: there is no tapscript, other witness versions fail';
const importKey = createBase58check(sha256);

/** The script of an address of witness version 0 of Bitcoin; the two chains have the same ones. */
const scriptOf = (address: string): Uint8Array | undefined => {
  const decoded = decodeWitnessAddress(address);
  if (isFault(decoded) || decoded.version !== 0) return undefined;
  return decoded.program.length === 20 ? buildPayToKeyHash(decoded.program) : concatBytes(Uint8Array.of(0, 32), decoded.program);
};

/** Our own signature for a key's address is among the stated ones. */
const isSignedAlike = (script: Uint8Array, { message, private_keys, bip322_signatures }: MessageFile['simple'][number]): boolean => {
  const keyHash = matchPayToKey(script);
  if (keyHash === undefined) return true;
  const secret = importKey.decode(private_keys[0] ?? '').subarray(1, 33);
  const signature = secp256k1.sign(computeMessageSighash(script, keyHash, message), secret, { prehash: false, lowS: true, format: 'der' });
  const witness = [concatBytes(signature, Uint8Array.of(SIGHASH_ALL)), secp256k1.getPublicKey(secret, true)];
  return bip322_signatures.includes(encodeMessageSignature(witness));
};

/** bips/bip-0322_basic.json: hashes, signatures that hold, and signatures that do not. */
export const checkBip322: ConformanceAdapter = (contents) => {
  const tally = new ConformanceTally();
  const file = parseJson(contents) as MessageFile;
  for (const { message, address, message_hash, to_spend_tx_hash, to_sign_tx_hash } of file.tx_hashes) {
    const script = scriptOf(address) ?? new Uint8Array(0);
    const transactions = [computeMessageSpend(script, message), computeMessageTxid(script, message)].map(encodeReversedHex).join();
    const hashes = encodeHex(computeMessageHash(message)) === message_hash;
    tally.judge(`hashes of "${message}"`, hashes && transactions === [to_spend_tx_hash, to_sign_tx_hash].join());
  }
  for (const simple of file.simple) {
    const name = `${simple.type}: "${simple.message}"`;
    const script = scriptOf(simple.address);
    if (script === undefined) tally.skip(name, NO_TAPROOT);
    else {
      const verdicts = simple.bip322_signatures.map((signature) => verifyMessage(script, simple.message, signature));
      tally.judge(name, verdicts.every((verdict) => verdict === true) && isSignedAlike(script, simple));
    }
  }
  for (const { description, message, address, signature } of file.error) {
    const script = scriptOf(address);
    tally.judge(description, script === undefined || verifyMessage(script, message, signature) !== true);
  }
  return tally.report();
};
