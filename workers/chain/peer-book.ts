import type { ProtocolName } from '#protocol/wire/protocols';
import type { Greeting } from '#spv/sync/greet';
import type { PeerView } from '../rpc/chain-view.ts';

export type PeerState = PeerView['state'];

export interface Peer {
  readonly id: string;
  address: string;
  state: PeerState;
  greeting: Greeting | undefined;
  tipHeight: number | undefined;
  latency: number | undefined;
  /** answers by protocol, since it was first met */
  readonly answers: Map<ProtocolName, number>;
  reason: string | undefined;
  /** unix seconds */
  bannedUntil: number;
  /** greetings in a row in which it was far behind and did not move */
  stuck: number;
}

/** what a peer is asked for, in the order in which it is shown */
const SERVED = ['status', 'headers', 'bitcoinHeaders', 'history', 'proof', 'filters', 'blocks', 'tx'] as const;

/** seconds a liar stays away */
export const BAN_SECONDS = 24 * 3600;
/** seconds without one that keeps to an old tip: it may be a node in need of care */
const STALE_SECONDS = 600;
/** blocks behind from which on standing still counts, and greetings after which it is dropped for it */
const STALE_BLOCKS = 10;
const STALE_GREETINGS = 3;
/** peers remembered, banned ones included: the oldest lost one leaves first */
export const MAX_PEERS = 64;

/** Whom the client talks to and what it thinks of them. */
export class PeerBook {
  private readonly peers = new Map<string, Peer>();

  connected(id: string, address: string, now: number): Peer {
    const known = this.peers.get(id);
    if (known !== undefined) {
      known.address = address;
      const back = known.state === 'lost' || known.state === 'banned' || known.state === 'stale';
      if (back && !this.isBanned(id, now)) Object.assign(known, { state: 'connecting', reason: undefined, stuck: 0 });
      return known;
    }
    this.makeRoom();
    const peer: Peer = {
      id,
      address,
      state: 'connecting',
      greeting: undefined,
      tipHeight: undefined,
      latency: undefined,
      answers: new Map(),
      reason: undefined,
      bannedUntil: 0,
      stuck: 0,
    };
    this.peers.set(id, peer);
    return peer;
  }

  private makeRoom(): void {
    if (this.peers.size < MAX_PEERS) return;
    const oldest =
      [...this.peers.values()].find((peer) => peer.state === 'lost') ?? [...this.peers.values()].find((peer) => peer.state === 'banned');
    if (oldest !== undefined) this.peers.delete(oldest.id);
  }

  get(id: string): Peer | undefined {
    return this.peers.get(id);
  }

  /** @unit seconds: that it took */
  answered(id: string, protocol: ProtocolName, seconds: number): void {
    const peer = this.peers.get(id);
    if (peer === undefined) return;
    peer.latency = Math.round(seconds * 1000);
    peer.answers.set(protocol, (peer.answers.get(protocol) ?? 0) + 1);
  }

  lost(id: string): void {
    const peer = this.peers.get(id);
    if (peer !== undefined && peer.state !== 'banned' && peer.state !== 'stale') peer.state = 'lost';
  }

  ban(id: string, reason: string, now: number): Peer | undefined {
    const peer = this.peers.get(id);
    if (peer === undefined) return undefined;
    peer.state = 'banned';
    peer.reason = reason;
    peer.bannedUntil = now + BAN_SECONDS;
    return peer;
  }

  /**
   * Takes a peer's newest greeting. True: it stood still, far behind `height`, too often in a row, and is left alone for a while.
   *
   * @source SPEC LC19
   */
  greeted(peer: Peer, greeting: Greeting, height: number, now: number): boolean {
    const { tip } = greeting;
    const stood = peer.greeting !== undefined && peer.greeting.tip.height >= tip.height;
    peer.stuck = stood && height - tip.height > STALE_BLOCKS ? peer.stuck + 1 : 0;
    peer.greeting = greeting;
    peer.tipHeight = tip.height;
    if (peer.stuck < STALE_GREETINGS) return false;
    peer.state = 'stale';
    peer.bannedUntil = now + STALE_SECONDS;
    return true;
  }

  isBanned(id: string, now: number): boolean {
    return (this.peers.get(id)?.bannedUntil ?? 0) > now;
  }

  /** those that greeted us and are there, best latency first */
  usable(): readonly Peer[] {
    return [...this.peers.values()]
      .filter((peer) => peer.greeting !== undefined && (peer.state === 'agrees' || peer.state === 'behind' || peer.state === 'connecting'))
      .sort((a, b) => (a.latency ?? Number.POSITIVE_INFINITY) - (b.latency ?? Number.POSITIVE_INFINITY));
  }

  all(): readonly Peer[] {
    return [...this.peers.values()];
  }

  count(...states: readonly PeerState[]): number {
    return this.all().filter((peer) => states.includes(peer.state)).length;
  }

  views(): readonly PeerView[] {
    return this.all().map((peer) => ({
      id: peer.id,
      address: peer.address,
      state: peer.state,
      tipHeight: peer.tipHeight,
      served: SERVED.map((kind) => ({ kind, count: peer.answers.get(kind) ?? 0 })).filter(({ count }) => count > 0),
      latency: peer.latency,
      reason: peer.reason,
    }));
  }
}
