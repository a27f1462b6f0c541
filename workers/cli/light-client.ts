import { readFile } from 'node:fs/promises';
import { tcp } from '@libp2p/tcp';
import { webSockets } from '@libp2p/websockets';
import { encodeReversedHex } from '#protocol/codec/hash32';
import { encodeHex } from '#protocol/codec/hex';
import { Failure } from '#protocol/failure';
import { isFault } from '#protocol/fault';
import { installNodeCrypto } from '#protocol/node/crypto/node-crypto';
import { decodeAddress } from '#protocol/script/address';
import { computeScriptTag } from '#protocol/script/owner-tag';
import { computeOwnerCoins, type HeldCoin } from '#spv/coins/coin-ledger';
import { makeWatchSet, type WatchedOwner } from '#spv/coins/watch-set';
import { executeJob } from '#spv/proof/execute-job';
import { readIdentity } from '../chain/identity.ts';
import { LightDriver, type NetworkIdentity } from '../chain/light-driver.ts';
import { PeerNetwork } from '../net/peer-network.ts';
import type { AlarmView } from '../rpc/chain-view.ts';
import { makeNodePlatform } from './node-platform.ts';

/** Something that the person who relies on the client should hear of: a peer that lied, peers that disagree … */
export type LightAlarm = Omit<AlarmView, 'time'>;

export interface LightClientOptions {
  /** the network's file: a path, an address of one over HTTP, or its bytes. All trust begins with the genesis hash in it. */
  readonly network: string | Uint8Array;
  /** multiaddresses of nodes to ask; none: those that the file names */
  readonly peers?: readonly string[];
  /** `bucket` hides an address among others, `exact` is faster; `bucket` where nothing is said */
  readonly privacy?: 'bucket' | 'exact';
  readonly onAlarm?: (alarm: LightAlarm) => void;
}

/** @shape outpoint: `txid:index`, the txid as it is shown */
export interface VerifiedCoin {
  readonly outpoint: string;
  readonly element: 'value' | 'credit' | 'debt';
  readonly layer: 0 | 1 | 2;
  readonly amount: bigint;
  readonly height: number;
}

/** What an address holds after one block, proved to be all of it. @unit amounts: base units, 1 VC = 10^8 */
export interface AddressState {
  readonly address: string;
  readonly height: number;
  readonly block: string;
  /** height of the last proof of the whole list; blocks after it were read one by one */
  readonly provedAt: number;
  readonly peersAgreeing: number;
  /** value that can be spent: of the circulation layer */
  readonly balance: bigint;
  readonly coins: readonly VerifiedCoin[];
}

export interface PaymentWish {
  readonly address: string;
  /** base units, in one coin or several */
  readonly amount: bigint;
  /** blocks on top of each other that hold it, its own counted */
  readonly confirmations: number;
  /** how long to wait; none: for ever */
  readonly seconds?: number;
}

/** A payment that is in the verified chain and unspent in its newest state. */
export interface VerifiedPayment {
  readonly coins: readonly VerifiedCoin[];
  readonly amount: bigint;
  readonly confirmations: number;
  readonly state: AddressState;
}

const loadFile = async (source: string | Uint8Array): Promise<Uint8Array> => {
  if (typeof source !== 'string') return source;
  try {
    if (!/^https?:/.test(source)) return new Uint8Array(await readFile(source));
    const response = await fetch(source, { signal: AbortSignal.timeout(10_000) });
    return new Uint8Array(await response.arrayBuffer());
  } catch (cause) {
    throw new Failure('network-file', cause);
  }
};

const loadIdentity = async ({ network, peers = [] }: LightClientOptions): Promise<NetworkIdentity> => {
  const identity = readIdentity(await loadFile(network));
  if (isFault(identity)) throw new Failure(identity.fault);
  return peers.length > 0 ? { ...identity, addresses: peers } : identity;
};

const viewCoin = ({ outpoint, element, layer, amount, height }: HeldCoin): VerifiedCoin => ({
  outpoint: `${encodeReversedHex(outpoint.txid)}:${outpoint.index}`,
  element,
  layer,
  amount,
  height,
});

const isMoney = ({ element, layer }: VerifiedCoin): boolean => element === 'value' && layer === 0;

const sum = (coins: readonly VerifiedCoin[]): bigint => coins.reduce((total, { amount }) => total + amount, 0n);

const findPayment = (state: AddressState, wish: PaymentWish): VerifiedPayment | undefined => {
  const coins = state.coins.filter((coin) => isMoney(coin) && state.height - coin.height + 1 >= wish.confirmations);
  if (sum(coins) < wish.amount) return undefined;
  const confirmations = Math.min(...coins.map(({ height }) => state.height - height + 1));
  return { coins, amount: sum(coins), confirmations, state };
};

