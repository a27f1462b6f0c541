import { type Fault, isFault } from '#protocol/fault';
import { outpointKey } from '#protocol/tx/outpoint';
import type { BlockEffect } from '#spv/coins/block-effect';
import {
  addEffect,
  addProof,
  type CoinLedger,
  computeOwnerCoins,
  EMPTY_LEDGER,
  type HeldCoin,
  nextToRead,
  pruneEffects,
  rollBack,
} from '#spv/coins/coin-ledger';
import type { WatchSet } from '#spv/coins/watch-set';
import { headerAt, headerKey, isBest, type LightChain, medianTimeBefore } from '#spv/headers/light-chain';
import { computeMedianCount, planBucketBits } from '#spv/policy/bucket';
import { judgePeer } from '#spv/policy/judge-peer';
import { type ProofShare, planProof } from '#spv/policy/plan-proof';
import type { ProvenCoins } from '#spv/proof/proven-coins';
import { proveCoins } from '#spv/sync/prove-coins';
import { readBlock } from '#spv/sync/read-block';
import { isUnanswered, type Task } from '#spv/task';
import type { PrivacyMode } from '../rpc/chain-view.ts';
import type { Peer } from './peer-book.ts';
import { SerialQueue } from './serial-queue.ts';

/** peers tried for one block before it is left for later */
const BODY_TRIES = 4;

export interface CoinSyncHost {
  readonly run: <T>(task: Task<T>) => Promise<T>;
  readonly chain: () => LightChain;
  readonly filterOf: (key: string) => Uint8Array | undefined;
  readonly peers: () => readonly Peer[];
  readonly random: (below: number) => number;
  readonly lied: (peer: string, reason: Fault) => void;
  readonly read: (effect: BlockEffect) => void;
  /** keys of outpoints that were ever ours, so that a spend is seen whatever was proved meanwhile */
  readonly ownOutpoints: () => Iterable<string>;
  readonly proved: () => void;
  readonly failed: (error: unknown) => void;
  /** asks for another `sync` in a while */
  readonly later: () => void;
  readonly secret: Uint8Array;
}

/** @shape height: lowest state that says so; owners: by the hexadecimal form of their tag */
export interface FoundCoins {
  readonly height: number;
  readonly owners: ReadonlyMap<string, readonly HeldCoin[]>;
}

/** Holds the coin ledger: proves what is not proved, and reads every block of the verified chain after that. */
export class CoinSync {
  ledger: CoinLedger;
  watched: WatchSet = new Map();
  privacy: PrivacyMode = 'bucket';
  private bits: { readonly bits: number; readonly coins: bigint } | undefined;
  private readonly host: CoinSyncHost;
  private readonly queue: SerialQueue;
  private wanted = false;

  constructor(host: CoinSyncHost, restored: CoinLedger | undefined) {
    this.host = host;
    this.ledger = restored ?? EMPTY_LEDGER;
    this.queue = new SerialQueue(host.failed);
  }

  /**
   * What rests on blocks that are no longer best is forgotten; bases below what is held are deeper than any reorganisation.
   * The blocks that took their place are read, also where a list is proved anew above them: a payment may stand in one.
   *
   * @shape depth: blocks of the old branch that are gone
   */
  rollBack(kept: number): void {
    this.ledger = rollBack(this.ledger, kept);
  }

  /** Runs once more after a run that is under way; many calls make one run. */
  sync(): Promise<void> {
    if (this.wanted) return Promise.resolve();
    this.wanted = true;
    return this.queue
      .run(async () => {
        this.wanted = false;
        await this.proveMissing();
        await this.readBlocks();
      })
      .then(() => undefined);
  }

  /** Proves everything anew: on the timer, after a reorganisation, and when somebody asks. @source SPEC LC9 */
  refresh(): Promise<void> {
    return this.queue.run(() => this.prove(this.watched)).then(() => undefined);
  }

  /** The complete coins of owners that are not watched; undefined while nobody proves them. */
  async lookUp(watched: WatchSet): Promise<FoundCoins | undefined> {
    const shares = this.plan(watched);
    const results = await Promise.all(shares.map((share) => this.proveShare(share)));
    const proofs = results.filter((proof) => proof !== undefined);
    if (proofs.length === 0 || proofs.length < results.length) return undefined;
    return { height: Math.min(...proofs.map(({ height }) => height)), owners: new Map(proofs.flatMap(({ owners }) => [...owners])) };
  }

