import { decodeHeader, encodeHeader } from '#protocol/block/header-codec';
import { encodeReversedHex } from '#protocol/codec/hash32';
import { decodeField, encodeField, u64 } from '#protocol/codec/schema';
import { Failure } from '#protocol/failure';
import { type Fault, fault, isFault } from '#protocol/fault';
import { verifyMessage } from '#protocol/message/message-signature';
import { decodePayee } from '#protocol/records/payee';
import { decodeAddress } from '#protocol/script/address';
import { encodePaymentUri } from '#protocol/script/payment-uri';
import { checkGenesisHeader } from '#protocol/stake/header-view';
import { decodeTransaction } from '#protocol/tx/transaction-codec';
import { txAnnouncement } from '#protocol/wire/messages';
import type { BlockEffect } from '#spv/coins/block-effect';
import { makeWatchSet, type WatchSet } from '#spv/coins/watch-set';
import { encodeSnapshot } from '#spv/snapshot';
import type { Job, Reply } from '#spv/task';
import type { PeerStreams, Platform } from '../platform/port.ts';
import type {
  ChainCalls,
  DrawIntent,
  FeeChoice,
  GrantIntent,
  GroupView,
  LabelEntry,
  PaymentIntent,
  RealNameView,
  RecipientView,
  RepayIntent,
  RequestIntent,
  RollIntent,
} from '../rpc/chain-calls.ts';
import type { ActivityView, AlarmView, ChainView, CoinView, DebtView, NetworkView, PaymentView, PrivacyMode } from '../rpc/chain-view.ts';
import type { ChainForVault, DerivedPlace, ProvedCoin, ProvedOutput, WantedOutput, WatchedAccount } from '../rpc/vault-chain-port.ts';
import { AddressBook, type Branch } from './address-book.ts';
import { Alarms, isCheckpointOld, isQuiet } from './alarms.ts';
import type { FoundCoins } from './coin-sync.ts';
import { encodeActivityCsv } from './csv.ts';
import { encodeLabels, MAX_LABEL_LENGTH, parseLabels } from './labels.ts';
import { LightDriver, type NetworkIdentity } from './light-driver.ts';
import { viewNetwork, viewTip } from './network-view.ts';
import { PayeeBook } from './payee-book.ts';
import { planDraw, planRepay } from './plan-debt.ts';
import { computeUsualFee, planPayment } from './plan-payment.ts';
import { TogetherPlanner } from './plan-together.ts';
import { findLookAlike, parseRecipient } from './recipient.ts';
import { RELAY_SECONDS, Relay } from './relay.ts';
import { recallAddresses, rememberAddresses } from './remember-addresses.ts';
import { displayOutpoint, Wallet, type WalletCoin } from './wallet.ts';
import { TABLES, WalletStore } from './wallet-store.ts';
import {
  accountRecords,
  type ViewSource,
  viewAccount,
  viewActivity,
  viewCoin,
  viewDebts,
  viewPayment,
  viewReceive,
} from './wallet-view.ts';

/** seconds in which many changes become one view */
const VIEW_SECONDS = 0.05;
const SAVE_SECONDS = 1;
const LOOK_AGAIN_SECONDS = 1;
/** coins that a transaction may spend; the vault judges by the freeze rule what a frozen one may do */
const SIGNABLE: ReadonlySet<WalletCoin['state']> = new Set(['spendable', 'credit', 'debt', 'frozen'] as const);
/** change addresses planned ahead of each other before they come round again */
const CHANGE_AHEAD = 10;
/** seconds in which somebody has to prove coins of others that a person waits for */
const PATIENCE = 60;

export interface ServiceHost {
  readonly platform: Platform;
  readonly network: PeerStreams;
  readonly compute: (job: Job) => Promise<Reply>;
  readonly onView: (view: ChainView) => void;
  readonly failed: (error: unknown) => void;
  /** asks this node's faucet; undefined where there is none */
  readonly faucet: ((address: string) => Promise<{ readonly txid: string } | Fault>) | undefined;
}

/**
 * The chain worker's answers: verified chain, wallet and relay behind the calls of screens and vault.
 *
 * @source SPEC CW10
 */
