import { type Fault, isFault } from '#protocol/fault';
import { emptyChain, findFork, findHeader, headerKey, isBest, type LightChain } from '#spv/headers/light-chain';
import type { Trust } from '#spv/headers/trust';
import { judgePeer } from '#spv/policy/judge-peer';
import { coldStart } from '#spv/sync/cold-start';
import { type Followed, followPeer } from '#spv/sync/follow-peer';
import { jumpAhead } from '#spv/sync/jump-ahead';
import { takeAnnouncement } from '#spv/sync/take-announcement';
import { isUnanswered, type Task, type Unanswered } from '#spv/task';
import type { GossipVerdict } from '../platform/port.ts';
import type { Peer } from './peer-book.ts';
import { SerialQueue } from './serial-queue.ts';

/** rounds of 512 headers one peer is followed for without a pause */
const MAX_ROUNDS = 64;
/** filters of blocks not read yet: what is older is read whole */
const MAX_FILTERS = 2_000;

/** a peer whose newest blocks are so few others is on its way to ours, or we to its */
const ROUTINE_FORK = 2;
const NEAR_BLOCKS = 2;

export interface HeaderSyncHost {
  readonly run: <T>(task: Task<T>) => Promise<T>;
  readonly now: () => number;
  /** a peer sent what cannot be true */
  readonly lied: (peer: string, reason: Fault) => void;
  readonly disputed: (peer: string) => void;
  readonly agreed: (peer: string, state: 'agrees' | 'behind' | 'disagrees') => void;
  /** the verified chain changed: it has the old one's blocks up to height `kept`, and `depth` of them were left behind */
  readonly moved: (kept: number, depth: number) => void;
  readonly failed: (error: unknown) => void;
}

/** Holds the verified chain and changes it by one peer's word at a time. */
export class HeaderSync {
  chain: LightChain;
  started: boolean;
  readonly filters = new Map<string, Uint8Array>();
  private readonly host: HeaderSyncHost;
  private readonly queue: SerialQueue;

  constructor(trust: Trust, restored: LightChain | undefined, host: HeaderSyncHost) {
    this.chain = restored ?? emptyChain(trust);
    this.started = restored !== undefined && restored.tip.header.height > 0;
    this.host = host;
    this.queue = new SerialQueue(host.failed);
  }

  private adopt(chain: LightChain, filters: ReadonlyMap<string, Uint8Array> = new Map()): void {
    const before = this.chain;
    this.chain = chain;
    for (const [key, filter] of filters) this.filters.set(key, filter);
    for (const key of this.filters.keys()) if (this.filters.size > MAX_FILTERS) this.filters.delete(key);
    if (headerKey(before.tip.hash) === headerKey(chain.tip.hash)) return;
    const kept = this.keptHeight(before, chain);
    this.host.moved(kept, chain.base > before.tip.header.height ? 0 : before.tip.header.height - kept);
  }

  /** Height of the last block of the old chain that the new one has too; after a jump no less than is certain. */
  private keptHeight(before: LightChain, after: LightChain): number {
    const { height } = before.tip.header;
    if (height === 0 || isBest(after, before.tip.hash, height)) return height;
    if (height < after.base) return Math.max(0, height - after.trust.parameters.maxReorg);
    return findFork(after, after.tip, before.tip)?.header.height ?? Math.max(0, height - after.trust.parameters.maxReorg);
  }

  private judge(peer: string, reason: Fault): void {
    if (judgePeer(reason) === 'lied') this.host.lied(peer, reason);
  }

  /** Brings the chain and one peer together: starts from it, follows it, or finds that it is on another branch. */
  reconcile(peer: Peer): Promise<boolean | undefined> {
    return this.queue.run(async () => {
      const tip = peer.greeting?.tip;
      if (tip === undefined || peer.state === 'banned') return false;
      if (!this.started) return this.startFrom(peer, tip.height);
      if (findHeader(this.chain, peer.greeting?.tipHash ?? new Uint8Array()) !== undefined) {
        this.compare(peer);
        return true;
      }
      if (tip.height > this.chain.tip.header.height + 2 * this.chain.trust.parameters.suffix) return this.jump(peer, tip.height);
      return this.follow(peer);
    });
  }

