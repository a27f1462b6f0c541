import { equalBytes } from '../../codec/bytes.ts';
import { encodeHex } from '../../codec/hex.ts';
import { Failure } from '../../failure.ts';
import { type Fault, isFault } from '../../fault.ts';
import { MAX_BLOCKS } from '../../wire/limits.ts';
import type { NodeChain, StoredHeader } from '../chain/contract.ts';
import type { ConnectedPeer } from '../network/contract.ts';
import { Announcers } from './announcers.ts';

/** bodies asked for or held at one time */
const WINDOW = 64;
/** A body not delivered after this is asked of another peer too. @unit milliseconds */
const STALL = 2_000;
/** @unit milliseconds */
const ASK_PATIENCE = 10_000;
/** A peer that did not have what it was asked for is left alone for this long. @unit milliseconds */
const EMPTY_PAUSE = 50;
/** Those who announced a header are asked for its body this long before the others. @unit milliseconds */
const ANNOUNCERS_FIRST = 500;
const TICK = 100;
const LONGEST_PAUSE = 1_000;

interface Asked {
  readonly peers: Set<string>;
  /** when it was first wanted, and last asked for */
  readonly since: number;
  at: number;
}

interface Worker {
  busy: boolean;
  pausedUntil: number;
  pause: number;
}

export interface BodyParts {
  readonly chain: NodeChain;
  readonly peers: () => readonly ConnectedPeer[];
  readonly judge: (peer: ConnectedPeer, reason: Fault) => void;
  readonly report: (error: unknown) => void;
  /** @unit milliseconds, monotonic */
  readonly now: () => number;
}

/**
 * Fetches the bodies the chain wants from all peers at once and hands them in from the oldest on. A peer that stalls
 * keeps no body from coming: another one is asked after two seconds.
 *
 * @source SPEC NW12; attacks P4, P9
 */