/**
 * The light client for Node: headers with their stake proofs, Bitcoin's headers and complete lists of coins are verified in
 * this process, and nothing that a node says is taken on trust. Failures carry a code: those of the network's file and of
 * an address, `not-verified` when the time is over, `closed`.
 *
 * @source SPEC CW10, CW43; spec 07, shape
 */
export class LightClient {
  private readonly identity: NetworkIdentity;
  private readonly platform = makeNodePlatform();
  private readonly network = new PeerNetwork([tcp(), webSockets()]);
  private readonly owners = new Map<string, WatchedOwner>();
  private readonly listeners = new Set<() => void>();
  private readonly driver: LightDriver;
  private broken: unknown;

  private constructor(identity: NetworkIdentity, options: LightClientOptions) {
    this.identity = identity;
    this.driver = new LightDriver(
      identity,
      {
        platform: this.platform,
        network: this.network,
        compute: async (job) => executeJob(job),
        secret: this.platform.entropy.bytes(32),
        changed: this.announce,
        read: this.announce,
        ownOutpoints: () => [],
        gossipTx: () => undefined,
        alarm: (alarm) => options.onAlarm?.(alarm),
        failed: (error) => {
          this.broken = error;
          this.announce();
        },
      },
      { genesis: undefined, snapshot: undefined },
    );
    this.driver.setPrivacy(options.privacy ?? 'bucket');
  }

  /** Starts a client; it connects by itself and stays connected until it is closed. */
  static async open(options: LightClientOptions): Promise<LightClient> {
    installNodeCrypto();
    const client = new LightClient(await loadIdentity(options), options);
    await client.driver.start();
    return client;
  }

  private readonly announce = (): void => {
    for (const listener of this.listeners) listener();
  };

  /** The owner tag of an address, which is watched from now on. @throws Failure with the address's fault */
  private watch(address: string): string {
    const to = decodeAddress(address, this.identity.parameters.addressPrefix);
    if (isFault(to)) throw new Failure(to.fault);
    const tag = computeScriptTag(to.script);
    const name = encodeHex(tag);
    if (this.owners.has(name)) return name;
    this.owners.set(name, { tag, script: to.script });
    this.driver.setWatched(makeWatchSet([...this.owners.values()]));
    return name;
  }

  private read(address: string): AddressState | undefined {
    const held = computeOwnerCoins(this.driver.ledger, this.watch(address));
    const tip = this.driver.chain?.tip;
    if (this.driver.stage !== 'following' || held === undefined || tip === undefined) return undefined;
    const coins = held.coins.map(viewCoin);
    return {
      address,
      height: held.height,
      block: encodeHex(tip.hash),
      provedAt: held.provedAt,
      peersAgreeing: this.driver.book.count('agrees'),
      balance: sum(coins.filter(isMoney)),
      coins,
    };
  }

  /** Calls back with the verified state of an address now and whenever it changed; the answer ends that. */
  follow(address: string, listener: (state: AddressState) => void): () => void {
    let shown = '';
    const show = (): void => {
      const state = this.read(address);
      const mark = state === undefined ? shown : `${state.height} ${state.coins.map(({ outpoint }) => outpoint).join()}`;
      if (state === undefined || mark === shown) return;
      shown = mark;
      listener(state);
    };
    this.listeners.add(show);
    show();
    return () => void this.listeners.delete(show);
  }

  private async until<T>(seconds: number | undefined, find: () => T | undefined): Promise<T> {
    const found = Promise.withResolvers<T>();
    const look = (): void => {
      if (this.broken !== undefined) found.reject(this.broken);
      const value = find();
      if (value !== undefined) found.resolve(value);
    };
    const cancel = seconds === undefined ? undefined : this.platform.clock.after(seconds, () => found.reject(new Failure('not-verified')));
    this.listeners.add(look);
    try {
      look();
      return await found.promise;
    } finally {
      this.listeners.delete(look);
      cancel?.();
    }
  }

  /**
   * Waits until everything that an address holds was proved.
   *
   * @throws Failure `not-verified`: not within these seconds
   */
  verifyAddress(address: string, seconds = 30): Promise<AddressState> {
    return this.until(seconds, () => this.read(address));
  }

  /**
   * Waits for a payment: enough value in the verified chain, deep enough, and unspent in the state of its newest block.
   *
   * @throws Failure `not-verified`: not within the wish's seconds
   */
  waitForPayment(wish: PaymentWish): Promise<VerifiedPayment> {
    return this.until(wish.seconds, () => {
      const state = this.read(wish.address);
      return state === undefined ? undefined : findPayment(state, wish);
    });
  }

  /** Hangs up; whoever still waits gets the failure `closed`. */
  async close(): Promise<void> {
    this.broken = new Failure('closed');
    this.announce();
    this.driver.stop();
    this.platform.clock.stop();
    await this.network.stop();
  }
}
