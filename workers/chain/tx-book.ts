import { encodeReversedHex } from '#protocol/codec/hash32';
import { decodeHex, encodeHex } from '#protocol/codec/hex';
import { isFault } from '#protocol/fault';
import { computeTxid } from '#protocol/tx/identity';
import { outpointKey } from '#protocol/tx/outpoint';
import type { Transaction, TransactionOutput } from '#protocol/tx/transaction';
import { decodeTransaction, encodeTransaction } from '#protocol/tx/transaction-codec';
import type { BlockEffect } from '#spv/coins/block-effect';
import type { HeldCoin } from '#spv/coins/coin-ledger';
import type { OwnAmount, OwnInput, RecordBlock, TxRecord } from './tx-record.ts';

/** transactions claimed by peers and not in a block: the oldest claim leaves first */
export const MAX_CLAIMS = 200;
/** seconds after which a claim that never came into a block is forgotten */
export const CLAIM_SECONDS = 3_600;

/** Nobody but a peer said so: nothing rests on its outputs. */
const isClaim = ({ signed, block }: TxRecord): boolean => signed === undefined && block === undefined;

const fresh = (txid: string, now: number): TxRecord => ({
  txid,
  bytes: undefined,
  received: [],
  inputs: [],
  firstSeen: now,
  signed: undefined,
  relayed: undefined,
  claimed: undefined,
  block: undefined,
  refused: undefined,
});

type Output = Pick<TransactionOutput, 'element' | 'amount' | 'script'>;

const ownAmount = ({ element, amount }: Output, script: Uint8Array): OwnAmount => ({ element, amount, script: encodeHex(script) });

/** The transactions that concern the watched accounts, whatever is known of each. */
export class TxBook {
  readonly records = new Map<string, TxRecord>();
  private readonly outputs = new Map<string, OwnAmount>();
  private readonly ownScriptOf: (output: Output) => Uint8Array | undefined;

  /** @shape ownScriptOf: the script of the address whose an output is; undefined: none of ours */
  constructor(ownScriptOf: (output: Output) => Uint8Array | undefined) {
    this.ownScriptOf = ownScriptOf;
  }

  load(records: readonly TxRecord[]): void {
    for (const record of records) {
      this.records.set(record.txid, record);
      const transaction = isClaim(record) ? undefined : this.transactionOf(record);
      if (transaction !== undefined) this.learnOutputs(transaction);
    }
  }

  transactionOf(record: TxRecord): Transaction | undefined {
    const transaction = record.bytes === undefined ? undefined : decodeTransaction(record.bytes);
    return transaction === undefined || isFault(transaction) ? undefined : transaction;
  }

  learnCoins(coins: readonly HeldCoin[]): void {
    for (const coin of coins) this.learn(outpointKey(coin.outpoint), coin);
  }

  private learn(key: string, output: Output): void {
    const script = this.ownScriptOf(output);
    if (script !== undefined) this.outputs.set(key, ownAmount(output, script));
  }

  private learnOutputs(transaction: Transaction): void {
    const txid = computeTxid(transaction);
    for (const [index, output] of transaction.outputs.entries()) this.learn(outpointKey({ txid, index }), output);
  }

  outpoints(): Iterable<string> {
    return this.outputs.keys();
  }

  findOutput(key: string): OwnAmount | undefined {
    return this.outputs.get(key);
  }

  private ownInputs(transaction: Transaction): readonly OwnInput[] {
    return transaction.inputs.flatMap(({ outpoint }) => {
      const key = outpointKey(outpoint);
      const output = this.outputs.get(key);
      return output === undefined ? [] : [{ outpoint: key, ...output }];
    });
  }

  private ownOutput(output: Output): readonly OwnAmount[] {
    const script = this.ownScriptOf(output);
    return script === undefined ? [] : [ownAmount(output, script)];
  }

  private ownOutputs(transaction: Transaction): TxRecord['received'] {
    return transaction.outputs.flatMap((output) => this.ownOutput(output));
  }

  /** Whether a transaction pays us or spends a coin of ours. */
  concerns(transaction: Transaction): boolean {
    return this.ownInputs(transaction).length + this.ownOutputs(transaction).length > 0;
  }

