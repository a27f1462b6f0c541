import { performance } from 'node:perf_hooks';
import { hashHeaderBytes } from '../../block/header-codec.ts';
import { Failure } from '../../failure.ts';
import { type Fault, isFault } from '../../fault.ts';
import type { NodeBitcoin, NodeChain } from '../chain/contract.ts';
import type { AnnouncedHeader, ConnectedPeer, NodeNetwork } from '../network/contract.ts';
import { UNVALIDATED_FAULTS } from '../network/judgement.ts';
import { pullBitcoinHeaders } from './bitcoin-sync.ts';
import { BodySync } from './body-sync.ts';
import { pullHeaders } from './header-sync.ts';
import { type HeldHeader, HeldHeaders } from './held-headers.ts';

export interface SyncOptions {
  readonly chain: NodeChain;
  readonly bitcoin: NodeBitcoin;
  readonly network: NodeNetwork;
  /** our own bugs and failures, for the log */
  readonly report?: (error: unknown) => void;
}

export interface NodeSync {
  /** Whether a full node is connected that knows nothing heavier than what is validated here. */
  readonly isSynchronised: () => boolean;
  readonly close: () => void;
}

/** @unit milliseconds */
const RETRY_TICK = 250;
const STATUS_EVERY = 10_000;
/** @unit milliseconds; a pull that ended early is tried again after it */
const PULL_PAUSE = 1_000;
/** ten headers in a short time whose parents the sender itself cannot show */
const ORPHAN_POINTS = 10;
/** three pulls in a row, a second apart */
const INVALID_CHAIN_POINTS = 35;

interface Pull {
  running: boolean;
  /** milliseconds, monotonic */
  notBefore: number;
  /** weight up to which the peer has shown all it has */
  settled: bigint;
}

class Sync implements NodeSync {
  private readonly chain: NodeChain;
  private readonly bitcoin: NodeBitcoin;
  private readonly network: NodeNetwork;
  private readonly report: (error: unknown) => void;
  private readonly bodies: BodySync;
  private readonly held = new HeldHeaders();
  private readonly pulls = new Map<string, Pull>();
  private readonly bitcoinPulls = new Set<string>();
  private readonly stops: (() => void)[];
  private retrying = false;

  constructor({ chain, bitcoin, network, report }: SyncOptions) {
    this.chain = chain;
    this.bitcoin = bitcoin;
    this.network = network;
    this.report = report ?? (() => undefined);
    this.bodies = new BodySync({
      chain,
      peers: () => this.fullPeers(),
      judge: network.judge,
      report: this.report,
      now: () => performance.now(),
    });
    const retry = setInterval(() => this.run(this.retryHeld()), RETRY_TICK);
    const status = setInterval(() => this.refreshAll(), STATUS_EVERY);
    this.stops = [
      network.on('status', (peer) => this.follow(peer)),
      network.on('gone', (peer) => this.gone(peer)),
      network.on('header', (announced) => this.announced(announced)),
      chain.onTip(() => this.bodies.fill()),
      () => clearInterval(retry),
      () => clearInterval(status),
      () => this.bodies.stop(),
    ];
    for (const peer of this.fullPeers()) this.follow(peer);
    this.bodies.fill();
  }

  isSynchronised = (): boolean => {
    const { weight } = this.chain.tip().header;
    return this.fullPeers().some((peer) => {
      const claimed = peer.status()?.tipWeight ?? 0n;
      return claimed <= weight || claimed <= this.pull(peer).settled;
    });
  };

  close = (): void => {
    for (const stop of this.stops) stop();
  };

  private run(work: Promise<unknown>): void {
    work.catch((error: unknown) => {
      if (!(error instanceof Failure)) this.report(error);
    });
  }

  private fullPeers(): readonly ConnectedPeer[] {
    return this.network.peers().filter((peer) => peer.status() !== undefined);
  }

  private pull(peer: ConnectedPeer): Pull {
    const known = this.pulls.get(peer.id) ?? { running: false, notBefore: 0, settled: 0n };
    this.pulls.set(peer.id, known);
    return known;
  }

  private gone(peer: ConnectedPeer): void {
    this.pulls.delete(peer.id);
    this.held.forget(peer);
    this.bodies.forget(peer);
    this.bodies.fill();
  }