export class ChainService implements Omit<ChainCalls, 'watch'>, ChainForVault {
  readonly driver: LightDriver;
  readonly wallet: Wallet;
  private readonly identity: NetworkIdentity;
  private readonly host: ServiceHost;
  private readonly store: WalletStore;
  private readonly relayer: Relay;
  private readonly payees: PayeeBook;
  private readonly together: TogetherPlanner;
  private readonly alarms = new Alarms();
  private readonly restored: boolean;
  /** reservations and payments on their way to the disk: who leads next must find them there */
  private readonly keeping = new Set<Promise<unknown>>();
  private readonly changeCursor = new Map<number, number>();
  private checkedAt: number | undefined;
  private viewPending = false;
  private savePending = false;
  private savedTip = '';
  private stopped = false;
  private privacy: PrivacyMode = 'bucket';

  private constructor(
    identity: NetworkIdentity,
    host: ServiceHost,
    store: WalletStore,
    remembered: { genesis: Uint8Array | undefined; snapshot: Uint8Array | undefined; secret: Uint8Array },
  ) {
    this.identity = identity;
    this.host = host;
    this.store = store;
    this.restored = remembered.snapshot !== undefined;
    const header = remembered.genesis === undefined ? undefined : decodeHeader(remembered.genesis);
    const genesis = header === undefined || isFault(header) ? undefined : checkGenesisHeader(header, identity.genesis);
    this.driver = new LightDriver(
      identity,
      {
        platform: host.platform,
        network: host.network,
        compute: host.compute,
        secret: remembered.secret,
        changed: () => this.changed(),
        read: (effect) => this.read(effect),
        ownOutpoints: () => this.wallet.transactions.outpoints(),
        gossipTx: (message) => this.gossipTx(message),
        alarm: (alarm) => this.alarm(alarm),
        failed: host.failed,
      },
      { genesis: isFault(genesis) ? undefined : genesis, snapshot: remembered.snapshot },
    );
    this.wallet = new Wallet(identity.parameters, () => this.driver);
    this.payees = new PayeeBook(this.driver, identity.parameters.addressPrefix);
    this.together = new TogetherPlanner(this.wallet, this.driver, (watched) => this.lookUp(watched, PATIENCE));
    this.relayer = new Relay({
      wallet: this.wallet,
      driver: this.driver,
      store,
      now: this.now,
      kept: (record) => {
        if (this.wallet.markUsedBy(record)) this.rewatch();
      },
      changed: () => this.changed(),
    });
  }

  /** Opens what was kept for this genesis, shows it, and goes on from there. */
  static async open(identity: NetworkIdentity, host: ServiceHost): Promise<ChainService> {
    const name = `valuecyber-chain-${encodeReversedHex(identity.genesis).slice(0, 32)}`;
    const store = new WalletStore(await host.platform.openStore(name, TABLES));
    const secret = (await store.chainValue('secret')) ?? host.platform.entropy.bytes(32);
    await store.setChainValue('secret', secret).catch(host.failed);
    const [genesis, snapshot, privacy] = await Promise.all([
      store.chainValue('genesis'),
      store.chainValue('snapshot'),
      store.chainValue('privacy'),
    ]);
    const service = new ChainService(identity, host, store, { genesis, snapshot, secret });
    service.privacy = privacy?.[0] === 1 ? 'exact' : 'bucket';
    service.driver.setPrivacy(service.privacy);
    await service.load();
    return service;
  }

  private async load(): Promise<void> {
    const checked = await this.store.chainValue('checked');
    const at = checked === undefined ? 0n : decodeField(u64, checked);
    if (!isFault(at) && at > 0n) this.checkedAt = Number(at);
    const accounts = await this.store.accounts();
    await recallAddresses(this.wallet.addresses, accounts, this.store);
    const watched = this.wallet.addresses.setAccounts(accounts);
    if (isFault(watched)) this.host.failed(new Failure(watched.fault));
    for (const [key, next] of await this.store.indices()) {
      const [account, branch] = key.split('/').map(Number);
      this.wallet.addresses.advance(account ?? 0, branch === 1 ? 1 : 0, next);
    }
    this.wallet.transactions.load(await this.store.records());
    for (const record of this.wallet.transactions.records.values()) this.wallet.markUsedBy(record);
    for (const entry of await this.store.labels()) this.wallet.labels.set(`${entry.kind} ${entry.ref}`, entry);
    for (const payee of await this.store.payees()) this.wallet.payees.add(payee);
    this.wallet.absorb();
    this.driver.setWatched(this.wallet.watchSet());
  }