  private describe(transaction: Transaction, now: number): TxRecord {
    const txid = encodeReversedHex(computeTxid(transaction));
    const known = this.records.get(txid) ?? fresh(txid, now);
    const inputs = this.ownInputs(transaction);
    return {
      ...known,
      bytes: encodeTransaction(transaction),
      received: this.ownOutputs(transaction),
      inputs: inputs.length >= known.inputs.length ? inputs : known.inputs,
    };
  }

  private put(record: TxRecord): TxRecord {
    this.records.set(record.txid, record);
    return record;
  }

  addSigned(transaction: Transaction, now: number): TxRecord {
    this.learnOutputs(transaction);
    const record = this.describe(transaction, now);
    return this.put({ ...record, signed: record.signed ?? now, refused: undefined });
  }

  /** A peer passed it on: no more than a claim. Its witness may be anybody's, so the bytes of one that is known stay. */
  addClaim(transaction: Transaction, now: number): TxRecord | undefined {
    const known = this.records.get(encodeReversedHex(computeTxid(transaction)));
    if (known?.bytes !== undefined) return this.put({ ...known, claimed: known.claimed ?? now });
    if (!this.concerns(transaction)) return undefined;
    const record = this.describe(transaction, now);
    return this.put({ ...record, claimed: record.claimed ?? now });
  }

  addEffect(effect: BlockEffect, now: number): readonly TxRecord[] {
    const block: RecordBlock = { hash: encodeHex(effect.hash), by: 'inclusion', height: effect.height, time: effect.time };
    return effect.transactions.map(({ transaction }) => {
      this.learnOutputs(transaction);
      return this.put({ ...this.describe(transaction, now), block, refused: undefined });
    });
  }

  /**
   * Coins of the proved state whose block was not read: the state proves what came in, when and in which block, be the
   * transaction a claim so far, one that went back with its block, or never seen.
   *
   * @shape inBlock: whether a record's block is of the best chain; hashAt: of that chain's block, undefined where it is not held
   * @source SPEC LC12
   */
  addCoins(
    coins: readonly HeldCoin[],
    chain: { readonly inBlock: (record: TxRecord) => boolean; readonly hashAt: (height: number) => string | undefined },
  ): readonly TxRecord[] {
    this.learnCoins(coins);
    const changed: TxRecord[] = [];
    for (const [txid, outputs] of Map.groupBy(coins, (coin) => encodeReversedHex(coin.outpoint.txid))) {
      const [{ height, time }] = outputs as [HeldCoin, ...HeldCoin[]];
      const record = this.records.get(txid) ?? fresh(txid, time);
      const whole = record.bytes !== undefined || record.received.length >= outputs.length;
      if (whole && chain.inBlock(record)) continue;
      const received = whole ? record.received : outputs.flatMap((coin) => this.ownOutput(coin));
      const block: RecordBlock = chain.inBlock(record)
        ? (record.block as RecordBlock)
        : { hash: chain.hashAt(height), by: 'state', height, time };
      changed.push(this.put({ ...record, received, block, refused: undefined }));
    }
    return changed;
  }

  update(txid: string, change: Partial<TxRecord>): TxRecord | undefined {
    const record = this.records.get(txid);
    return record === undefined ? undefined : this.put({ ...record, ...change });
  }

  /** Claims that came to nothing are forgotten. */
  forgetClaims(now: number): readonly string[] {
    const claims = [...this.records.values()].filter(isClaim);
    const surplus = claims.sort((a, b) => a.firstSeen - b.firstSeen).slice(0, Math.max(0, claims.length - MAX_CLAIMS));
    const old = claims.filter((record) => record.firstSeen < now - CLAIM_SECONDS);
    const gone = [...new Set([...surplus, ...old].map((record) => record.txid))];
    for (const txid of gone) this.records.delete(txid);
    return gone;
  }
}

export const scriptBytes = (hex: string): Uint8Array => {
  const bytes = decodeHex(hex);
  return isFault(bytes) ? new Uint8Array() : bytes;
};
