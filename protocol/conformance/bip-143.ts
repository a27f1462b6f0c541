import { secp256k1 } from '@noble/curves/secp256k1.js';
import { equalBytes } from '../codec/bytes.ts';
import { encodeHex } from '../codec/hex.ts';
import { encodeBytes } from '../codec/writer.ts';
import { hash160, sha256 } from '../crypto/hash.ts';
import { Bip143Example, type LabelledValue, readBitcoinHex, readPreimage, readScript, readValue } from './bip-143-example.ts';
import type { BitcoinFlags } from './bitcoin-flags.ts';
import { verifyBitcoinScript } from './bitcoin-script.ts';
import { encodeBitcoinTransaction } from './bitcoin-transaction.ts';
import { verifyLaxSignature } from './lax-signature.ts';
import { type ConformanceAdapter, ConformanceTally, parseJson } from './report.ts';

interface Section {
  readonly title: string;
  readonly items: readonly LabelledValue[];
}

const FLAGS: BitcoinFlags = new Set(['P2SH', 'WITNESS', 'DERSIG', 'NULLDUMMY', 'CHECKLOCKTIMEVERIFY', 'CHECKSEQUENCEVERIFY']);
const UNSIGNED = 'The following is an unsigned transaction';
const NO_VALUE = 'no value stands behind this label';
const OTHER_TRANSACTION = 'it is of a transaction that does not stand in this file';

const encodeVar = (bytes: Uint8Array): Uint8Array => encodeBytes((writer) => writer.varBytes(bytes));

/** Walks over what is said of one transaction; keys and hashes mean what stood before them. */
class ExampleWalk {
  private readonly example: Bip143Example;
  private coins = 0;
  private sighash: Uint8Array | undefined;
  private publicKey: Uint8Array | undefined;

  constructor(items: readonly LabelledValue[]) {
    this.example = new Bip143Example(items);
  }

  /** The verdict on one labelled value, or why there is none. */
  judge([label, value]: LabelledValue): boolean | string {
    if (value === '' || value.startsWith('(see')) return NO_VALUE;
    if (/preimage/.test(label)) return this.judgePreimage(value);
    if (/^hash[A-Z]/.test(label)) return this.example.isPart(label, readValue(value));
    if (/^(redeem|witness)Script$/.test(label)) return this.isCommitted(readScript(value));
    if (label === UNSIGNED) return equalBytes(encodeOf(value), readValue(value));
    if (label === 'scriptPubKey') return this.isSpent(this.coins++);
    if (label === 'private key') return this.isNamed(secp256k1.getPublicKey(readValue(value), true));
    if (label === 'public key') return this.readKey(readValue(value));
    if (label === 'scriptCode') return this.example.preimages.some(({ scriptCode }) => equalBytes(encodeVar(scriptCode), readValue(value)));
    if (label === 'nHashType') return this.example.preimages.some(({ type }) => type === (readValue(value)[0] as number));
    if (label === 'sigHash') return this.readSighash(readValue(value));
    if (label === 'signature') return this.judgeSignature(value);
    return this.judgeSigned(value);
  }

  private judgePreimage(value: string): boolean | string {
    const preimage = readPreimage(value);
    const computed = preimage === undefined ? undefined : this.example.computeHash(preimage);
    if (preimage === undefined) return false;
    return computed === undefined ? OTHER_TRANSACTION : equalBytes(computed, preimage.hash);
  }

  /** Whether a coin, another script, or what was signed names the script or its hash. */
  private isCommitted(script: Uint8Array): boolean {
    return [script, sha256(script), hash160(script)].some((name) => this.isMentioned(name));
  }

  private isMentioned(name: Uint8Array): boolean {
    const text = encodeHex(name);
    const others = this.example.scripts.filter((script) => script !== text);
    return others.some((script) => script.includes(text)) || this.example.preimages.some(({ scriptCode }) => equalBytes(scriptCode, name));
  }

  private isNamed(publicKey: Uint8Array): boolean {
    return [publicKey, hash160(publicKey)].some((name) => this.isMentioned(name));
  }

  private readKey(publicKey: Uint8Array): boolean {
    this.publicKey = publicKey;
    return this.isNamed(publicKey);
  }

  private readSighash(stated: Uint8Array): boolean {
    this.sighash = stated;
    return this.example.preimages.some((preimage) => {
      const computed = this.example.computeHash(preimage);
      return computed !== undefined && equalBytes(computed, stated);
    });
  }

  private judgeSignature(value: string): boolean {
    const signature = readValue(value);
    const { sighash, publicKey } = this;
    const verifies = sighash === undefined || publicKey === undefined || verifyLaxSignature(signature, sighash, publicKey);
    return verifies && this.example.signedHex.includes(encodeHex(signature));
  }

  private isSpent(index: number): boolean {
    const { signed: tx, coins } = this.example;
    const coin = coins[index];
    return tx !== undefined && coin !== undefined && verifyBitcoinScript({ tx, index, coin, flags: FLAGS }).kind === 'valid';
  }

  private judgeSigned(value: string): boolean {
    const { signed, coins } = this.example;
    const complete = signed !== undefined && coins.length === signed.inputs.length && equalBytes(encodeOf(value), readValue(value));
    return complete && coins.every((_, index) => this.isSpent(index));
  }
}

const encodeOf = (value: string): Uint8Array => {
  const tx = readBitcoinHex(value);
  return tx === undefined ? new Uint8Array(0) : encodeBitcoinTransaction(tx);
};

/** Each unsigned transaction begins another example. */
const splitExamples = (items: readonly LabelledValue[]): LabelledValue[][] => {
  const examples: LabelledValue[][] = [];
  for (const item of items) {
    if (item[0] === UNSIGNED || examples.length === 0) examples.push([]);
    examples.at(-1)?.push(item);
  }
  return examples;
};

/** bips/bip-0143_examples.json: every labelled value, computed again from the ones that it follows from. */
export const checkBip143: ConformanceAdapter = (contents) => {
  const tally = new ConformanceTally();
  for (const { title, items } of parseJson(contents) as readonly Section[])
    for (const example of splitExamples(items)) {
      const walk = new ExampleWalk(example);
      for (const [place, item] of example.entries()) {
        const verdict = walk.judge(item);
        const name = `${title}, ${place}: ${item[0]}`;
        if (typeof verdict === 'string') tally.skip(name, verdict);
        else tally.judge(name, verdict);
      }
    }
  return tally.report();
};