  private async startFrom(peer: Peer, height: number): Promise<boolean> {
    const chain = await this.host.run(coldStart(this.chain.trust, peer.id, height, this.host.now()));
    if (isUnanswered(chain)) return false;
    if (isFault(chain)) {
      this.judge(peer.id, chain);
      return false;
    }
    this.started = true;
    this.host.agreed(peer.id, 'agrees');
    this.adopt(chain);
    return true;
  }

  private async jump(peer: Peer, height: number): Promise<boolean> {
    const jump: Unanswered | Fault | { kind: 'joined'; chain: LightChain } | { kind: 'parted' } = await this.host.run(
      jumpAhead(this.chain, peer.id, height, this.host.now()),
    );
    if (isUnanswered(jump)) return false;
    if (isFault(jump)) {
      this.judge(peer.id, jump);
      return false;
    }
    if (jump.kind === 'parted') return this.parted(peer);
    this.host.agreed(peer.id, 'agrees');
    this.adopt(jump.chain);
    return true;
  }

  private async follow(peer: Peer): Promise<boolean> {
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const followed: Followed | Unanswered | Fault = await this.host.run(followPeer(this.chain, peer.id, this.host.now()));
      if (isUnanswered(followed)) return false;
      if (isFault(followed)) {
        this.judge(peer.id, followed);
        return false;
      }
      this.adopt(followed.chain, followed.filters);
      if (followed.lie !== undefined) this.judge(peer.id, followed.lie);
      if (followed.end === 'parted') return this.parted(peer);
      if (followed.end !== 'more' || followed.added.length === 0) break;
    }
    this.compare(peer);
    return true;
  }

  /**
   * The peer's branch leaves ours deeper than what is held or reorganised. Only a peer whose own chain keeps every rule
   * makes a dispute; weight is not compared.
   *
   * @source SPEC LC13; spec 07, cold start 2
   */
  private async parted(peer: Peer): Promise<boolean> {
    const height = peer.greeting?.tip.height ?? 0;
    const theirs = await this.host.run(coldStart(this.chain.trust, peer.id, height, this.host.now()));
    if (isUnanswered(theirs)) return false;
    if (isFault(theirs)) {
      this.judge(peer.id, theirs);
      return false;
    }
    if (
      isBest(theirs, this.chain.tip.hash, this.chain.tip.header.height) ||
      isBest(this.chain, theirs.tip.hash, theirs.tip.header.height)
    ) {
      this.host.agreed(peer.id, 'agrees');
      return true;
    }
    this.host.disputed(peer.id);
    return false;
  }

  private compare(peer: Peer): void {
    const greeting = peer.greeting;
    if (greeting === undefined) return;
    const { tip } = this.chain;
    const known = findHeader(this.chain, greeting.tipHash);
    const fork = known === undefined ? undefined : findFork(this.chain, tip, known);
    if (known === undefined || fork === undefined) this.host.agreed(peer.id, 'behind');
    else if (known.header.height - fork.header.height > ROUTINE_FORK) this.host.agreed(peer.id, 'disagrees');
    else this.host.agreed(peer.id, tip.header.height - fork.header.height <= NEAR_BLOCKS ? 'agrees' : 'behind');
  }

  /** Judges an announced header; one whose parent is unknown sends us to its announcer. */
  announced(peer: Peer | undefined, from: string, message: Uint8Array): Promise<GossipVerdict> {
    const job = async (): Promise<GossipVerdict> => {
      if (!this.started) return 'ignore';
      const announced = await this.host.run(takeAnnouncement(this.chain, from, message, this.host.now()));
      if (announced.kind === 'refused') {
        this.judge(from, announced.reason);
        return judgePeer(announced.reason) === 'lied' ? 'reject' : 'ignore';
      }
      const { filter } = announced.kind === 'added' ? announced : { filter: undefined };
      const key = announced.kind === 'added' ? headerKey(announced.header.hash) : '';
      this.adopt(announced.chain, filter === undefined ? new Map() : new Map([[key, filter]]));
      if (announced.kind === 'added' || announced.kind === 'known') this.host.agreed(from, 'agrees');
      if (announced.kind === 'behind' && peer !== undefined) await this.follow(peer);
      return announced.kind === 'added' || announced.kind === 'known' ? 'accept' : 'ignore';
    };
    return this.queue.run(job).then((verdict) => verdict ?? 'ignore');
  }
}
