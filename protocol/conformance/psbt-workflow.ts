import { utf8 } from '@scure/base';
import { Transaction as BitcoinTransaction, RawTx, SigHash, TEST_NETWORK, WIF } from '@scure/btc-signer';
import { equalBytes } from '../codec/bytes.ts';
import { encodeHex } from '../codec/hex.ts';
import { hash160, sha256 } from '../crypto/hash.ts';
import { decodeExtendedKey } from '../crypto/hd-key.ts';
import { isFault } from '../fault.ts';
import { combinePsbts, createPsbt, extractPsbt, finalizePsbt } from '../psbt/meaning.ts';
import { parseAmount } from '../tx/amount-text.ts';
import { type ConformanceAdapter, ConformanceTally, toBytes } from './report.ts';

interface KeyPath {
  readonly key: Uint8Array;
  readonly path: readonly number[];
}

type Derivation = [Uint8Array, { fingerprint: number; path: number[] }];

const HARDENED = 0x8000_0000;
const PAY_TO_SCRIPT_HASH = /^a914([0-9a-f]{40})87$/;
const PAY_TO_WITNESS_SCRIPT = /^0020([0-9a-f]{64})$/;

const readPath = (text: string): number[] =>
  text
    .split('/')
    .slice(1)
    .map((step) => Number.parseInt(step, 10) + (step.endsWith("'") ? HARDENED : 0));

/** What the BIP's text hands to each role. */
class Workflow {
  private readonly text: string;
  /** every PSBT and the transaction, in the order in which the roles make them */
  readonly stated: readonly Uint8Array[];
  readonly secrets: readonly Uint8Array[];
  readonly fingerprint: number;

  constructor(text: string) {
    this.text = text;
    this.stated = this.all(/Bytes in Hex: <pre>([0-9a-f]+)<\/pre>/g).map(([, hex = '']) => toBytes(hex));
    this.secrets = this.all(/^\* <tt>(c\w{51})<\/tt>/gm).map(([, key = '']) => WIF(TEST_NETWORK).decode(key));
    const master = decodeExtendedKey(this.all(/(tprv\w+)/g)[0]?.[1] ?? '', 'test');
    this.fingerprint = isFault(master) ? 0 : new DataView(Uint8Array.from(master.fingerprint).buffer).getUint32(0);
  }

  private all(pattern: RegExp): RegExpExecArray[] {
    return [...this.text.matchAll(pattern)];
  }

  private listAfter(title: string): Uint8Array[] {
    const [, part = ''] = this.text.split(`* ${title}`);
    const [, list = ''] = /^[^\n]*\n((?:\*\* .*\n)+)/.exec(part) ?? [];
    return [...list.matchAll(/<(?:tt|pre)>([0-9a-f]+)<\/(?:tt|pre)>/g)].map(([, hex = '']) => toBytes(hex));
  }

  get unsigned(): Uint8Array {
    const transaction = new BitcoinTransaction();
    for (const [, txid = '', index] of this.all(/TXID: <tt>([0-9a-f]+)<\/tt>, Index: <tt>(\d+)<\/tt>/g))
      transaction.addInput({ txid, index: Number(index) });
    for (const [, script = '', text = ''] of this.all(/scriptPubKey: <tt>([0-9a-f]+)<\/tt>, Amount: <tt>([0-9.]+)<\/tt>/g)) {
      const amount = parseAmount(text);
      transaction.addOutput({ script: toBytes(script), amount: isFault(amount) ? 0n : amount });
    }
    return transaction.unsignedTx;
  }

  get scripts(): readonly Uint8Array[] {
    return [...this.listAfter('Redeem Scripts:'), ...this.listAfter('Witness Scripts:')];
  }

  get previous(): readonly Uint8Array[] {
    return this.listAfter('Previous Transactions:');
  }

  get keys(): readonly KeyPath[] {
    return this.all(/Key: <tt>([0-9a-f]+)<\/tt>, Derivation Path: <tt>([^<]+)<\/tt>/g).map(([, key = '', path = '']) => ({
      key: toBytes(key),
      path: readPath(path),
    }));
  }
}

const derivationsIn = (workflow: Workflow, isNamed: (key: Uint8Array) => boolean): Derivation[] =>
  workflow.keys.filter(({ key }) => isNamed(key)).map(({ key, path }) => [key, { fingerprint: workflow.fingerprint, path: [...path] }]);

