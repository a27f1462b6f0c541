import type { Fault } from '../../fault.ts';
import type { HeaderAnnouncement } from '../../wire/messages.ts';
import type { PeerClient } from '../../wire/peer-client.ts';
import type { HeaderVerdict } from '../chain/contract.ts';

/** What a full node said of itself, after its network and genesis were found to be ours. */
export interface PeerStatus {
  readonly tipHeight: number;
  /** claimed */
  readonly tipWeight: bigint;
  readonly services: number;
  readonly proofsFrom: number;
  readonly epochsFrom: number;
}

export interface ConnectedPeer {
  /** libp2p peer id */
  readonly id: string;
  /** multiaddress */
  readonly address: string;
  readonly direction: 'inbound' | 'outbound';
  readonly client: PeerClient;
  /** undefined: a client that serves nothing, or not asked yet */
  readonly status: () => PeerStatus | undefined;
}

export interface AnnouncedHeader {
  readonly from: ConnectedPeer;
  readonly announcement: HeaderAnnouncement;
  readonly verdict: HeaderVerdict;
}

export interface NetworkFigures {
  readonly inbound: number;
  readonly outbound: number;
  readonly banned: number;
  readonly bytesOut: number;
  readonly requests: Readonly<Record<string, number>>;
  readonly refusals: Readonly<Record<string, number>>;
  /** times a peer was banned, by fault code */
  readonly bans: Readonly<Record<string, number>>;
}

export interface NetworkEvents {
  /** a full node whose status was checked, and again whenever it was asked anew */
  readonly status: (peer: ConnectedPeer) => void;
  readonly gone: (peer: ConnectedPeer) => void;
  readonly header: (announced: AnnouncedHeader) => void;
}

/** The node's peers: connections, the protocols it serves, gossip, limits and bans. */
export interface NodeNetwork {
  readonly peerId: string;
  /** multiaddresses others can dial, with peer id */
  readonly addresses: () => readonly string[];
  readonly peers: () => readonly ConnectedPeer[];
  readonly on: <E extends keyof NetworkEvents>(event: E, listener: NetworkEvents[E]) => () => void;
  /** Judges what a peer sent: what cannot be valid bans it, anything else costs it nothing. */
  readonly judge: (peer: ConnectedPeer, reason: Fault) => void;
  /** Adds to the peer's score, which wears off; too many offences in a short time ban it. */
  readonly penalize: (peer: ConnectedPeer, points: number, code: string) => void;
  /** Asks the peer's status anew. */
  readonly refresh: (peer: ConnectedPeer) => Promise<void>;
  readonly dial: (address: string) => Promise<void>;
  readonly figures: () => NetworkFigures;
  /** peer ids that may not connect, each with the time until when. @unit unix seconds */
  readonly banned: () => readonly (readonly [string, number])[];
  readonly close: () => Promise<void>;
}
