import { equalBytes } from '../codec/bytes.ts';
import { decodeHex } from '../codec/hex.ts';
import { decodeBytes } from '../codec/reader.ts';
import { hash256 } from '../crypto/hash.ts';
import { isFault } from '../fault.ts';
import { computeSighash, makeSighashSource } from '../script/sighash.ts';
import { parseAmount } from '../tx/amount-text.ts';
import { outpointKey, readOutpoint } from '../tx/outpoint.ts';
import type { BitcoinFlags } from './bitcoin-flags.ts';
import { verifyBitcoinScript } from './bitcoin-script.ts';
import { type BitcoinOutput, type BitcoinTransaction, decodeBitcoinTransaction, writeBitcoinOutput } from './bitcoin-transaction.ts';
import { verifyLaxSignature } from './lax-signature.ts';
import { type ConformanceAdapter, ConformanceTally, parseJson } from './report.ts';

interface Section {
  readonly title: string;
  readonly items: readonly (readonly [label: string, value: string])[];
}

const FLAGS: BitcoinFlags = new Set(['P2SH', 'WITNESS', 'DERSIG', 'NULLDUMMY', 'CHECKLOCKTIMEVERIFY', 'CHECKSEQUENCEVERIFY']);
const MAX_CODE = 10_000;

const readHex = (value: string): Uint8Array => {
  const bytes = decodeHex((/^[0-9a-f ]+/.exec(value)?.[0] ?? '').replaceAll(' ', ''));
  return isFault(bytes) ? new Uint8Array(0) : bytes;
};

const readTransaction = (value: string): BitcoinTransaction | undefined => {
  const tx = decodeBitcoinTransaction(readHex(value));
  return isFault(tx) ? undefined : tx;
};

/** What one preimage says of itself. */
const readPreimage = (bytes: Uint8Array) =>
  decodeBytes(bytes, (reader) => {
    reader.take(68);
    const outpoint = readOutpoint(reader);
    const scriptCode = reader.varBytes(MAX_CODE);
    const amountField = reader.u64();
    reader.take(40);
    return { outpoint, scriptCode, amountField, type: reader.u32() };
  });

const hashOf = (tx: BitcoinTransaction, preimage: Uint8Array): Uint8Array | undefined => {
  const said = readPreimage(preimage);
  if (isFault(said)) return undefined;
  const index = tx.inputs.findIndex(({ outpoint }) => outpointKey(outpoint) === outpointKey(said.outpoint));
  if (index < 0) return undefined;
  const source = makeSighashSource({ ...tx, writeOutput: writeBitcoinOutput });
  return computeSighash(source, { index, scriptCode: said.scriptCode, amountField: said.amountField }, said.type);
};

/** Walks over one section of the text, whose values mean what stood before them. */
class SectionWalk {
  private readonly tally: ConformanceTally;
  private readonly title: string;
  private tx: BitcoinTransaction | undefined;
  private coins: BitcoinOutput[] = [];
  private preimage: Uint8Array | undefined;
  private sighash: Uint8Array | undefined;
  private publicKey: Uint8Array | undefined;

  constructor(tally: ConformanceTally, title: string) {
    this.tally = tally;
    this.title = title;
  }

  read(label: string, value: string): void {
    if (label === 'The following is an unsigned transaction') this.begin(value);
    else if (label === 'scriptPubKey') this.readCoin(value);
    else if (/preimage/.test(label)) this.preimage = readHex(value);
    else if (label === 'sigHash') this.judgeSighash(readHex(value));
    else if (label === 'public key') this.publicKey = readHex(value);
    else if (label === 'signature') this.judgeSignature(readHex(value));
    else if (label === 'The serialized signed transaction is') this.judgeSigned(readTransaction(value));
  }

  private begin(value: string): void {
    this.tx = readTransaction(value);
    this.coins = [];
    this.sighash = undefined;
  }

  private readCoin(value: string): void {
    const amount = parseAmount(/value: ([0-9.]+)/.exec(value)?.[1] ?? '');
    this.coins.push({ script: readHex(value), value: isFault(amount) ? 0n : amount });
  }

  private judgeSighash(stated: Uint8Array): void {
    this.sighash = stated;
    const { tx, preimage } = this;
    const computed = tx === undefined || preimage === undefined ? undefined : hashOf(tx, preimage);
    const agrees = preimage !== undefined && equalBytes(hash256(preimage), stated);
    this.tally.judge(`${this.title}: sigHash`, agrees && computed !== undefined && equalBytes(computed, stated));
  }

  private judgeSignature(signature: Uint8Array): void {
    const { sighash, publicKey } = this;
    if (sighash === undefined || publicKey === undefined) return;
    this.tally.judge(`${this.title}: signature`, verifyLaxSignature(signature, sighash, publicKey));
  }

  private judgeSigned(tx: BitcoinTransaction | undefined): void {
    const { coins } = this;
    const verdicts =
      tx === undefined ? ['invalid'] : coins.map((coin, index) => verifyBitcoinScript({ tx, index, coin, flags: FLAGS }).kind);
    const complete = coins.length === tx?.inputs.length;
    this.tally.judge(`${this.title}: signed transaction`, complete && verdicts.every((kind) => kind === 'valid'));
  }
}

/** bips/bip-0143_examples.json: signature hashes, signatures and signed transactions. */
export const checkBip143: ConformanceAdapter = (contents) => {
  const tally = new ConformanceTally();
  for (const { title, items } of parseJson(contents) as readonly Section[]) {
    const walk = new SectionWalk(tally, title);
    for (const [label, value] of items) walk.read(label, value);
  }
  return tally.report();
};
