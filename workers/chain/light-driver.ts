import type { Hash32 } from '#protocol/codec/hash32';
import { type Fault, isFault } from '#protocol/fault';
import type { Parameters } from '#protocol/params/parameters';
import type { ChainedHeader } from '#protocol/stake/header-view';
import { gossipTopic } from '#protocol/wire/protocols';
import type { BlockEffect } from '#spv/coins/block-effect';
import { type CoinLedger, EMPTY_LEDGER } from '#spv/coins/coin-ledger';
import type { WatchSet } from '#spv/coins/watch-set';
import type { LightChain } from '#spv/headers/light-chain';
import type { Trust } from '#spv/headers/trust';
import { judgePeer } from '#spv/policy/judge-peer';
import { restoreSnapshot } from '#spv/snapshot';
import { fetchGenesis, greet } from '#spv/sync/greet';
import { isUnanswered, type Job, type Reply, type Task, type Unanswered } from '#spv/task';
import type { GossipVerdict, NetworkListener, PeerStreams, Platform } from '../platform/port.ts';
import type { AlarmView, PrivacyMode, SyncStage } from '../rpc/chain-view.ts';
import { CoinSync } from './coin-sync.ts';
import { HeaderSync } from './header-sync.ts';
import { type Peer, PeerBook } from './peer-book.ts';
import { PeerKeeper } from './peer-keeper.ts';
import { runTask } from './run-task.ts';

/** peers that are waited for before the first one's word is taken, and for how many seconds */
const WANTED_PEERS = 3;
const PATIENCE_SECONDS = 1.5;
const GREET_SECONDS = 10;
const PROOF_SECONDS = 300;
const RETRY_SECONDS = 1;

/** What `network.json` says, before anything was asked of anybody. */
export interface NetworkIdentity {
  readonly network: string;
  readonly parameters: Parameters;
  readonly genesis: Hash32;
  readonly config: Hash32;
  readonly addresses: readonly string[];
}

export interface DriverHost {
  readonly platform: Platform;
  readonly network: PeerStreams;
  readonly compute: (job: Job) => Promise<Reply>;
  /** 32 bytes that this device keeps for itself */
  readonly secret: Uint8Array;
  /** something that a view shows has changed */
  readonly changed: () => void;
  readonly read: (effect: BlockEffect) => void;
  /** keys of outpoints that were ever ours */
  readonly ownOutpoints: () => Iterable<string>;
  readonly gossipTx: (message: Uint8Array) => void;
  readonly alarm: (alarm: Omit<AlarmView, 'time'>) => void;
  readonly failed: (error: unknown) => void;
}

export interface Remembered {
  readonly genesis: ChainedHeader | undefined;
  readonly snapshot: Uint8Array | undefined;
}

/**
 * The light client at work: spv's tasks over real peers, real time and a real store. Browser and Node run the same.
 *
 * @source SPEC CW10
 */
/** Two makers in one slot part the newest block now and then: payments go back a stage, and nobody is alarmed. */
const ROUTINE_DEPTH = 1;

export class LightDriver implements NetworkListener {
  readonly book = new PeerBook();
  readonly identity: NetworkIdentity;
  headers: HeaderSync | undefined;
  coins: CoinSync | undefined;
  readonly disputes = new Set<string>();
  private readonly host: DriverHost;
  private readonly keeper: PeerKeeper;
  private snapshot: Uint8Array | undefined;
  private genesis: ChainedHeader | undefined;
  private watched: WatchSet = new Map();
  private privacy: PrivacyMode = 'bucket';
  private firstGreeting: number | undefined;
  private stopped = false;
  private proving = false;
  /** the chain held was once agreed on: it is our past now, and no crowd makes us begin anew */
  private settled = false;
  /** a first chain is being compared with every peer that is there: until then no coin is asked for under it */
  private comparing = false;

  constructor(identity: NetworkIdentity, host: DriverHost, remembered: Remembered) {
    this.identity = identity;
    this.host = host;
    this.keeper = new PeerKeeper(host.network, this.book, host.platform.clock);
    this.keeper.onChange = host.changed;
    this.snapshot = remembered.snapshot;
    if (remembered.genesis !== undefined) this.begin(remembered.genesis);
  }

  get chain(): LightChain | undefined {
    return this.headers?.chain;
  }

  get ledger(): CoinLedger {
    return this.coins?.ledger ?? EMPTY_LEDGER;
  }

  get trustedGenesis(): ChainedHeader | undefined {
    return this.genesis;
  }

  async start(): Promise<void> {
    await this.host.network.start(this.listener());
    await this.host.network.subscribe(gossipTopic(this.identity.network, 'header'));
    await this.host.network.subscribe(gossipTopic(this.identity.network, 'tx'));
    this.keeper.keep(this.identity.addresses);
    this.every(GREET_SECONDS, () => this.greetAll());
    this.every(PROOF_SECONDS, () => void this.coins?.refresh());
  }

  /** What another thread may call: functions of this object and nothing else of it. */
  private listener(): NetworkListener {
    return { connected: this.connected, lost: this.lost, gossip: this.gossip };
  }