  private refreshAll(): void {
    for (const peer of this.fullPeers()) this.run(this.network.refresh(peer));
  }

  private follow(peer: ConnectedPeer): void {
    const claimed = peer.status()?.tipWeight ?? 0n;
    if (claimed > this.chain.tip().header.weight && claimed > this.pull(peer).settled) this.run(this.pullFrom(peer));
    this.bodies.fill();
  }

  private announced({ from, announcement, verdict }: AnnouncedHeader): void {
    if (verdict === 'accepted' || verdict === 'known') {
      this.bodies.announced(from, hashHeaderBytes(announcement.header));
      return;
    }
    if (verdict === 'equivocation' || verdict === 'far-ahead') return;
    this.held.keep(from, announcement);
    if (verdict === 'unknown-parent') this.run(this.pullFrom(from));
    if (verdict === 'unknown-bitcoin') this.run(this.pullBitcoin(from));
  }

  private async pullBitcoin(peer: ConnectedPeer): Promise<void> {
    if (this.bitcoinPulls.has(peer.id)) return;
    this.bitcoinPulls.add(peer.id);
    try {
      const lie = await pullBitcoinHeaders(this.bitcoin, peer);
      if (lie !== undefined) this.network.judge(peer, lie);
    } finally {
      this.bitcoinPulls.delete(peer.id);
    }
    await this.retryHeld();
  }

  private async pullFrom(peer: ConnectedPeer): Promise<void> {
    const pull = this.pull(peer);
    if (pull.running || pull.notBefore > performance.now()) return;
    pull.running = true;
    const claimed = peer.status()?.tipWeight ?? 0n;
    try {
      const end = await pullHeaders(this.chain, peer, () => this.bodies.fill());
      if (end.kind === 'lied') this.blame(peer, end.reason);
      if (end.kind === 'complete') pull.settled = claimed;
      if (end.kind === 'stopped' && end.verdict === 'unknown-bitcoin') await this.pullBitcoin(peer);
      if (end.kind !== 'complete') pull.notBefore = performance.now() + PULL_PAUSE;
    } finally {
      pull.running = false;
    }
    this.bodies.fill();
    await this.retryHeld();
  }

  /** A peer's own chain is what it validated: one that stays above a block refused here follows other rules. */
  private blame(peer: ConnectedPeer, reason: Fault): void {
    if (UNVALIDATED_FAULTS.has(reason.fault)) this.network.penalize(peer, INVALID_CHAIN_POINTS, 'invalid-chain');
    else this.network.judge(peer, reason);
  }

  /** Judges again what was kept aside, and takes up pulls that had to pause. */
  private async retryHeld(): Promise<void> {
    if (this.retrying) return;
    this.retrying = true;
    try {
      for (const header of this.held.takeAll()) await this.retry(header);
      for (const peer of this.fullPeers()) {
        const { notBefore, running } = this.pull(peer);
        if (notBefore > 0 && !running && notBefore <= performance.now()) {
          this.pull(peer).notBefore = 0;
          this.follow(peer);
        }
      }
    } finally {
      this.retrying = false;
    }
  }

  private async retry(held: HeldHeader): Promise<void> {
    const { from, announcement } = held;
    const verdict = await this.chain.acceptHeader(announcement.header, announcement.stakeProof);
    if (isFault(verdict)) {
      this.network.judge(from, verdict);
    } else if (verdict === 'accepted' || verdict === 'known') {
      this.bodies.announced(from, hashHeaderBytes(announcement.header));
    } else if (verdict === 'equivocation' || verdict === 'far-ahead') {
      return;
    } else if (verdict === 'unknown-parent' && !this.pull(from).running && this.pull(from).notBefore === 0 && held.tries > 0) {
      this.network.penalize(from, ORPHAN_POINTS, 'orphan-headers');
    } else if (this.held.again(held) && held.tries % 4 === 1) {
      if (verdict === 'unknown-parent') this.run(this.pullFrom(from));
      if (verdict === 'unknown-bitcoin') this.run(this.pullBitcoin(from));
    }
  }
}

/** Keeps the chain up with the peers: headers with their proofs first, then bodies from several peers at once. */
export const startSync = (options: SyncOptions): NodeSync => new Sync(options);
