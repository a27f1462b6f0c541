import { equalBytes } from '#protocol/codec/bytes';
import type { Hash32 } from '#protocol/codec/hash32';
import type { Seizure } from '#protocol/debt/build-punishment';
import { type Fault, fault, isFault } from '#protocol/fault';
import type { Coin } from '#protocol/ledger/coin';
import type { ScriptRun } from '#protocol/ledger/run-scripts';
import { computeTxid, computeVirtualSize, computeWtxid } from '#protocol/tx/identity';
import type { Outpoint } from '#protocol/tx/outpoint';
import type { Transaction } from '#protocol/tx/transaction';
import { decodeTransaction, encodeTransaction } from '#protocol/tx/transaction-codec';
import { COINBASE, CREDIT_AUTHORISATION, RECORD } from '#protocol/tx/transaction-type';
import type { Clock, NodeMempool } from '../chain/contract.ts';
import type { MakerPolicy } from '../policy/maker-policy.ts';
import { feeAt, RELAY_POLICY, type RelayPolicy } from '../policy/relay-policy.ts';
import type { JudgedTransaction, PoolChain } from './judge.ts';
import { loadMempool, saveMempool } from './mempool-file.ts';
import { checkPackageLimits } from './package-limits.ts';
import { Pool, type PoolEntry } from './pool.ts';
import { planReplacement } from './replacement.ts';

export interface MempoolOptions {
  readonly chain: PoolChain;
  readonly clock: Clock;
  readonly policy?: RelayPolicy;
  /** what the operator refuses of credit */
  readonly maker?: Pick<MakerPolicy, 'refuse'>;
}

/** Transactions that left or came with the best chain, decoded. */
export interface PoolTipChange {
  readonly connected: readonly (readonly Transaction[])[];
  /** oldest first */
  readonly disconnected: readonly (readonly Transaction[])[];
}

/** What a transaction would cost and displace. */
interface Examined extends JudgedTransaction {
  readonly txid: Hash32;
  readonly size: number;
  readonly leaving: readonly PoolEntry[];
}

/** A transaction that comes back; with what its scripts accepted where they were run before. */
type Saved = Pick<PoolEntry, 'transaction' | 'bytes' | 'time'> & { readonly run?: ScriptRun | undefined };

const CHECK_SIZE = 50;

/** Where the pool is trimmed to once it is over its bound: room for a while, so that sorting is rare. */
const TRIM_TO = 0.95;

const halve = (rate: bigint, floor: bigint): bigint => (rate / 2n < floor ? floor : rate / 2n);

/** Halves the rate that a full pool asks for when it has gone unasked for so long. */
const FLOOR_HALFLIFE = 12 * 3600;

/** Transactions that wait for a block. */
export class Mempool implements NodeMempool {
  readonly pool = new Pool();
  private readonly chain: PoolChain;
  private readonly clock: Clock;
  private readonly policy: RelayPolicy;
  private readonly maker: MempoolOptions['maker'];
  private readonly declinedListeners = new Set<(declined: Seizure) => void>();
  private readonly listeners = new Set<(txid: Hash32, bytes: Uint8Array) => void>();
  private floor: { rate: bigint; since: number };
  private overdue = 0n;

  constructor({ chain, clock, policy = RELAY_POLICY, maker }: MempoolOptions) {
    this.chain = chain;
    this.clock = clock;
    this.policy = policy;
    this.maker = maker;
    this.floor = { rate: policy.minFeeRate, since: clock.now() };
  }

  /** @unit base units per 1,000 virtual bytes: what a transaction pays at least to get in now */
  minFeeRate(): bigint {
    while (this.floor.rate > this.policy.minFeeRate && this.clock.now() - this.floor.since > FLOOR_HALFLIFE)
      this.floor = { rate: halve(this.floor.rate, this.policy.minFeeRate), since: this.floor.since + FLOOR_HALFLIFE };
    return this.floor.rate;
  }

  readonly has = (txid: Uint8Array): boolean => this.pool.has(txid);

  readonly get = (txid: Uint8Array): PoolEntry | undefined => this.pool.get(txid);

