import { secp256k1 } from '@noble/curves/secp256k1.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { asHash32 } from '../../codec/hash32.ts';
import { encodeHex } from '../../codec/hex.ts';
import { hash160, sha256 } from '../../crypto/hash.ts';
import { computeSighash, sighashSourceOf } from '../../script/sighash.ts';
import { encodeAmountField } from '../../tx/amount-field.ts';
import type { Transaction, TransactionOutput } from '../../tx/transaction.ts';
import { testKey } from '../test-chain.ts';
import { bytesOf, type Hex, ownScript, readCommitment, readDebt, readMultisig } from './test-naive-forms.ts';
import { isSource } from './test-naive-rules.ts';
import { membersOf, type NaiveCoin, type NaiveView } from './test-naive-state.ts';

export interface Key {
  readonly secret: Uint8Array;
  readonly publicKey: Hex;
  readonly tag: Hex;
}

export interface Claim {
  readonly table: Hex;
  readonly key: Hex;
  readonly value: Hex;
}

/** @shape branch: of a debt, its owner's or the one that is open after the term; forger: whose key signs instead */
export interface DraftInput {
  readonly coin: NaiveCoin;
  readonly sequence: number;
  readonly sighash: number;
  readonly branch: 'owner' | 'anyone';
  readonly forger?: Key;
  readonly witness?: readonly Hex[];
}

export interface Draft {
  readonly layer: Transaction['layer'];
  readonly type: Transaction['type'];
  readonly lockTime: number;
  readonly inputs: readonly DraftInput[];
  readonly outputs: readonly TransactionOutput[];
}

const keyOf = (secret: Uint8Array): Key => {
  const publicKey = secp256k1.getPublicKey(secret, true);
  return { secret, publicKey: encodeHex(publicKey), tag: encodeHex(hash160(publicKey)) };
};

/** A test key's private child: what a wallet would derive. @source BIP32 */
const deriveSecret = (master: Key, chainCode: Uint8Array, index: number): Uint8Array => {
  const number = [24, 16, 8, 0].map((shift) => (index >>> shift) & 255);
  const wide = hmac(sha512, chainCode, Uint8Array.from([...bytesOf(master.publicKey), ...number]));
  const sum = BigInt(`0x${encodeHex(wide.subarray(0, 32))}`) + BigInt(`0x${encodeHex(master.secret)}`);
  return bytesOf((sum % secp256k1.Point.Fn.ORDER).toString(16).padStart(64, '0'));
};

export const pushOf = (hex: Hex): Hex => `${(hex.length / 2).toString(16).padStart(2, '0')}${hex}`;
const small = (n: number): Hex => (0x50 + n).toString(16);
export const multisigOf = (threshold: number, keys: readonly Hex[]): Hex =>
  `${small(threshold)}${keys.map(pushOf).join('')}${small(keys.length)}ae`;

const SECRET: Hex = '5e'.repeat(32);

/** A hash time lock of a secret that everybody here knows. */
export const timeLockOf = (claimer: Key, refunded: Key, timeout: Hex): Hex =>
  `63820120${'88'}a820${encodeHex(sha256(bytesOf(SECRET)))}8821${claimer.publicKey}67${timeout}b17521${refunded.publicKey}68ac`;

/** All keys, hidden scripts and hidden records of a history's people: what signs for a coin is found from its script. */
export class Keyring {
  readonly keys = new Map<Hex, Key>();
  readonly scripts = new Map<Hex, Hex>();
  readonly claims = new Map<Hex, Claim>();

  test(number: number): Key {
    return this.add(keyOf(testKey(number).secret));
  }

  /** The key whose point has an even y, as an x-only key stands for. */
  even(number: number): Key {
    const key = keyOf(testKey(number).secret);
    const negated = secp256k1.Point.Fn.ORDER - BigInt(`0x${encodeHex(key.secret)}`);
    return this.add(key.publicKey.startsWith('02') ? key : keyOf(bytesOf(negated.toString(16).padStart(64, '0'))));
  }

  child(master: Key, chainCode: Uint8Array, index: number): Key {
    return this.add(keyOf(deriveSecret(master, chainCode, index)));
  }

  private add(key: Key): Key {
    this.keys.set(key.tag, key);
    this.keys.set(key.publicKey, key);
    return key;
  }

  /** The P2WSH of a script, which is remembered. */
  hide(script: Hex): Hex {
    const hidden = `0020${encodeHex(sha256(bytesOf(script)))}`;
    this.scripts.set(hidden, script);
    return hidden;
  }

