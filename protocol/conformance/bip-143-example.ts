import { concatBytes, equalBytes } from '../codec/bytes.ts';
import { encodeHex } from '../codec/hex.ts';
import { decodeBytes } from '../codec/reader.ts';
import { hash256 } from '../crypto/hash.ts';
import { isFault } from '../fault.ts';
import { encodePush } from '../script/push.ts';
import { computeSighash, makeSighashSource, type SighashSource } from '../script/sighash.ts';
import { parseAmount } from '../tx/amount-text.ts';
import { outpointKey, readOutpoint } from '../tx/outpoint.ts';
import { type BitcoinOutput, type BitcoinTransaction, decodeBitcoinTransaction, writeBitcoinOutput } from './bitcoin-transaction.ts';
import { toBytes } from './report.ts';
import { assembleScript } from './script-assembler.ts';

export type LabelledValue = readonly [label: string, value: string];

const MAX_CODE = 10_000;

export const readBitcoinHex = (value: string): BitcoinTransaction | undefined => {
  const tx = decodeBitcoinTransaction(readValue(value));
  return isFault(tx) ? undefined : tx;
};

/** The hexadecimal digits that a value begins with; spaces inside them mean nothing. */
export const readValue = (value: string): Uint8Array => toBytes((/^[0-9a-f ]+/.exec(value)?.[0] ?? '').replaceAll(' ', ''));

/** A script in hexadecimal, or in words as the BIP has it: `OP_2 <0x30…>`. */
export const readScript = (value: string): Uint8Array => {
  if (!value.startsWith('OP_')) return readValue(value);
  const parts = value.split(' ').map((word) => {
    const data = /^<(?:0x)?([0-9a-f]+)>$/.exec(word)?.[1];
    return data === undefined ? assembleScript(word) : encodePush(toBytes(data));
  });
  return concatBytes(...parts.filter((part) => part !== undefined));
};

/** What one preimage says of itself. */
export interface Preimage {
  readonly hash: Uint8Array;
  readonly outpoint: string;
  readonly scriptCode: Uint8Array;
  readonly type: number;
  readonly amountField: bigint;
}

export const readPreimage = (value: string): Preimage | undefined => {
  const bytes = readValue(value);
  const read = decodeBytes(bytes, (reader) => {
    reader.take(68);
    const outpoint = outpointKey(readOutpoint(reader));
    const scriptCode = reader.varBytes(MAX_CODE);
    const amountField = reader.u64();
    reader.take(40);
    return { hash: hash256(bytes), outpoint, scriptCode, amountField, type: reader.u32() };
  });
  return isFault(read) ? undefined : read;
};

const readCoin = (value: string): BitcoinOutput => {
  const amount = parseAmount(/value: ([0-9.]+)/.exec(value)?.[1] ?? '');
  return { script: readValue(value), value: isFault(amount) ? 0n : amount };
};

/** One transaction of the BIP and everything that is said of it. */
export class Bip143Example {
  readonly tx: BitcoinTransaction | undefined;
  readonly signed: BitcoinTransaction | undefined;
  readonly signedHex: string;
  readonly coins: readonly BitcoinOutput[];
  readonly preimages: readonly Preimage[];
  /** hexadecimal of all scripts of coins, of what they hash, and of what was signed */
  readonly scripts: readonly string[];
  private readonly source: SighashSource | undefined;

  constructor(items: readonly LabelledValue[]) {
    const valuesOf = (pattern: RegExp): string[] => items.filter(([label]) => pattern.test(label)).map(([, value]) => value);
    this.tx = valuesOf(/unsigned transaction/).map(readBitcoinHex)[0];
    const [signed] = valuesOf(/serialized signed/);
    this.signed = signed === undefined ? undefined : readBitcoinHex(signed);
    this.signedHex = signed ?? '';
    this.coins = valuesOf(/^scriptPubKey$/).map(readCoin);
    this.preimages = valuesOf(/preimage/)
      .map(readPreimage)
      .filter((preimage) => preimage !== undefined);
    const named = valuesOf(/^(redeem|witness)Script$/).map(readScript);
    this.scripts = [...this.coins.map(({ script }) => script), ...named, ...this.preimages.map(({ scriptCode }) => scriptCode)].map(
      encodeHex,
    );
    this.source = this.tx === undefined ? undefined : makeSighashSource({ ...this.tx, writeOutput: writeBitcoinOutput });
  }

  /** Our own sighash of what a preimage names; undefined where it is of another transaction. */
  computeHash({ outpoint, scriptCode, amountField, type }: Preimage): Uint8Array | undefined {
    const index = this.tx?.inputs.findIndex((input) => outpointKey(input.outpoint) === outpoint) ?? -1;
    return index < 0 || this.source === undefined ? undefined : computeSighash(this.source, { index, scriptCode, amountField }, type);
  }

  /** Whether a part of a preimage is the one of this transaction, or zero where some type of the example leaves it out. */
  isPart(label: string, value: Uint8Array): boolean {
    const { source } = this;
    if (source === undefined) return false;
    if (value.every((byte) => byte === 0)) return this.preimages.some(({ type }) => type !== 1);
    if (label === 'hashPrevouts') return equalBytes(value, source.hashPrevouts());
    if (label === 'hashSequence') return equalBytes(value, source.hashSequences());
    const outputs = this.tx?.outputs.map((_, index) => source.hashOutput(index)) ?? [];
    return [source.hashOutputs(), ...outputs].some((hash) => equalBytes(value, hash));
  }
}