  /** What the scripts of a pooled transaction accepted, which were run on the same coins. */
  readonly findRun = (transaction: Transaction): ScriptRun | undefined => {
    const entry = this.pool.get(computeTxid(transaction));
    return entry !== undefined && equalBytes(computeWtxid(entry.transaction), computeWtxid(transaction)) ? entry.run : undefined;
  };

  readonly onAccepted = (listener: (txid: Hash32, bytes: Uint8Array) => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Hears of each transaction handed in that a frozen account may not make, once it is known what of it may be seized. @source SPEC PU1 */
  readonly onDeclined = (listener: (declined: Seizure) => void): (() => void) => {
    this.declinedListeners.add(listener);
    return () => this.declinedListeners.delete(listener);
  };

  private tellDeclined(transaction: Transaction): void {
    if (this.declinedListeners.size === 0) return;
    const seizure = this.chain.planSeizure(transaction, this.findCoin);
    if (seizure !== undefined) for (const listener of this.declinedListeners) listener(seizure);
  }

  /** A transaction that is pooled already is accepted again, and nobody is told twice. */
  readonly submit = async (bytes: Uint8Array): Promise<{ readonly txid: Hash32 } | Fault> => {
    const transaction = decodeTransaction(bytes);
    if (isFault(transaction)) return transaction;
    const txid = computeTxid(transaction);
    if (this.pool.has(txid)) return { txid };
    const refused = this.admit(transaction, bytes, this.clock.now());
    if (refused?.fault === 'frozen') this.tellDeclined(transaction);
    if (refused !== undefined) return refused;
    for (const listener of this.listeners) listener(txid, bytes);
    return { txid };
  };

  /** Coins as a transaction on top of the pool sees them. */
  readonly findCoin = (outpoint: Outpoint): Coin | undefined => {
    const parent = this.pool.get(outpoint.txid);
    if (parent === undefined) return this.chain.findCoin(outpoint);
    const output = parent.transaction.outputs[outpoint.index];
    if (output === undefined) return undefined;
    const { layer, type } = parent.transaction;
    return { outpoint, ...output, layer, type, height: this.chain.nextHeight(), medianTime: this.chain.medianTime() };
  };

  /**
   * Whether a transaction would be taken now, without taking it.
   *
   * @unit size: virtual bytes, or what its signature checks weigh; fee: base units
   * @fault `already-pooled`, and every fault that `submit` refuses with
   */
  readonly examine = (transaction: Transaction): Examined | Fault =>
    this.pool.has(computeTxid(transaction)) ? fault('already-pooled') : this.judge(transaction);

  private judge(transaction: Transaction, run?: ScriptRun): Examined | Fault {
    if (transaction.type === COINBASE) return fault('coinbase-loose');
    const txid = computeTxid(transaction);
    if (this.chain.isConfirmed(txid)) return fault('already-confirmed');
    const judged = this.chain.judge(transaction, this.findCoin, run);
    if (isFault(judged)) return judged;
    const size = Math.max(computeVirtualSize(transaction), judged.checks * CHECK_SIZE);
    const leaving = this.checkPolicy(transaction, judged, size);
    return isFault(leaving) ? leaving : { ...judged, txid, size, leaving };
  }

  private admit(transaction: Transaction, bytes: Uint8Array, time: number, run?: ScriptRun): Fault | undefined {
    const examined = this.judge(transaction, run);
    if (isFault(examined)) return examined;
    const { leaving, ...judged } = examined;
    const { txid } = judged;
    for (const entry of leaving) this.pool.removeWithDescendants(entry.txid);
    this.pool.add({ transaction, bytes: bytes.slice(), time, ...judged });
    this.keepBound();
    return this.pool.has(txid) ? undefined : fault('fee-rate', { wanted: this.minFeeRate() });
  }

  /** Answers what leaves to make room, or why it is refused. @source SPEC ND20, ND26, MP1 */
  private checkPolicy(transaction: Transaction, judged: JudgedTransaction, size: number): readonly PoolEntry[] | Fault {
    const wanted = feeAt(this.minFeeRate(), size);
    if (judged.fee < wanted) return fault('fee-rate', { fee: judged.fee, wanted });
    for (const outpoint of judged.references) {
      if (this.pool.has(outpoint.txid)) return fault('reference-unconfirmed');
      const pooled = this.pool.referrersOf(outpoint).length;
      if (transaction.type !== CREDIT_AUTHORISATION && pooled >= this.policy.maxReferencesPerCoin)
        return fault('too-many-references', { maximum: this.policy.maxReferencesPerCoin });
    }
    const candidate = { fee: judged.fee, size, spends: judged.spends };
    const leaving = planReplacement(this.pool, candidate, this.policy);
    if (isFault(leaving)) return leaving;
    const fits = checkPackageLimits(this.pool, candidate, leaving, this.policy);
    if (isFault(fits)) return fits;
    return this.maker?.refuse({ transaction, fee: judged.fee, findCoin: this.findCoin }) ?? leaving;
  }

  private keepBound(): void {
    if (this.pool.memory <= this.policy.maxPoolBytes) return;
    const best = this.pool.trim(this.policy.maxPoolBytes * TRIM_TO);
    if (best === undefined) return;
    const rate = (best.fee * 1000n) / BigInt(best.size) + this.policy.incrementalFeeRate;
    if (rate > this.minFeeRate()) this.floor = { rate, since: this.clock.now() };
  }

  /**
   * Follows the best chain: what is in a block leaves, what conflicts with it too, what a reorganisation took out of
   * blocks comes back, and then every entry is judged anew; so it is when somebody’s debt fell due or a record changed.
   *
   * @source SPEC ND23
   */
  applyTip({ connected, disconnected }: PoolTipChange): void {
    for (const block of connected) for (const transaction of block) this.confirm(transaction);
    if (disconnected.length > 0 || this.mayJudgeOtherwise(connected.flat())) this.rebuild(disconnected.flat());
    this.overdue = this.chain.overdue();
    const oldest = this.clock.now() - this.policy.expiry;
    for (const entry of [...this.pool.all()]) if (entry.time < oldest) this.pool.removeWithDescendants(entry.txid);
  }

  /** What was admitted may be forbidden now: its owner is frozen, or who signed it is no member any more. */
  private mayJudgeOtherwise(connected: readonly Transaction[]): boolean {
    return this.chain.overdue() > this.overdue || connected.some(({ type }) => type === RECORD);
  }

  private confirm(transaction: Transaction): void {
    this.pool.removeConfirmed(computeTxid(transaction));
    for (const { outpoint } of transaction.inputs) {
      const spender = this.pool.spenderOf(outpoint);
      if (spender !== undefined) this.pool.removeWithDescendants(spender.txid);
      if (this.chain.findCoin(outpoint) !== undefined) continue;
      for (const referrer of this.pool.referrersOf(outpoint)) this.pool.removeWithDescendants(referrer.txid);
    }
  }

  /** Scripts of what stayed in the pool are not run again: an outpoint names one output, on whatever branch it is. */
  private rebuild(returned: readonly Transaction[]): void {
    const pooled = this.pool.inMiningOrder();
    for (const { txid } of pooled) this.pool.removeConfirmed(txid);
    const time = this.clock.now();
    for (const transaction of returned)
      if (transaction.type !== COINBASE) this.readmit({ transaction, bytes: encodeTransaction(transaction), time });
    for (const entry of pooled) this.readmit(entry);
  }

  private readmit({ transaction, bytes, time, run }: Saved): void {
    if (!this.pool.has(computeTxid(transaction))) this.admit(transaction, bytes, time, run);
  }

  save(path: string): Promise<void> {
    return saveMempool(
      path,
      this.pool.inMiningOrder().map(({ bytes, time }) => ({ bytes, time: Math.floor(time) })),
    );
  }

  /** Judges what was saved anew; answers how many came back. */
  async load(path: string): Promise<number> {
    for (const { bytes, time } of await loadMempool(path)) {
      const transaction = decodeTransaction(bytes);
      if (!isFault(transaction)) this.readmit({ transaction, bytes, time });
    }
    return this.pool.size;
  }
}
