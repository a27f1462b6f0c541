import { equalBytes } from '#protocol/codec/bytes';
import { encodeReversedHex } from '#protocol/codec/hash32';
import { encodeHex } from '#protocol/codec/hex';
import { Failure } from '#protocol/failure';
import { type Fault, fault, isFault } from '#protocol/fault';
import { computeTxid } from '#protocol/tx/identity';
import { outpointKey } from '#protocol/tx/outpoint';
import type { Transaction } from '#protocol/tx/transaction';
import { decodeTransaction, encodeTransaction } from '#protocol/tx/transaction-codec';
import { proveTransaction } from '#spv/proof/included-tx';
import { ask, isUnanswered } from '#spv/task';
import type { LightDriver } from './light-driver.ts';
import type { Peer } from './peer-book.ts';
import type { TxRecord } from './tx-record.ts';
import type { Wallet } from './wallet.ts';
import type { WalletStore } from './wallet-store.ts';

/** seconds between two attempts to bring a transaction to a node */
export const RELAY_SECONDS = 10;
/** seconds that a node which took a transaction has before the next one is asked: it may have kept it to itself */
const CARRIER_SECONDS = 30;
/** what a pool says of a transaction that is already where it should be */
const ALREADY_THERE: ReadonlySet<string> = new Set(['already-known', 'known', 'already-pooled']);
/** refusals that pass with time or by another node: they do not end a payment */
const PASSING: ReadonlySet<string> = new Set([
  'busy',
  'rate',
  'rate-limited',
  'overloaded',
  'peer-lost',
  'timeout',
  'not-ready',
  'syncing',
  'already-confirmed',
  'record-early',
]);

export interface RelayHost {
  readonly wallet: Wallet;
  readonly driver: LightDriver;
  readonly store: WalletStore;
  readonly now: () => number;
  /** a payment was signed and is on the disk: its change is given out */
  readonly kept: (record: TxRecord) => void;
  readonly changed: () => void;
}

const findConflict = (wallet: Wallet, transaction: Transaction, txid: string): string | undefined => {
  const keys = new Set(transaction.inputs.map((input) => outpointKey(input.outpoint)));
  return wallet.pending().find((record) => record.txid !== txid && record.inputs.some((input) => keys.has(input.outpoint)))?.txid;
};

/** rounds in which every node that is there, also the one that took it, has to refuse: then another transaction took its coins */
const LOST_ROUNDS = 3;

/** Other witnesses under the same txid: what only comes before a draft is anybody's, and replaces nothing that is under way. */
const replaces = ({ bytes }: TxRecord, transaction: Transaction, isOwn: boolean): boolean =>
  isOwn && (bytes === undefined || !equalBytes(bytes, encodeTransaction(transaction)));

/** Who took a transaction, and when the last of them did. */
interface Carriers {
  readonly peers: Set<string>;
  readonly since: number;
}

/** Keeps signed transactions and brings them to nodes until they are in a block. */
export class Relay {
  private readonly host: RelayHost;
  private readonly carriers = new Map<string, Carriers>();
  private readonly refusedRounds = new Map<string, number>();
  private bringing = false;

  constructor(host: RelayHost) {
    this.host = host;
  }

  /**
   * Keeps the transaction on the disk, its coins reserved by it, and only then sends it.
   *
   * @fault the codec's; `coin-unknown`: an input is no proved coin of ours, or no longer: a block may have spent it since it was reviewed; `coin-reserved`: another payment under way
   * spends it; `storage-full`: it could not be kept, and was not sent
   * @source SPEC CW5; attacks C6, C9
   */
  async send(signed: Uint8Array): Promise<{ readonly txid: string } | Fault> {
    const { wallet } = this.host;
    const transaction = decodeTransaction(signed);
    if (isFault(transaction)) return transaction;
    const present = new Set(wallet.coins().map(({ key }) => key));
    const unknown = transaction.inputs.find((input) => !present.has(outpointKey(input.outpoint)));
    const known = wallet.transactions.records.get(encodeReversedHex(computeTxid(transaction)))?.signed !== undefined;
    if (unknown !== undefined && !known) return fault('coin-unknown', { outpoint: outpointKey(unknown.outpoint) });
    return this.keep(transaction, true);
  }

  /**
   * Keeps what several people signed, coins of others among it, in its order; nodes take the later ones once the earlier are
   * in a block.
   *
   * @fault the codec's; `coin-reserved`; `storage-full`
   * @source SPEC CW48
   */
  async sendTogether(signed: readonly Uint8Array[]): Promise<{ readonly txid: string } | Fault> {
    const transactions = signed.map((bytes) => decodeTransaction(bytes));
    const broken = transactions.find(isFault);
    if (broken !== undefined) return broken as Fault;
    let last: { readonly txid: string } | Fault = fault('draft-form');
    for (const [place, transaction] of (transactions as readonly Transaction[]).entries()) {
      last = await this.keep(transaction, place === transactions.length - 1);
      if (isFault(last)) return last;
    }
    return last;
  }