export class BodySync {
  private readonly parts: BodyParts;
  private readonly announcers = new Announcers();
  private readonly asked = new Map<string, Asked>();
  private readonly received = new Map<string, { readonly body: Uint8Array; readonly from: ConnectedPeer }>();
  private readonly workers = new Map<string, Worker>();
  private connecting = false;
  private again = false;
  private stopped = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(parts: BodyParts) {
    this.parts = parts;
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  forget(peer: ConnectedPeer): void {
    this.workers.delete(peer.id);
    this.announcers.forget(peer.id);
    for (const asked of this.asked.values()) asked.peers.delete(peer.id);
  }

  /** The peer is likely to have the body of this header. */
  announced(peer: ConnectedPeer, hash: Uint8Array): void {
    this.announcers.note(hash, peer.id);
    this.worker(peer).pausedUntil = 0;
    this.fill();
  }

  /** Asks idle peers for what is wanted and not under way. */
  fill(): void {
    if (this.stopped) return;
    const wanted = this.parts.chain.wantedBodies(WINDOW);
    this.tidy(wanted);
    const peers = this.parts.peers();
    const announcers = this.announcers.of(wanted);
    const share = Math.max(1, Math.min(MAX_BLOCKS, Math.ceil(wanted.length / Math.max(1, peers.length))));
    for (const peer of peers) {
      const batch = this.isIdle(peer) ? this.choose(wanted, peer, announcers, share) : [];
      if (batch.length > 0) void this.fetch(peer, batch).catch(this.parts.report);
    }
    this.schedule(wanted.length > 0);
  }

  private worker(peer: ConnectedPeer): Worker {
    const known = this.workers.get(peer.id) ?? { busy: false, pausedUntil: 0, pause: EMPTY_PAUSE };
    this.workers.set(peer.id, known);
    return known;
  }

  private isIdle(peer: ConnectedPeer): boolean {
    const { busy, pausedUntil } = this.worker(peer);
    return !busy && pausedUntil <= this.parts.now();
  }

  private tidy(wanted: readonly StoredHeader[]): void {
    const keys = new Set(wanted.map(({ hash }) => encodeHex(hash)));
    for (const key of this.asked.keys()) if (!keys.has(key)) this.asked.delete(key);
    for (const key of this.received.keys()) if (!keys.has(key)) this.received.delete(key);
    const now = this.parts.now();
    for (const key of keys) if (!this.asked.has(key)) this.asked.set(key, { peers: new Set(), since: now, at: now });
  }

  /** A run of one branch, since an answer ends with the first body that the peer has not. */
  private choose(
    wanted: readonly StoredHeader[],
    peer: ConnectedPeer,
    announcers: ReadonlyMap<string, ReadonlySet<string>>,
    share: number,
  ): StoredHeader[] {
    const batch: StoredHeader[] = [];
    for (const header of wanted) {
      if (batch.length >= share) break;
      const key = encodeHex(header.hash);
      if (!this.mayAsk(key, peer, announcers.get(key))) continue;
      const last = batch.at(-1);
      if (last === undefined || last.header.height >= header.header.height - 1) {
        if (last === undefined || equalBytes(header.header.previous, last.hash)) batch.push(header);
      } else break;
    }
    return batch;
  }

  private mayAsk(key: string, peer: ConnectedPeer, announcers: ReadonlySet<string> | undefined): boolean {
    const asked = this.asked.get(key);
    if (asked === undefined || this.received.has(key)) return false;
    const now = this.parts.now();
    if (asked.peers.size > 0 && (asked.peers.has(peer.id) || now - asked.at < STALL)) return false;
    const others = announcers !== undefined && announcers.size > 0 && !announcers.has(peer.id);
    return !others || now - asked.since >= ANNOUNCERS_FIRST;
  }

  private async fetch(peer: ConnectedPeer, batch: readonly StoredHeader[]): Promise<void> {
    const worker = this.worker(peer);
    worker.busy = true;
    const keys = batch.map(({ hash }) => encodeHex(hash));
    for (const key of keys) {
      const asked = this.asked.get(key);
      if (asked === undefined) continue;
      asked.at = this.parts.now();
      asked.peers.add(peer.id);
    }
    const bodies = await this.ask(peer, batch);
    for (const key of keys) this.asked.get(key)?.peers.delete(peer.id);
    worker.busy = false;
    if (bodies.length === 0) {
      worker.pausedUntil = this.parts.now() + worker.pause;
      worker.pause = Math.min(worker.pause * 2, LONGEST_PAUSE);
    } else {
      worker.pause = EMPTY_PAUSE;
    }
    bodies.forEach((body, i) => {
      const key = keys[i];
      if (key !== undefined && this.asked.has(key)) this.received.set(key, { body, from: peer });
    });
    await this.connect();
    this.fill();
  }

  private async ask(peer: ConnectedPeer, batch: readonly StoredHeader[]): Promise<readonly Uint8Array[]> {
    try {
      const answer = await peer.client.ask('blocks', { hashes: batch.map(({ hash }) => hash) }, ASK_PATIENCE);
      if (isFault(answer)) this.parts.judge(peer, answer);
      return !isFault(answer) && answer.kind === 'bodies' ? answer.bodies.slice(0, batch.length) : [];
    } catch (error) {
      if (error instanceof Failure) return [];
      throw error;
    }
  }

  /** Hands in what has come, oldest first; one at a time, whoever calls. */
  private async connect(): Promise<void> {
    this.again = true;
    if (this.connecting) return;
    this.connecting = true;
    try {
      while (this.again && !this.stopped) {
        this.again = false;
        await this.connectWanted();
      }
    } finally {
      this.connecting = false;
    }
  }

  /** Parents before children; a body that is withheld holds up its own branch and no other. */
  private async connectWanted(): Promise<void> {
    const missing = new Set<string>();
    for (const { hash, header } of this.parts.chain.wantedBodies(WINDOW)) {
      const key = encodeHex(hash);
      const found = this.received.get(key);
      if (found === undefined || missing.has(encodeHex(header.previous))) {
        missing.add(key);
        continue;
      }
      this.received.delete(key);
      const verdict = await this.parts.chain.acceptBody(hash, found.body);
      if (isFault(verdict) && this.isWanted(hash)) this.parts.judge(found.from, verdict);
      if (this.stopped) return;
    }
  }

  /** A fault that leaves the header wanted was the body's own; one that condemned the header is its maker's, not the sender's. */
  private isWanted(hash: Uint8Array): boolean {
    return this.parts.chain.wantedBodies(WINDOW).some((wanted) => equalBytes(wanted.hash, hash));
  }

  private schedule(more: boolean): void {
    clearTimeout(this.timer);
    if (!more) return;
    this.timer = setTimeout(() => this.fill(), TICK);
    this.timer.unref();
  }
}