  async start(): Promise<void> {
    this.publish();
    this.every(RELAY_SECONDS, () => this.regular());
    await this.driver.start();
  }

  private regular(): void {
    void this.relayer.bringAll();
    const gone = this.wallet.transactions.forgetClaims(this.now());
    if (gone.length > 0) void this.store.dropRecords(gone).catch(this.host.failed);
    this.changed();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.driver.stop();
    await Promise.allSettled(this.keeping);
    await this.save();
    await this.host.network.stop();
  }

  private untilKept<T>(work: Promise<T>): Promise<T> {
    const kept = work.finally(() => this.keeping.delete(kept));
    this.keeping.add(kept);
    return kept;
  }

  private now = (): number => this.host.platform.clock.now();

  private every(seconds: number, action: () => void): void {
    this.host.platform.clock.after(seconds, () => {
      if (this.stopped) return;
      action();
      this.every(seconds, action);
    });
  }

  private alarm(alarm: Omit<AlarmView, 'time'>): void {
    this.alarms.raise({ ...alarm, time: Math.floor(this.now()) });
  }

  private keep(work: Promise<unknown>): void {
    work.catch((error) => {
      const code = error instanceof Failure ? error.code : 'bug';
      if (code === 'storage-full') this.alarm({ code: 'storage-full', peer: undefined, reason: undefined, height: undefined });
      else this.host.failed(error);
    });
  }

  /** Something verified has changed: the wallet follows, and one view goes out for all changes of a moment. */
  private changed(): void {
    if (this.viewPending || this.stopped) return;
    this.viewPending = true;
    this.host.platform.clock.after(VIEW_SECONDS, () => {
      this.viewPending = false;
      if (this.stopped) return;
      this.followCoins();
      this.publish();
      this.saveLater();
    });
  }

  private followCoins(): void {
    const { moved, records } = this.wallet.absorb();
    if (records.length > 0) this.keep(this.store.setRecords(records, 'relaxed'));
    if (moved) this.rewatch();
    const present = this.driver.book.count('agrees', 'behind');
    if (present > 0 && this.driver.stage === 'following') this.checkedAt = Math.floor(this.now());
  }

  private rewatch(): void {
    this.keep(rememberAddresses(this.wallet.addresses, this.store));
    this.driver.setWatched(this.wallet.watchSet());
  }

  private read(effect: BlockEffect): void {
    const records = this.wallet.transactions.addEffect(effect, Math.floor(this.now()));
    if (records.length > 0) this.keep(this.store.setRecords(records, 'strict'));
    if (records.map((record) => this.wallet.markUsedBy(record)).some((moved) => moved)) this.rewatch();
    this.changed();
  }

  private gossipTx(message: Uint8Array): void {
    const announced = decodeField(txAnnouncement, message);
    const transaction = isFault(announced) ? announced : decodeTransaction(announced.transaction);
    if (isFault(transaction)) return;
    const record = this.wallet.transactions.addClaim(transaction, Math.floor(this.now()));
    if (record === undefined) return;
    this.keep(this.store.setRecords([record], 'relaxed'));
    this.changed();
  }

  private saveLater(): void {
    if (this.savePending) return;
    this.savePending = true;
    this.host.platform.clock.after(SAVE_SECONDS, () => {
      this.savePending = false;
      this.keep(this.save());
    });
  }

  private async save(): Promise<void> {
    const { chain, trustedGenesis, ledger } = this.driver;
    if (chain === undefined || trustedGenesis === undefined || chain.tip.header.height === 0 || this.driver.disputes.size > 0) return;
    const mark = `${encodeReversedHex(chain.tip.hash)} ${ledger.bases.size} ${ledger.effects.at(-1)?.height ?? 0}`;
    if (mark === this.savedTip) return;
    this.savedTip = mark;
    await this.store.setChainValue('genesis', encodeHeader(trustedGenesis.header));
    await this.store.setChainValue('snapshot', encodeSnapshot(chain, ledger));
    await this.store.setChainValue('checked', encodeField(u64, BigInt(this.checkedAt ?? 0)));
  }

  private source(): ViewSource {
    return { wallet: this.wallet, driver: this.driver, now: this.now(), checkedAt: this.checkedAt };
  }