  private async proveMissing(): Promise<void> {
    const missing = new Map([...this.watched].filter(([tag]) => computeOwnerCoins(this.ledger, tag) === undefined));
    if (missing.size > 0) await this.prove(missing);
  }

  private bucketBits(): number | undefined {
    if (this.privacy === 'exact') return undefined;
    const counts = this.host.peers().map((peer) => peer.greeting?.coins ?? 0n);
    this.bits = planBucketBits(this.bits, computeMedianCount(counts));
    return this.bits.bits;
  }

  private async prove(watched: WatchSet): Promise<void> {
    const shares = this.plan(watched);
    if (shares.length === 0) return;
    const results = await Promise.all(
      shares.map(async (share) => {
        const proof = await this.proveShare(share);
        if (proof !== undefined) this.take(proof);
        return proof;
      }),
    );
    if (results.includes(undefined)) this.host.later();
    else this.prune();
    this.host.proved();
  }

  private plan(watched: WatchSet): readonly ProofShare[] {
    const peers = this.host.peers().map((peer) => peer.id);
    if (watched.size === 0 || peers.length === 0 || this.host.chain().tip.header.height === 0) return [];
    return planProof(watched, peers, { bits: this.bucketBits(), secret: this.host.secret });
  }

  private async proveShare(share: ProofShare): Promise<ProvenCoins | undefined> {
    const others = this.host.peers().filter(({ id }) => id !== share.peer);
    for (const peer of [share.peer, ...others.map(({ id }) => id)]) {
      const proof = await this.proveFrom(peer, share);
      if (proof !== undefined) return proof;
    }
    return undefined;
  }

  private async proveFrom(peer: string, share: ProofShare): Promise<ProvenCoins | undefined> {
    const chain = this.host.chain();
    const limits = chain.trust.parameters;
    const proof = await this.host.run(proveCoins(peer, chain.tip, share.watched, { ranges: share.ranges, limits }));
    if (isUnanswered(proof)) return undefined;
    if (!isFault(proof)) return proof;
    if (judgePeer(proof) === 'lied') this.host.lied(peer, proof);
    return undefined;
  }

  private take(proof: ProvenCoins): void {
    const chain = this.host.chain();
    if (proof.height >= chain.base && !isBest(chain, proof.hash, proof.height)) this.host.later();
    else this.ledger = addProof(this.ledger, proof);
  }

  private prune(): void {
    const chain = this.host.chain();
    this.ledger = pruneEffects(this.ledger, chain.tip.header.height - chain.trust.parameters.maxReorg);
  }

  private held(): ReadonlySet<string> {
    const keys = new Set<string>(this.host.ownOutpoints());
    for (const tag of this.watched.keys())
      for (const coin of computeOwnerCoins(this.ledger, tag)?.coins ?? []) keys.add(outpointKey(coin.outpoint));
    return keys;
  }

  private async readBlocks(): Promise<void> {
    for (;;) {
      const next = nextToRead(this.ledger);
      const chain = this.host.chain();
      if (next === undefined || next > chain.tip.header.height) return;
      const header = headerAt(chain, next);
      if (header === undefined || next < chain.base) return this.startOver();
      const effect = await this.readFrom(header);
      if (effect === undefined) return this.host.later();
      if (!isBest(this.host.chain(), effect.hash, effect.height)) continue;
      this.ledger = addEffect(this.ledger, effect);
      this.host.read(effect);
    }
  }

  /** The chain jumped over blocks that were not read: the lists are proved anew at its tip. */
  private async startOver(): Promise<void> {
    this.ledger = { bases: this.ledger.bases, effects: [], readTo: undefined };
    await this.prove(this.watched);
  }

  private async readFrom(header: NonNullable<ReturnType<typeof headerAt>>): Promise<BlockEffect | undefined> {
    const filter = this.host.filterOf(headerKey(header.hash));
    const reader = { watched: this.watched, held: this.held(), medianTime: medianTimeBefore(this.host.chain(), header) };
    const peers = [...this.host.peers()];
    for (let tried = 0; tried < BODY_TRIES && peers.length > 0; tried++) {
      const [peer] = peers.splice(this.host.random(peers.length), 1);
      if (peer === undefined) return undefined;
      const effect = await this.host.run(readBlock(peer.id, header, filter, reader));
      if (isUnanswered(effect)) continue;
      if (!isFault(effect)) return effect;
      if (judgePeer(effect) === 'lied') this.host.lied(peer.id, effect);
    }
    return undefined;
  }
}
