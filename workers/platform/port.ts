/** Unix seconds, fractional, of the wall clock: deadlines hold across a sleep of the machine. */
export interface Clock {
  readonly now: () => number;
  /** calls back once after the seconds have passed; the answer cancels it */
  readonly after: (seconds: number, run: () => void) => () => void;
}

export interface Entropy {
  readonly bytes: (length: number) => Uint8Array;
}

export interface StoreWrite {
  readonly table: string;
  readonly key: string;
  /** undefined removes the key */
  readonly value: Uint8Array | undefined;
}

/** A key-value store with tables named at its opening; a batch is written whole or not at all. */
export interface KeyValueStore {
  readonly get: (table: string, key: string) => Promise<Uint8Array | undefined>;
  /** ascending by key */
  readonly entries: (table: string) => Promise<readonly (readonly [key: string, value: Uint8Array])[]>;
  /**
   * `strict` returns only when the host says that the bytes are on the disk.
   *
   * @throws Failure `storage-full`, `storage-lost`
   */
  readonly write: (batch: readonly StoreWrite[], durability: 'relaxed' | 'strict') => Promise<void>;
  readonly clear: () => Promise<void>;
  readonly close: () => void;
}

export type GossipVerdict = 'accept' | 'ignore' | 'reject';

export interface NetworkListener {
  readonly connected: (peer: string, address: string) => void;
  readonly lost: (peer: string) => void;
  readonly gossip: (topic: string, peer: string, message: Uint8Array) => Promise<GossipVerdict>;
}

/** Bytes to and from peers; what they mean is no business of this side. Peers are named by their libp2p id. */
export interface PeerStreams {
  readonly start: (listener: NetworkListener) => Promise<void>;
  /** @throws Failure `dial-failed` */
  readonly dial: (address: string) => Promise<string>;
  /**
   * One request and its answer over the open stream of that protocol.
   *
   * @unit seconds: wall clock
   * @throws Failure `timeout`, `peer-lost`, `answer-too-long`, `aborted`
   */
  readonly ask: (
    peer: string,
    protocol: string,
    request: Uint8Array,
    bounds: { seconds: number; maxAnswer: number },
  ) => Promise<Uint8Array>;
  readonly subscribe: (topic: string) => Promise<void>;
  readonly hangUp: (peer: string) => Promise<void>;
  /** bytes received from all peers since the start */
  readonly received: () => Promise<number>;
  readonly stop: () => Promise<void>;
}

/** Mutual exclusion across the tabs of one origin. */
export interface Locks {
  /** holds `name` from the moment `run` is called until its promise settles */
  readonly hold: <T>(name: string, run: () => Promise<T>) => Promise<T>;
}

/** Messages among the tabs of one origin; a sender does not hear itself. */
export interface Channel {
  readonly post: (message: unknown) => void;
  readonly listen: (listener: (message: unknown) => void) => void;
  readonly close: () => void;
}

export interface Platform {
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly locks: Locks;
  readonly openChannel: (name: string) => Channel;
  readonly openStore: (name: string, tables: readonly string[]) => Promise<KeyValueStore>;
}