  private liveAlarms(): readonly AlarmView[] {
    const { chain, book, stage } = this.driver;
    const time = Math.floor(this.now());
    const alarm = (code: AlarmView['code']): AlarmView => ({
      code,
      peer: undefined,
      reason: undefined,
      time,
      height: chain?.tip.header.height,
    });
    const live: AlarmView[] = [];
    if (this.driver.disputes.size === 0) this.alarms.clear('undecided');
    if (chain !== undefined && isQuiet(chain, time) && stage !== 'offline') live.push(alarm('quiet-network'));
    if (chain !== undefined && isCheckpointOld(chain, this.restored, time)) live.push(alarm('checkpoint-old'));
    if (book.count('disagrees') > 0) live.push(alarm('peers-disagree'));
    if (stage === 'following' && book.count('agrees', 'behind') < Math.min(2, this.identity.addresses.length))
      live.push(alarm('few-peers'));
    return [...this.alarms.all(), ...live];
  }

  private view(): ChainView {
    const { book, stage } = this.driver;
    const source = this.source();
    return {
      network: this.identity.network,
      stage,
      progress: undefined,
      tip: viewTip(source),
      agreeing: book.count('agrees'),
      peers: book.count('connecting', 'agrees', 'behind', 'disagrees'),
      follower: false,
      alarms: this.liveAlarms(),
      accounts: this.wallet.addresses.list().map((entry) => viewAccount(source, entry.account)),
      faucet: this.host.faucet !== undefined,
      privacy: this.privacy,
    };
  }

  private publish(): void {
    this.host.onView(this.view());
  }

  network = async (): Promise<NetworkView> => viewNetwork(this.source(), await this.host.network.received().catch(() => 0));

  activity = async (account: number, from: number, count: number): Promise<readonly ActivityView[]> => {
    const source = this.source();
    return accountRecords(source, account)
      .slice(from, from + count)
      .map((record) => viewActivity(source, record, account));
  };

  payment = async (txid: string): Promise<PaymentView | undefined> => {
    const record = this.wallet.transactions.records.get(txid);
    return record === undefined ? undefined : viewPayment(this.source(), record);
  };

  coins = async (account: number): Promise<readonly CoinView[]> => {
    const source = this.source();
    const spendable = this.wallet.coins(account).filter((entry) => entry.coin.element === 'value' && entry.coin.layer === 0);
    return spendable.map((entry) => viewCoin(source, entry));
  };

  debts = async (account: number): Promise<readonly DebtView[]> => viewDebts(this.source(), account);

  parseRecipient = (text: string): Promise<RecipientView | Fault> => parseRecipient(this.wallet, text, this.payees.locate);

  /** @source SPEC CW2: relay rates above the pools' floor; waiting times in block intervals */
  feeChoices = async (): Promise<readonly FeeChoice[]> => {
    const { targetSpacing } = this.identity.parameters;
    const choice = (speed: FeeChoice['speed'], rate: bigint, intervals: number): FeeChoice => ({
      speed,
      rate,
      seconds: intervals * targetSpacing,
      usual: computeUsualFee(rate),
    });
    return [choice('slow', 1n, 6), choice('normal', 2n, 2), choice('fast', 5n, 1)];
  };

  planPayment = async (intent: PaymentIntent): Promise<Uint8Array | Fault> => {
    if (this.driver.disputes.size > 0) return fault('undecided');
    const payee = decodePayee(intent.to, this.wallet.parameters.addressPrefix);
    const place = isFault(payee) ? payee : await this.payees.locate(payee);
    if (isFault(place)) return place;
    const change = this.changeScript(intent.account);
    return change === undefined
      ? fault('account-unknown', { account: intent.account })
      : planPayment(intent, this.wallet, { to: place.script, change });
  };

  planDraw = async (intent: DrawIntent): Promise<Uint8Array | Fault> =>
    this.withChange(intent.account, (change) => planDraw(intent, this.wallet, this.driver, change));

  planRepay = async (intent: RepayIntent): Promise<Uint8Array | Fault> =>
    this.withChange(intent.account, (change) => planRepay(intent, this.wallet, change));

  private async withChange<T>(account: number, plan: (change: Uint8Array) => T | Fault | Promise<T | Fault>): Promise<T | Fault> {
    if (this.driver.disputes.size > 0) return fault('undecided');
    const change = this.changeScript(account);
    return change === undefined ? fault('account-unknown', { account }) : plan(change);
  }