  private witnessOf(script: Hex, view: NaiveView, sign: (key: Key | undefined, code: Hex) => Hex, input: DraftInput): readonly Hex[] {
    const single = /^0014(.{40})$/.exec(script)?.[1];
    const byTag = (tag: Hex, code: Hex): Hex[] => [sign(this.keys.get(tag), code), this.keys.get(tag)?.publicKey ?? ''];
    if (single !== undefined) return byTag(single, `76a914${single}88ac`);
    const hidden = this.scripts.get(script);
    if (hidden !== undefined) return [...this.witnessOf(hidden, view, sign, input), hidden];
    const multisig = readMultisig(script);
    if (multisig !== undefined) return ['', ...multisig.keys.slice(0, multisig.threshold).map((key) => sign(this.keys.get(key), script))];
    const lone = /^21(.{66})ac$/.exec(script)?.[1];
    if (lone !== undefined) return [sign(this.keys.get(lone), script)];
    const hashed = /^76a914(.{40})88ac$/.exec(script)?.[1];
    if (hashed !== undefined) return byTag(hashed, script);
    const [, claimer, refunded] = /^63.*88a820.{64}8821(.{66})67.*b17521(.{66})68ac$/.exec(script) ?? [];
    if (claimer !== undefined && refunded !== undefined)
      return input.branch === 'owner' ? [sign(this.keys.get(claimer), script), SECRET, '01'] : [sign(this.keys.get(refunded), script), ''];
    const debt = readDebt(script);
    if (debt !== undefined) return input.branch === 'owner' ? byTag(debt.tag, script) : [''];
    return this.commitmentWitness(script, sign);
  }

  private commitmentWitness(script: Hex, sign: (key: Key | undefined, code: Hex) => Hex): readonly Hex[] {
    const commitment = readCommitment(script);
    const claim = commitment && this.claims.get(commitment.hash);
    if (commitment === undefined || claim === undefined) return [];
    const { keyHash, named, multisig } = commitment.check;
    const shown = [claim.table, claim.key, claim.value];
    if (keyHash !== undefined) return [sign(this.keys.get(keyHash), script), this.keys.get(keyHash)?.publicKey ?? '', ...shown];
    const signers = (multisig?.keys ?? []).slice(0, multisig?.threshold);
    const master = named === undefined ? [] : [sign(this.keys.get(named), script)];
    return ['', ...signers.map((key) => sign(this.keys.get(key), script)), ...master, ...shown];
  }

  /** A transaction with every input signed that has something to sign. */
  sign(draft: Draft, view: NaiveView): Transaction {
    const { layer, type, lockTime, outputs } = draft;
    const members = membersOf(view.records);
    const bare: Transaction = {
      ...{ layer, type, lockTime, outputs },
      inputs: draft.inputs.map(({ coin, sequence }) => ({ outpoint: outpointOf(coin.at), sequence, witness: [] })),
    };
    const source = sighashSourceOf(bare);
    const repays = outputs.every(({ element }) => element !== 'debt');
    const inputs = bare.inputs.map((input, index) => {
      const own = draft.inputs[index] as DraftInput;
      const { coin, sighash, forger } = own;
      const reads = coin.layer > layer;
      const silent = (reads && !isSource(coin)) || (coin.element === 'debt' && (repays || type === 2));
      if (own.witness !== undefined || silent) return { ...input, witness: (own.witness ?? []).map(bytesOf) };
      const sign = (key: Key | undefined, code: Hex): Hex => {
        const amountField = encodeAmountField(coin.element, coin.amount);
        const digest = computeSighash(source, { index, scriptCode: bytesOf(code), amountField }, sighash);
        const secret = (forger ?? key)?.secret ?? testKey(1).secret;
        return `${encodeHex(secp256k1.sign(digest, secret, { prehash: false, lowS: true, format: 'der' }))}${pushless(sighash)}`;
      };
      const dead = isSource(coin) && readMultisig(coin.script)?.keys.every((key) => members.includes(key)) !== true;
      const script = dead ? multisigOf(members.length, members) : ownScript(coin, view.parameters);
      return { ...input, witness: this.witnessOf(script, view, sign, own).map(bytesOf) };
    });
    return { ...bare, inputs };
  }
}

const pushless = (byte: number): Hex => byte.toString(16).padStart(2, '0');

export const outpointOf = (at: string): { readonly txid: ReturnType<typeof asHash32>; readonly index: number } => {
  const [txid = '', index = ''] = at.split(':');
  return { txid: asHash32(bytesOf(txid)), index: Number(index) };
};
