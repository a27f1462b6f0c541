import type { Connection, ConnectionGater } from '@libp2p/interface';
import { addressGroup, addressHost } from './address-group.ts';
import { Budget, type Rates } from './cost.ts';
import { ExpiringSet } from './expiring-set.ts';
import { BAN_SECONDS, DISCOURAGED_SECONDS } from './judgement.ts';
import { MAX_BANS, MAX_INBOUND_PEERS, MAX_OUTBOUND_PEERS } from './limits.ts';
import { Peer } from './peer.ts';

/** All peers of one address group share at most half of what all peers together may cost. */
const GROUP_FACTOR = (MAX_INBOUND_PEERS + MAX_OUTBOUND_PEERS) / 2;
const MAX_GROUPS = 1_024;

/** Who is connected, who may connect, and who may not for now. @source SPEC NW4, NW6, NW8 */
export class PeerTable {
  private readonly network: string;
  private readonly rates: Rates;
  private readonly now: () => number;
  private readonly connected = new Map<string, Peer>();
  private readonly groups = new Map<string, Budget>();
  private readonly banned = new ExpiringSet(MAX_BANS);
  private readonly discouraged = new ExpiringSet(MAX_BANS);

  constructor(network: string, rates: Rates, now: () => number) {
    this.network = network;
    this.rates = rates;
    this.now = now;
  }

  find = (id: string): Peer | undefined => this.connected.get(id);

  all = (): readonly Peer[] => [...this.connected.values()];

  count(direction: 'inbound' | 'outbound'): number {
    let count = 0;
    for (const peer of this.connected.values()) if (peer.direction === direction) count++;
    return count;
  }

  get banCount(): number {
    return this.banned.size;
  }

  add(id: string, first: Connection, connections: () => readonly Connection[]): Peer {
    const group = addressGroup(first.remoteAddr.toString());
    const shared = group === undefined ? undefined : this.groupBudget(group);
    const peer = new Peer({ id, network: this.network, first, connections, budget: new Budget(this.rates), shared });
    this.connected.set(id, peer);
    return peer;
  }

  remove(id: string): Peer | undefined {
    const peer = this.connected.get(id);
    this.connected.delete(id);
    return peer;
  }

  /** A new peer id is free, so its address loses the right to the last free places too; those behind the same address keep theirs. */
  ban(peer: Peer, seconds = BAN_SECONDS): void {
    const now = this.now();
    this.banned.add(peer.id, now + seconds);
    if (addressGroup(peer.address) !== undefined) this.discouraged.add(addressHost(peer.address), now + DISCOURAGED_SECONDS);
  }

  /** Who is kept out, and for how many seconds more. */
  bans(): { readonly banned: readonly (readonly [string, number])[]; readonly discouraged: readonly (readonly [string, number])[] } {
    const now = this.now();
    const left = (set: ExpiringSet) => set.entries(now).map(([name, until]) => [name, until - now] as const);
    return { banned: left(this.banned), discouraged: left(this.discouraged) };
  }

  /** Keeps out who was kept out before a restart, never longer than a ban is. @unit seconds */
  restore({ banned, discouraged }: ReturnType<PeerTable['bans']>): void {
    const now = this.now();
    for (const [name, seconds] of banned) if (seconds > 0) this.banned.add(name, now + Math.min(seconds, BAN_SECONDS));
    for (const [name, seconds] of discouraged) if (seconds > 0) this.discouraged.add(name, now + Math.min(seconds, DISCOURAGED_SECONDS));
  }

  readonly gater: ConnectionGater = {
    denyDialPeer: (id) => this.banned.has(id.toString(), this.now()),
    denyInboundConnection: ({ remoteAddr }) => {
      const taken = this.count('inbound');
      const room = this.discouraged.has(addressHost(remoteAddr.toString()), this.now()) ? MAX_INBOUND_PEERS / 2 : MAX_INBOUND_PEERS;
      return taken >= room;
    },
    denyInboundEncryptedConnection: (id) => this.banned.has(id.toString(), this.now()),
    denyOutboundEncryptedConnection: (id) => this.banned.has(id.toString(), this.now()),
    denyInboundUpgradedConnection: (id) => !this.connected.has(id.toString()) && this.count('inbound') >= MAX_INBOUND_PEERS,
  };

  private groupBudget(group: string): Budget {
    const known = this.groups.get(group) ?? new Budget(this.rates, GROUP_FACTOR);
    this.groups.delete(group);
    this.groups.set(group, known);
    if (this.groups.size > MAX_GROUPS) {
      const [oldest] = this.groups.keys();
      if (oldest !== undefined) this.groups.delete(oldest);
    }
    return known;
  }
}