  /** Each plan gets another change address; they come round again where plans were not approved. */
  private changeScript(account: number): Uint8Array | undefined {
    const next = this.wallet.addresses.nextIndex(account, 1);
    if (next === undefined) return undefined;
    const cursor = this.changeCursor.get(account) ?? next;
    const index = cursor < next || cursor >= next + CHANGE_AHEAD ? next : cursor;
    this.changeCursor.set(account, index + 1);
    return this.wallet.addresses.at(account, 1, index)?.owner.script;
  }

  paymentUri = async (address: string, amount: bigint | undefined, label: string | undefined): Promise<string> =>
    encodePaymentUri({ address, ...(amount === undefined ? {} : { amount }), ...(label === undefined ? {} : { label }) });

  verifyMessage = async (address: string, message: string, signature: string): Promise<true | Fault> => {
    const to = decodeAddress(address, this.wallet.parameters.addressPrefix);
    return isFault(to) ? to : verifyMessage(to.script, message, signature);
  };

  checkAgain = (): Promise<void> => this.driver.checkAgain();

  setLabel = async (entry: LabelEntry): Promise<void> => {
    const before = this.wallet.labels.get(`${entry.kind} ${entry.ref}`);
    await this.putLabels([{ ...before, ...entry, label: entry.label.slice(0, MAX_LABEL_LENGTH) }]);
  };

  private async putLabels(entries: readonly LabelEntry[]): Promise<void> {
    for (const entry of entries) {
      if (entry.label === '') this.wallet.labels.delete(`${entry.kind} ${entry.ref}`);
      else this.wallet.labels.set(`${entry.kind} ${entry.ref}`, entry);
    }
    await this.store.setLabels(entries);
    this.changed();
  }

  exportLabels = async (): Promise<string> => encodeLabels([...this.wallet.labels.values()]);

  importLabels = async (text: string): Promise<number | Fault> => {
    const labels = parseLabels(text);
    if (isFault(labels)) return labels;
    await this.putLabels(labels);
    return labels.length;
  };

  exportActivity = async (account: number): Promise<string> => {
    const source = this.source();
    return encodeActivityCsv(accountRecords(source, account).map((record) => viewActivity(source, record, account)));
  };

  setPrivacy = async (mode: PrivacyMode): Promise<void> => {
    this.privacy = mode;
    this.driver.setPrivacy(mode);
    this.keep(this.store.setChainValue('privacy', Uint8Array.of(mode === 'exact' ? 1 : 0)));
    this.changed();
  };

  requestFaucet = async (account: number): Promise<{ readonly txid: string } | Fault> => {
    const { receive } = viewAccount(this.source(), account);
    if (this.host.faucet === undefined || receive.address === '') return fault('not-here');
    return this.host.faucet(receive.address);
  };

  dismissAlarms = async (): Promise<void> => {
    this.alarms.dismiss();
    this.changed();
  };

  /** Wipes everything kept here and stops; the next start proves the chain anew. */
  forgetChain = async (): Promise<void> => {
    this.stopped = true;
    this.driver.stop();
    await this.store.clear();
  };

  setAccounts = async (accounts: readonly WatchedAccount[]): Promise<void> => {
    const known = JSON.stringify(this.wallet.addresses.list());
    const watched = this.wallet.addresses.setAccounts(accounts);
    if (isFault(watched)) throw new Failure(watched.fault);
    if (known !== JSON.stringify(accounts)) await this.store.setAccounts(accounts);
    for (const record of this.wallet.transactions.records.values()) this.wallet.markUsedBy(record);
    this.rewatch();
    this.changed();
  };

  /** @source SPEC VT10; LC8: complete lists, so that an account without coins is known to have none */
  accountsWithCoins = async (accounts: readonly WatchedAccount[]): Promise<readonly number[] | Fault> => {
    const book = new AddressBook(this.identity.parameters.name === 'main' ? 'main' : 'test');
    const added = book.setAccounts(accounts);
    if (isFault(added)) return added;
    const found = await this.lookUp(makeWatchSet(book.owners()));
    if (isFault(found)) return found;
    return accounts
      .map(({ account }) => account)
      .filter((account) => book.tagsOf(account).some((tag) => ((found as FoundCoins).owners.get(tag)?.length ?? 0) > 0));
  };