  stop(): void {
    this.stopped = true;
    this.keeper.stop();
  }

  private every(seconds: number, action: () => void): void {
    this.host.platform.clock.after(seconds, () => {
      if (this.stopped) return;
      action();
      this.every(seconds, action);
    });
  }

  private now = (): number => this.host.platform.clock.now();

  run = <T>(task: Task<T>): Promise<T> =>
    runTask(
      {
        network: this.identity.network,
        peers: this.host.network,
        compute: this.host.compute,
        now: this.now,
        onAnswer: (id, protocol, seconds) => this.book.answered(id, protocol, seconds),
      },
      task,
    );

  /** Asks one peer after the other until one answers; one that lies is dropped and the next is asked. */
  async fromAny<T>(task: (peer: string) => Task<T | Unanswered | Fault>): Promise<Exclude<T, Fault> | Unanswered> {
    for (const { id } of this.book.usable()) {
      const found = await this.run(task(id));
      if (isUnanswered(found)) continue;
      if (!isFault(found)) return found as Exclude<T, Fault>;
      if (judgePeer(found) === 'lied') this.lied(id, found);
    }
    return { unanswered: 'nobody' };
  }

  private begin(genesis: ChainedHeader): void {
    const { network, parameters, config } = this.identity;
    const trust: Trust = { network, parameters, genesis, config };
    const restored = this.snapshot === undefined ? undefined : restoreSnapshot(this.snapshot, trust, this.now());
    const known = restored === undefined || isFault(restored) ? undefined : restored;
    this.genesis = genesis;
    this.settled = known !== undefined;
    this.headers = new HeaderSync(trust, known?.chain, {
      run: this.run,
      now: this.now,
      lied: (peer, reason) => this.lied(peer, reason),
      disputed: (peer) => this.disputed(peer),
      agreed: (peer, state) => this.agreed(peer, state),
      moved: (kept, depth) => this.moved(kept, depth),
      failed: this.host.failed,
    });
    this.coins = this.makeCoins(known?.ledger);
    this.coins.watched = this.watched;
    this.coins.privacy = this.privacy;
  }

  private makeCoins(ledger: CoinLedger | undefined): CoinSync {
    return new CoinSync(
      {
        run: this.run,
        chain: () => (this.headers as HeaderSync).chain,
        filterOf: (key) => this.headers?.filters.get(key),
        peers: () => this.book.usable(),
        random: (below) => (this.host.platform.entropy.bytes(4).reduce((sum, byte) => sum * 256 + byte, 0) % below) | 0,
        lied: (peer, reason) => this.lied(peer, reason),
        read: this.host.read,
        ownOutpoints: this.host.ownOutpoints,
        proved: this.host.changed,
        failed: this.host.failed,
        later: () => void this.host.platform.clock.after(RETRY_SECONDS, () => this.syncCoins()),
        secret: this.host.secret,
      },
      ledger,
    );
  }

  setWatched(watched: WatchSet): void {
    this.watched = watched;
    if (this.coins !== undefined) this.coins.watched = watched;
    this.syncCoins();
  }

  setPrivacy(mode: PrivacyMode): void {
    this.privacy = mode;
    if (this.coins !== undefined) this.coins.privacy = mode;
  }

  private syncCoins(): void {
    if (this.stopped || this.headers?.started !== true || this.comparing || this.disputes.size > 0) return;
    this.proving = true;
    this.settled = true;
    void this.coins?.sync().then(() => {
      this.proving = false;
      this.host.changed();
    });
  }

  /** Asks everybody again: tips and proofs. */
  async checkAgain(): Promise<void> {
    this.keeper.retryNow();
    await Promise.all(this.book.usable().map((peer) => this.greet(peer)));
    await this.coins?.refresh();
    this.host.changed();
  }

  readonly connected = (id: string, address: string): void => {
    const peer = this.book.connected(id, address, this.now());
    if (this.book.isBanned(id, this.now())) return void this.host.network.hangUp(id);
    this.host.changed();
    void this.greet(peer);
  };

  readonly lost = (id: string): void => {
    this.book.lost(id);
    this.disputes.delete(id);
    this.keeper.lost(id);
    this.beginAnew();
    this.host.changed();
  };

  /** A first start from a peer that is gone, against all who are there: nothing of it was shown, and nothing is kept of it. */
  private beginAnew(): void {
    if (this.settled || this.genesis === undefined || this.disputes.size === 0 || this.book.count('agrees', 'behind') > 0) return;
    this.disputes.clear();
    for (const peer of this.book.all()) if (peer.state === 'disagrees') peer.state = 'connecting';
    this.begin(this.genesis);
    this.greetAll();
  }

  readonly gossip = async (topic: string, from: string, message: Uint8Array): Promise<GossipVerdict> => {
    if (topic === gossipTopic(this.identity.network, 'tx')) {
      this.host.gossipTx(message);
      return 'ignore';
    }
    return this.headers?.announced(this.book.get(from), from, message) ?? 'ignore';
  };

  private greetAll(): void {
    for (const peer of this.book.all())
      if (peer.state !== 'lost' && peer.state !== 'banned' && peer.state !== 'stale') void this.greet(peer);
  }