  /** @shape isOwn: what it pays is a payment of ours */
  private async keep(transaction: Transaction, isOwn: boolean): Promise<{ readonly txid: string } | Fault> {
    const { wallet, store, now } = this.host;
    const txid = encodeReversedHex(computeTxid(transaction));
    const before = wallet.transactions.records.get(txid);
    if (before !== undefined && (wallet.inBlock(before) || (wallet.isPending(before) && !replaces(before, transaction, isOwn))))
      return { txid };
    const conflict = findConflict(wallet, transaction, txid);
    if (conflict !== undefined) return fault('coin-reserved', { txid: conflict });
    const record = wallet.transactions.addSigned(transaction, now());
    try {
      await store.setRecords([record], 'strict');
    } catch (error) {
      if (before === undefined) wallet.transactions.records.delete(txid);
      else wallet.transactions.records.set(txid, before);
      return fault(error instanceof Failure ? error.code : 'storage-lost');
    }
    this.host.kept(record);
    this.carriers.delete(txid);
    this.refusedRounds.delete(txid);
    if (isOwn && record.inputs.some(({ element }) => element === 'value')) await this.rememberPayees(transaction);
    this.host.changed();
    void this.bring(record);
    return { txid };
  }

  private async rememberPayees(transaction: Transaction): Promise<void> {
    const { wallet, store } = this.host;
    const foreign = transaction.outputs.filter((output) => wallet.addresses.ofScript(output.script) === undefined);
    const added = foreign.map((output) => wallet.addressOf(output.script)).filter((address) => address !== undefined);
    for (const address of added) wallet.payees.add(address);
    await store.addPayees(added).catch(() => undefined);
  }

  /** Sends what is not in a block yet, once more. */
  async bringAll(): Promise<void> {
    if (this.bringing) return;
    this.bringing = true;
    try {
      await this.bringEach();
    } finally {
      this.bringing = false;
    }
  }

  private async bringEach(): Promise<void> {
    const pending = this.host.wallet.pending();
    for (const txid of this.carriers.keys()) if (!pending.some((record) => record.txid === txid)) this.carriers.delete(txid);
    for (const record of pending) await this.bring(record);
  }

  /** Those who have not taken it yet, then the others: only together can they say that it is lost. */
  private nextCarriers(txid: string): readonly Peer[] {
    const taken = this.carriers.get(txid)?.peers;
    return this.host.driver.book.usable().toSorted((a, b) => Number(taken?.has(a.id) === true) - Number(taken?.has(b.id) === true));
  }

  private carried(record: TxRecord, peer: string): Promise<void> {
    const peers = this.carriers.get(record.txid)?.peers ?? new Set();
    if (peers.has(peer)) peers.clear();
    this.carriers.set(record.txid, { peers: peers.add(peer), since: this.host.now() });
    return this.note(record.txid, { relayed: record.relayed ?? this.host.now() });
  }

  /** Whether it spends what no node has been given yet. */
  private waits(record: TxRecord): boolean {
    const { wallet } = this.host;
    const inputs = wallet.transactions.transactionOf(record)?.inputs ?? [];
    const spent = new Set(inputs.map(({ outpoint }) => encodeReversedHex(outpoint.txid)));
    return wallet.pending().some(({ txid, relayed }) => relayed === undefined && spent.has(txid));
  }

  private async bring(record: TxRecord): Promise<void> {
    const { driver, wallet, now } = this.host;
    const since = this.carriers.get(record.txid)?.since;
    if (record.bytes === undefined || (since !== undefined && now() - since < CARRIER_SECONDS) || this.waits(record)) return;
    const refusals: string[] = [];
    const asked = this.nextCarriers(record.txid);
    for (const peer of asked) {
      const answer = await driver.run(ask(peer.id, 'tx', { kind: 'submit', transaction: record.bytes }));
      if (isFault(answer)) continue;
      if (!isUnanswered(answer) || ALREADY_THERE.has(answer.unanswered)) return this.carried(record, peer.id);
      if (answer.unanswered === 'already-confirmed' && (await this.locate(record, peer.id))) return;
      refusals.push(answer.unanswered);
    }
    const code = refusals.find((refusal) => !PASSING.has(refusal));
    const all = refusals.length > 0 && refusals.every((refusal) => !PASSING.has(refusal));
    const current = wallet.transactions.records.get(record.txid);
    const rounds = all && refusals.length === asked.length ? (this.refusedRounds.get(record.txid) ?? 0) + 1 : 0;
    this.refusedRounds.set(record.txid, rounds);
    const lost = record.relayed === undefined ? all : rounds >= LOST_ROUNDS;
    if (lost && code !== undefined && current !== undefined && wallet.isPending(current))
      await this.note(record.txid, { refused: { code, time: this.host.now() } });
  }

  /** A node says that it is in a block: where, is proved; a block that was jumped over is never read. @source SPEC LC12 */
  private async locate(record: TxRecord, peer: string): Promise<boolean> {
    const { driver, wallet } = this.host;
    const transaction = wallet.transactions.transactionOf(record);
    if (transaction === undefined || driver.chain === undefined) return false;
    const included = await driver.run(proveTransaction(driver.chain, peer, computeTxid(transaction)));
    if (isUnanswered(included) || isFault(included)) return false;
    const { block, height, time } = included;
    await this.note(record.txid, { block: { hash: encodeHex(block), by: 'inclusion', height, time } });
    return true;
  }

  private async note(txid: string, change: Partial<TxRecord>): Promise<void> {
    const record = this.host.wallet.transactions.update(txid, change);
    if (record !== undefined) await this.host.store.setRecords([record], 'relaxed').catch(() => undefined);
    this.host.changed();
  }
}