  /** @unit patience: seconds @fault `stopped`; `coins-unproved`: nobody proved them in that time */
  private async lookUp(watched: WatchSet, patience = Number.POSITIVE_INFINITY): Promise<FoundCoins | Fault> {
    const until = this.now() + patience;
    while (!this.stopped) {
      const found = this.driver.stage === 'following' ? await this.driver.coins?.lookUp(watched) : undefined;
      if (found !== undefined) return found;
      if (this.now() >= until) return fault('coins-unproved');
      await new Promise<void>((resolve) => void this.host.platform.clock.after(LOOK_AGAIN_SECONDS, resolve));
    }
    return fault('stopped');
  }

  coinsOf = async (outpoints: readonly string[]): Promise<readonly (ProvedCoin | undefined)[]> => {
    const all = this.wallet.coins();
    const owing = new Set(all.filter(({ state }) => state === 'debt').map(({ tag }) => tag));
    const byName = new Map(all.map((entry) => [displayOutpoint(entry.coin), entry]));
    return outpoints.map((outpoint) => {
      const entry = byName.get(outpoint);
      const place = entry === undefined ? undefined : this.wallet.addresses.find(entry.tag);
      if (entry === undefined || place === undefined) return undefined;
      const { element, amount, script, layer, type, height, medianTime, time } = entry.coin;
      const { account, branch, index } = place;
      const spendable = !entry.underWay && SIGNABLE.has(entry.state);
      return {
        ...{ outpoint, element, amount, script, layer, type, height, medianTime: medianTime ?? time },
        ...{
          account,
          change: branch,
          index,
          provedAt: entry.provedAt,
          frozen: entry.state === 'frozen',
          owes: owing.has(entry.tag),
          spendable,
        },
      };
    });
  };

  placesOf = async (scripts: readonly Uint8Array[]): Promise<readonly (DerivedPlace | undefined)[]> =>
    scripts.map((script) => {
      const place = this.wallet.addresses.ofScript(script);
      return place === undefined ? undefined : { account: place.account, change: place.branch, index: place.index };
    });

  spendableValue = async (account: number): Promise<bigint> =>
    this.wallet
      .coins(account)
      .filter((entry) => entry.state === 'spendable')
      .reduce((sum, entry) => sum + entry.coin.amount, 0n);

  realNameOf = async (script: Uint8Array): Promise<RealNameView | undefined> => this.payees.find(script);

  isPastPayee = async (address: string): Promise<boolean> => this.wallet.payees.has(address);

  lookAlike = async (address: string): Promise<string | undefined> => findLookAlike(this.wallet, address);

  /** @source SPEC CW3; attack C9 */
  reserveAddress = (account: number, change: Branch): Promise<number | Fault> => this.untilKept(this.reserve(account, change));

  private reserve(account: number, change: Branch): Promise<number | Fault> {
    return this.host.platform.locks.hold(`valuecyber-address-${encodeReversedHex(this.identity.genesis)}`, async () => {
      const next = this.wallet.addresses.nextIndex(account, change);
      if (next === undefined) return fault('account-unknown', { account });
      // an address that is shown may have been given to somebody, though nobody asked for it
      const index = change === 0 ? viewReceive(this.source(), account).index + 1 : next;
      try {
        await this.store.setIndex(account, change, index + 1);
      } catch (error) {
        return fault(error instanceof Failure ? error.code : 'storage-lost');
      }
      if (this.wallet.addresses.advance(account, change, index + 1)) this.rewatch();
      this.changed();
      return index;
    });
  }

  proveOutputs = (wanted: readonly WantedOutput[]): Promise<readonly ProvedOutput[] | Fault> => this.together.proveOutputs(wanted);

  group = (): Promise<GroupView | Fault> => this.together.group();

  planRequest = async (intent: RequestIntent): Promise<string | Fault> =>
    this.withChange(intent.account, (change) => this.together.planRequest(intent, change));

  planRoll = async (intent: RollIntent): Promise<string | Fault> =>
    this.withChange(intent.account, (change) => this.together.planRoll(intent, change));

  planGrant = async (intent: GrantIntent): Promise<string | Fault> =>
    this.withChange(intent.account, (change) => this.together.planGrant(intent, change));

  relayTogether = (signed: readonly Uint8Array[]): Promise<{ readonly txid: string } | Fault> =>
    this.untilKept(this.relayer.sendTogether(signed));

  relay = (signed: Uint8Array): Promise<{ readonly txid: string } | Fault> => this.untilKept(this.relayer.send(signed));
}