  private async greet(peer: Peer): Promise<void> {
    const { network, genesis } = this.identity;
    const greeting = await this.run(greet({ network, genesis }, peer.id));
    if (isUnanswered(greeting) || this.stopped) return;
    if (isFault(greeting)) return this.turnAway(peer, greeting);
    if (this.book.greeted(peer, greeting, this.chain?.tip.header.height ?? 0, this.now())) return this.leaveAlone(peer);
    this.firstGreeting ??= this.now();
    if (this.genesis === undefined && !(await this.learnGenesis(peer))) return;
    await this.meet(peer);
    this.host.changed();
  }

  private turnAway(peer: Peer, reason: Fault): void {
    if (reason.fault !== 'wrong-network') {
      this.lied(peer.id, reason);
      return;
    }
    this.book.ban(peer.id, reason.fault, this.now());
    void this.host.network.hangUp(peer.id);
    this.host.changed();
  }

  private leaveAlone({ id, address, tipHeight }: Peer): void {
    void this.host.network.hangUp(id);
    this.host.alarm({ code: 'peer-stale', peer: address, reason: undefined, height: tipHeight });
    this.host.changed();
  }

  private async learnGenesis(peer: Peer): Promise<boolean> {
    const genesis = await this.run(fetchGenesis(peer.id, this.identity.genesis));
    if (isUnanswered(genesis)) return false;
    if (isFault(genesis)) {
      this.lied(peer.id, genesis);
      return false;
    }
    if (this.genesis === undefined) this.begin(genesis);
    return true;
  }

  /** A first start waits for three peers where there are three; later each is compared as it comes. */
  private async meet(peer: Peer): Promise<void> {
    const { headers } = this;
    if (headers === undefined) return;
    if (headers.started) {
      if (await headers.reconcile(peer)) this.disputes.delete(peer.id);
      return this.syncCoins();
    }
    const waited = this.now() - (this.firstGreeting ?? this.now());
    const greeted = this.book.usable();
    if (greeted.length < Math.min(WANTED_PEERS, this.identity.addresses.length) && waited < PATIENCE_SECONDS) {
      this.host.platform.clock.after(PATIENCE_SECONDS - waited + 0.01, () => void this.meet(peer));
      return;
    }
    await this.startFromAny(greeted);
  }

  /** The tip of most weight is tried first; what it is worth is only known after it was verified. */
  private async startFromAny(greeted: readonly Peer[]): Promise<void> {
    const { headers } = this;
    if (headers === undefined || this.comparing) return;
    this.comparing = true;
    const weight = (peer: Peer): bigint => peer.greeting?.tip.weight ?? 0n;
    const ordered = [...greeted].sort((a, b) => (weight(a) > weight(b) ? -1 : weight(a) < weight(b) ? 1 : 0));
    for (const peer of ordered) {
      if (!headers.started) await headers.reconcile(peer);
      else if (await headers.reconcile(peer)) this.disputes.delete(peer.id);
    }
    this.comparing = false;
    if (headers.started) this.syncCoins();
    else this.host.platform.clock.after(RETRY_SECONDS, () => this.greetAll());
  }

  private lied(id: string, reason: Fault): void {
    const peer = this.book.ban(id, reason.fault, this.now());
    this.disputes.delete(id);
    void this.host.network.hangUp(id);
    this.host.alarm({ code: 'peer-lied', peer: peer?.address ?? id, reason: reason.fault, height: peer?.tipHeight });
    this.host.changed();
  }

  private disputed(id: string): void {
    const peer = this.book.get(id);
    if (peer !== undefined) peer.state = 'disagrees';
    this.disputes.add(id);
    this.host.alarm({ code: 'undecided', peer: peer?.address ?? id, reason: undefined, height: this.chain?.tip.header.height });
    this.host.changed();
  }

  private agreed(id: string, state: 'agrees' | 'behind' | 'disagrees'): void {
    const peer = this.book.get(id);
    if (peer === undefined || peer.state === 'banned' || peer.state === 'stale') return;
    peer.state = state;
    if (state === 'agrees') peer.tipHeight = Math.max(peer.tipHeight ?? 0, this.chain?.tip.header.height ?? 0);
  }

  private moved(kept: number, depth: number): void {
    this.coins?.rollBack(kept);
    if (depth > ROUTINE_DEPTH)
      this.host.alarm({ code: 'reorganised', peer: undefined, reason: undefined, height: this.chain?.tip.header.height });
    if (depth > 0) void this.coins?.refresh();
    this.syncCoins();
    this.host.changed();
  }

  get stage(): SyncStage {
    const present = this.book.count('connecting', 'agrees', 'behind', 'disagrees');
    if (this.disputes.size > 0) return 'undecided';
    if (present === 0) return this.chain === undefined || this.chain.tip.header.height === 0 ? 'connecting' : 'offline';
    if (this.headers?.started !== true || this.comparing) return 'headers';
    return this.proving && this.ledger.bases.size < this.watched.size ? 'proofs' : 'following';
  }
}
