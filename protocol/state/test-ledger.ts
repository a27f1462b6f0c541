import { secp256k1 } from '@noble/curves/secp256k1.js';
import { equalBytes } from '../codec/bytes.ts';
import { type Fault, isFault } from '../fault.ts';
import { type CheckedTransaction, checkTransaction } from '../ledger/check-transaction.ts';
import type { Coin } from '../ledger/coin.ts';
import { DEV_PARAMETERS } from '../params/networks.ts';
import type { Parameters } from '../params/parameters.ts';
import { findRecordIn } from '../records/find-record.ts';
import type { RecordClaim } from '../records/record-claim.ts';
import type { RecordEntry } from '../records/record-leaf.ts';
import { buildKeyHashCheck } from '../script/forms/key-check.ts';
import { matchPayToKey } from '../script/forms/pay-to-key.ts';
import { buildRecordCommitment, computeRecordHash } from '../script/forms/record-commitment.ts';
import { computeSighash, SIGHASH_ALL, sighashSourceOf } from '../script/sighash.ts';
import { encodeAmountField } from '../tx/amount-field.ts';
import { computeTxid } from '../tx/identity.ts';
import type { Layer } from '../tx/layer.ts';
import type { Transaction, TransactionOutput } from '../tx/transaction.ts';
import type { TransactionType } from '../tx/transaction-type.ts';
import { computeMedianPast } from './block-effect.ts';
import { BlockLedger } from './block-ledger.ts';
import { payment, TestChain, testGenesis, testKey } from './test-chain.ts';

export const FEE_COIN = 2_000n;
const FEE_KEYS = 10_000;
const FEE_COINS = 60;

/** Makes an input's witness out of a function that signs for a test key's number over a script code. */
export type Signer = (sign: (key: number, scriptCode: Uint8Array, sighashType?: number) => Uint8Array) => readonly Uint8Array[];

/** An input with who signs it. @unit sequence: as in the transaction */
export interface SignedInput {
  readonly coin: Coin;
  readonly signer: Signer;
  readonly sequence?: number;
}

export interface SignedDraft {
  readonly layer?: Layer;
  readonly type?: TransactionType;
  readonly lockTime?: number;
  readonly inputs: readonly SignedInput[];
  readonly outputs: readonly TransactionOutput[];
}

const EMPTY = new Uint8Array(0);

/** P2WPKH of a test key. */
export const byKey =
  (key: number, sighashType = SIGHASH_ALL): Signer =>
  (sign) => [sign(key, buildKeyHashCheck(matchPayToKey(testKey(key).script) as Uint8Array), sighashType), testKey(key).publicKey];

/** A bare multisig, or with a witness script above the signatures a P2WSH of one. */
export const byKeys =
  (script: Uint8Array, keys: readonly number[], { witnessScript = false, sighashType = SIGHASH_ALL } = {}): Signer =>
  (sign) => [EMPTY, ...keys.map((key) => sign(key, script, sighashType)), ...(witnessScript ? [script] : [])];

export const unsigned: Signer = () => [];

export const buildSigned = ({ layer = 0, type = 0, lockTime = 0, inputs, outputs }: SignedDraft): Transaction => {
  const bare: Transaction = {
    layer,
    type,
    lockTime,
    outputs,
    inputs: inputs.map(({ coin, sequence }) => ({ outpoint: coin.outpoint, sequence: sequence ?? 0xffff_fffd, witness: [] })),
  };
  const source = sighashSourceOf(bare);
  return {
    ...bare,
    inputs: bare.inputs.map((input, index) => {
      const { coin, signer } = inputs[index] as SignedInput;
      const amountField = encodeAmountField(coin.element, coin.amount);
      const sign = (key: number, scriptCode: Uint8Array, sighashType = SIGHASH_ALL): Uint8Array => {
        const digest = computeSighash(source, { index, scriptCode, amountField }, sighashType);
        const signature = secp256k1.sign(digest, testKey(key).secret, { prehash: false, lowS: true, format: 'der' });
        return Uint8Array.of(...signature, sighashType);
      };
      return { ...input, witness: signer(sign) };
    }),
  };
};

/** A real chain whose people write records, authorise credit, and owe. */
export class TestLedger {
  readonly chain: TestChain;
  private used = 0;

  constructor(over: Partial<Parameters> = {}, chain?: TestChain) {
    const parameters = { ...DEV_PARAMETERS, ...over };
    this.chain = chain ?? new TestChain(testGenesis(parameters), parameters);
    const coin = this.chain.coinOf(2_000);
    const outputs = Array.from({ length: FEE_COINS }, (_, i) => ({
      element: 'value' as const,
      amount: FEE_COIN,
      script: testKey(FEE_KEYS + i).script,
    }));
    this.chain.grow(1, [payment(coin, 2_000, outputs)]);
  }

  get state() {
    return this.chain.state;
  }

  /** A coin of 2,000 units that pays for one transaction and is nobody's who matters. */
  fee(): SignedInput {
    const key = FEE_KEYS + this.used++;
    return { coin: this.chain.coinOf(key), signer: byKey(key) };
  }

  /** What the next block would say of a transaction. */
  verdict(transaction: Transaction): CheckedTransaction | Fault {
    const { state, parameters } = this.chain;
    const medianTime = computeMedianPast(state);
    const ledger = new BlockLedger(state, medianTime);
    const { findCoin, findRecord, findSeat, findFrozen } = ledger;
    const place = { height: state.tip.height + 1, medianTime };
    return checkTransaction(transaction, { place, parameters, findCoin, findRecord, findSeat, findFrozen });
  }

  codeOf(transaction: Transaction): string {
    const verdict = this.verdict(transaction);
    return isFault(verdict) ? verdict.fault : 'accepted';
  }

  /** The coin of a transaction's output, once it is in a block. */
  outputOf(transaction: Transaction, index = 0): Coin {
    const coin = this.state.findCoin({ txid: computeTxid(transaction), index });
    if (coin === undefined) throw new Error('that output is unspent');
    return coin;
  }

  mine(...transactions: readonly Transaction[]): void {
    this.chain.grow(1, transactions);
  }

  commit(keyCheck: Uint8Array, claim: RecordClaim): Coin {
    const script = buildRecordCommitment(computeRecordHash(claim.table, claim.key, claim.value), keyCheck);
    const made = buildSigned({ layer: 2, inputs: [this.fee()], outputs: [{ element: 'value', amount: 0n, script }] });
    this.mine(made);
    return this.outputOf(made);
  }

  /** @shape signatures: what the key check asks for, lowest first */
  reveal(commitment: Coin, claim: RecordClaim, signatures: Signer, more: Partial<SignedDraft> = {}): Transaction {
    const signer: Signer = (sign) => [...signatures(sign), claim.table, claim.key, claim.value];
    const inputs = [{ coin: commitment, signer }, this.fee(), ...(more.inputs ?? [])];
    return buildSigned({ layer: 2, type: 3, outputs: [], ...more, inputs });
  }

  record(table: Uint8Array, key: Uint8Array): RecordEntry | undefined {
    return findRecordIn(this.state.recordNodes, this.state.roots.records, table, key);
  }

  holds(claim: RecordClaim): boolean {
    const found = this.record(claim.table, claim.key);
    return found !== undefined && equalBytes(found.value, claim.value);
  }
}