const updateInput = (transaction: BitcoinTransaction, input: number, workflow: Workflow): void => {
  const { txid, index = 0 } = transaction.getInput(input);
  const previous = workflow.previous.find(
    (bytes) => BitcoinTransaction.fromRaw(bytes, { allowUnknownOutputs: true }).id === encodeHex(txid ?? new Uint8Array(0)),
  );
  const coin = previous === undefined ? undefined : RawTx.decode(previous).outputs[index];
  if (previous === undefined || coin === undefined) return;
  const [, scriptHash = ''] = PAY_TO_SCRIPT_HASH.exec(encodeHex(coin.script)) ?? [];
  const redeemScript = workflow.scripts.find((script) => encodeHex(hash160(script)) === scriptHash);
  const [, programHash = ''] = PAY_TO_WITNESS_SCRIPT.exec(encodeHex(redeemScript ?? new Uint8Array(0))) ?? [];
  const witnessScript = workflow.scripts.find((script) => encodeHex(sha256(script)) === programHash);
  const signed = encodeHex(witnessScript ?? redeemScript ?? coin.script);
  transaction.updateInput(input, {
    ...(witnessScript === undefined ? { nonWitnessUtxo: previous } : { witnessUtxo: coin, witnessScript }),
    ...(redeemScript === undefined ? {} : { redeemScript }),
    bip32Derivation: derivationsIn(workflow, (key) => signed.includes(encodeHex(key))),
  });
};

const update = (created: Uint8Array, workflow: Workflow): BitcoinTransaction => {
  const transaction = BitcoinTransaction.fromPSBT(created);
  for (let input = 0; input < transaction.inputsLength; input++) updateInput(transaction, input, workflow);
  for (let output = 0; output < transaction.outputsLength; output++) {
    const script = encodeHex(transaction.getOutput(output).script ?? new Uint8Array(0));
    transaction.updateOutput(output, { bip32Derivation: derivationsIn(workflow, (key) => script.endsWith(encodeHex(hash160(key)))) });
  }
  return transaction;
};

const withSighashAll = (updated: Uint8Array): Uint8Array => {
  const transaction = BitcoinTransaction.fromPSBT(updated);
  for (let input = 0; input < transaction.inputsLength; input++) transaction.updateInput(input, { sighashType: SigHash.ALL });
  return transaction.toPSBT();
};

const sign = (typed: Uint8Array, secrets: readonly Uint8Array[]): Uint8Array => {
  const transaction = BitcoinTransaction.fromPSBT(typed);
  for (const secret of secrets) transaction.sign(secret);
  return transaction.toPSBT();
};

const orEmpty = (result: Uint8Array | object): Uint8Array => (result instanceof Uint8Array ? result : new Uint8Array(0));

/** Each role begins with what the role before it made here; updater and signers are the library's, the others ours. */
const runWorkflow = (workflow: Workflow): readonly Uint8Array[] => {
  const created = orEmpty(createPsbt(workflow.unsigned));
  const updated = update(created, workflow).toPSBT();
  const typed = withSighashAll(updated);
  const [one, other] = [sign(typed, workflow.secrets.slice(0, 2)), sign(typed, workflow.secrets.slice(2, 4))];
  const combined = orEmpty(combinePsbts([one, other]));
  const finalized = orEmpty(finalizePsbt(combined));
  return [created, updated, typed, one, other, combined, finalized, orEmpty(extractPsbt(finalized))];
};

/** bips/bip-0174_workflow.txt: one run through all roles, byte for byte, and the combination of entries that nobody knows. */
export const checkPsbtWorkflow: ConformanceAdapter = (contents) => {
  const tally = new ConformanceTally();
  const workflow = new Workflow(utf8.encode(contents));
  const made = runWorkflow(workflow);
  const different = made.findIndex((bytes, step) => !equalBytes(bytes, workflow.stated[step] ?? new Uint8Array(0)));
  tally.judge(`from creator to extractor${different < 0 ? '' : `: step ${different + 1}`}`, different < 0);
  const [one, other, expected] = workflow.stated.slice(made.length);
  const combined = one === undefined || other === undefined ? new Uint8Array(0) : orEmpty(combinePsbts([one, other]));
  tally.judge('combiner of unknown entries', expected !== undefined && equalBytes(combined, expected));
  return tally.report();
};
