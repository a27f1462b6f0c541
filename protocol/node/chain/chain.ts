import type { Block, BlockBody } from '#protocol/block/block';
import type { Header } from '#protocol/block/header';
import { decodeHeader, hashHeaderBytes } from '#protocol/block/header-codec';
import { computeMedianTime, MEDIAN_SPAN } from '#protocol/block/median-time';
import { compareBytes } from '#protocol/codec/bytes';
import type { Hash32 } from '#protocol/codec/hash32';
import { encodeHex } from '#protocol/codec/hex';
import { computeDue, isDue } from '#protocol/debt/due';
import { tagsOf } from '#protocol/debt/holder';
import { Failure } from '#protocol/failure';
import { type Fault, fault, isFault } from '#protocol/fault';
import { invariant } from '#protocol/invariant';
import type { Coin } from '#protocol/ledger/coin';
import { computeCoinKey } from '#protocol/ledger/coin-key';
import type { Holder } from '#protocol/ledger/ledger-view';
import type { Parameters } from '#protocol/params/parameters';
import { computeOwnerTag } from '#protocol/script/owner-tag';
import { readStakeProof, readStakeProofs, type StakeSource } from '#protocol/stake/stake-source';
import { BlockLedger } from '#protocol/state/block-ledger';
import { BODY_FAULTS } from '#protocol/state/connect-block';
import type { StakeLeaf, StateView } from '#protocol/state/view';
import type { Outpoint } from '#protocol/tx/outpoint';
import type { Transaction } from '#protocol/tx/transaction';
import type { ProofPort } from '../proofs/proof-port.ts';
import type { Store } from '../store/store.ts';
import { type BlockRules, type FindRun, txidsOf } from './block-rules.ts';
import { coinsOf } from './coins-of.ts';
import type { BodyVerdict, Clock, HeaderVerdict, NodeBitcoin, NodeChain, StoredHeader, TipChange } from './contract.ts';
import { type Grant, grantsOf } from './grants-of.ts';
import { HeaderJudge } from './header-judge.ts';
import { type ChainTip, decodeStored, HeaderTree, type TreeEntry } from './header-tree.ts';
import { Kernels, kernelKey } from './kernels.ts';
import { readOwnStakes } from './own-stakes.ts';
import { ChainServer } from './serve-chain.ts';
import { SpentStakes } from './spent-stakes.ts';
import { makeStateView } from './state-view.ts';

export interface ChainOptions {
  readonly store: Store;
  readonly parameters: Parameters;
  readonly network: string;
  readonly configHash: Hash32;
  readonly bitcoin: NodeBitcoin;
  readonly clock: Clock;
  readonly rules: BlockRules;
  /** signature checks of transactions whose scripts the pool has run */
  readonly findRun?: FindRun;
  readonly proofs: ProofPort;
  /** a write did not reach the disk: the node stops */
  readonly onFailure?: (failure: Failure) => void;
}

export interface ChainChange extends TipChange {
  readonly connectedTransactions: readonly (readonly Transaction[])[];
  readonly disconnectedTransactions: readonly (readonly Transaction[])[];
}

/** Blocks with more transactions have what they touch read ahead. */
const WARM_FROM = 64;

interface Step {
  readonly stored: StoredHeader;
  readonly transactions: readonly Transaction[];
}

/** The node's chain over its store: one writer, one block after the other. */
export class Chain implements NodeChain {
  readonly parameters: Parameters;
  readonly network: string;
  readonly genesis: Hash32;
  /** unix seconds */
  readonly genesisTime: number;
  readonly configHash: Hash32;
  private readonly options: ChainOptions;
  private readonly store: Store;
  private readonly tree: HeaderTree;
  private readonly kernels = new Kernels();
  private readonly spent = new SpentStakes();
  private readonly judge: HeaderJudge;
  private readonly server: ChainServer;
  private readonly listeners = new Set<(change: ChainChange) => void>();
  private queue: Promise<unknown> = Promise.resolve();
  private rival: TreeEntry | undefined;
  private failure: Failure | undefined;
  private pruning = false;

  constructor(options: ChainOptions, genesis: StoredHeader, tip: StoredHeader) {
    const { store, proofs, parameters, bitcoin, clock, rules } = options;
    this.options = options;
    this.store = store;
    this.parameters = parameters;
    this.network = options.network;
    this.configHash = options.configHash;
    this.genesis = genesis.hash;
    this.genesisTime = genesis.header.time;
    this.tree = new HeaderTree(store, tip);
    const chainRules = { parameters, genesisTime: genesis.header.time };
    const { tree, kernels, spent } = this;
    this.judge = new HeaderJudge({ store, tree, kernels, spent, bitcoin, clock, rules: chainRules });
    const window = parameters.stakeMaturity + parameters.maxReorg;
    this.server = new ChainServer({ store, proofs, tree, rules, window, stakeEpoch: parameters.stakeEpoch });
  }

  readonly tip = (): StoredHeader => this.tree.tip;
  readonly coinCount = (): bigint => this.store.coinCount;
  readonly headerByHash = (hash: Uint8Array): StoredHeader | undefined => this.tree.findHeader(hash);
  readonly headerAt = (height: number): StoredHeader | undefined => this.tree.headerAt(height);
  readonly isBest = (hash: Uint8Array): boolean => this.tree.isBest(hash);
  readonly filterOf = async (hash: Uint8Array): Promise<Uint8Array | undefined> => this.store.filter(hash);
  readonly bodyOf = async (hash: Uint8Array): Promise<Uint8Array | undefined> => this.store.body(hash);
  readonly epochsFrom = (): number => 0;
  readonly proofsFrom = (): number => this.server.proofsFrom();
  readonly proveState: NodeChain['proveState'] = (...question) => this.server.proveState(...question);
  readonly stakeProofFor: NodeChain['stakeProofFor'] = (...question) => this.server.stakeProofFor(...question);
  readonly findTransaction: NodeChain['findTransaction'] = (txid) => this.server.findTransaction(txid);
  readonly proveHistory: NodeChain['proveHistory'] = (...question) => this.server.proveHistory(...question);
  readonly proveConsistency: NodeChain['proveConsistency'] = (...question) => this.server.proveConsistency(...question);
  readonly chainTips = (): readonly ChainTip[] => this.tree.tips();
  readonly wantedBodies = (limit: number): readonly StoredHeader[] => this.tree.missingBodies(limit);

  /** @source SPEC ND13; spec 03, fork choice */
  readonly deepRival = (): StoredHeader | undefined =>
    this.rival !== undefined && this.rival.header.weight > this.tree.tip.header.weight ? this.rival : undefined;

  /** The state after the tip; of use until the tip changes. */
  readonly view = (): StateView => makeStateView(this.store, this.tree);

  /** Coins, records and frozen accounts as the next block finds them. */
  readonly ledgerOf = (): BlockLedger => new BlockLedger(this.view(), this.medianTime());

  readonly decodedBodyOf = (hash: Uint8Array): BlockBody | undefined => {
    const bytes = this.store.body(hash);
    const body = bytes && this.options.rules.decodeBody(bytes);
    return body === undefined || isFault(body) ? undefined : body;
  };

  readonly findCoin: StateView['findCoin'] = (outpoint) => this.store.coin(outpoint);
  /** Σ amount × time of unpaid debt. @unit base units × unix seconds */
  readonly debtTime = (): bigint => this.store.debtTime;
  /**
   * Standard debts of a frozen account that are overdue after the tip, whichever of its keys they name and layer they are in.
   *
   * @source SPEC PU3
   */
  async *overdueDebts(account: Holder): AsyncGenerator<Coin> {
    const place = [this.tip().header.height, this.medianTime()] as const;
    const { findRecord } = this.ledgerOf();
    const tags = tagsOf(account, this.store.liabilityIndex.overdueTags(...place), findRecord);
    for (const tag of tags.toSorted(compareBytes))
      for await (const outpoint of this.store.debtsNaming(tag)) {
        const coin = this.findCoin(outpoint);
        if (coin !== undefined && isDue(computeDue(coin, this.parameters), ...place)) yield coin;
      }
  }

  /** What the best chain's blocks from a height on granted, of those that granted anything. */
  readonly grantsFrom = (height: number): AsyncIterable<{ readonly height: number; readonly grants: readonly Grant[] }> =>
    this.store.grantsFrom(height);

  readonly stakes = (): AsyncIterable<StakeLeaf> => this.store.stakes();

  /** A stake as the best chain's state after `height` has it: of use where a header's stake is proved. */
  readonly stakeAt = (height: number, outpoint: Outpoint): StakeLeaf | undefined => {
    const ancestor = this.headerAt(height)?.header;
    const leaf = ancestor && readOwnStakes(this.store, this.tree).findStake({ height, stateRoot: ancestor.stateRoot }, outpoint);
    return leaf === undefined || isFault(leaf) ? undefined : leaf;
  };

  readonly isConfirmed = (txid: Uint8Array): boolean => this.store.place(txid) !== undefined;

  /** Median time past of the tip. @unit unix seconds */
  readonly medianTime = (): number => {
    const { height } = this.tree.tip.header;
    const times: number[] = [];
    for (let at = height; at > height - MEDIAN_SPAN && at >= 0; at--) times.push(this.headerAt(at)?.header.time ?? 0);
    return computeMedianTime(times);
  };

  readonly onTip = (listener: (change: ChainChange) => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** One after the other, whoever calls: what is judged is judged on one tip. */
  private enqueue<T>(work: () => Promise<T>): Promise<T> {
    const run = async (): Promise<T> => {
      if (this.failure !== undefined) throw this.failure;
      try {
        return await work();
      } catch (error) {
        if (error instanceof Failure) this.fail(error);
        throw error;
      }
    };
    const result = this.queue.then(run);
    this.queue = result.catch(() => undefined);
    return result;
  }

  /** @source SPEC ND18; attack C3 */
  private fail(failure: Failure): void {
    this.failure = failure;
    this.options.onFailure?.(failure);
  }

  readonly acceptHeader = (bytes: Uint8Array, stakeProof: Uint8Array): Promise<HeaderVerdict | Fault> =>
    this.enqueue(async () => this.judgeHeader(bytes, readStakeProof(stakeProof)));

  /** A block of this node's own: judged as any other, its stake read from the own state. */
  readonly acceptOwn = (header: Uint8Array, body: Uint8Array): Promise<BodyVerdict | HeaderVerdict | Fault> =>
    this.enqueue(async () => {
      const verdict = this.judgeHeader(header, readOwnStakes(this.store, this.tree));
      return verdict === 'accepted' || verdict === 'known' ? this.takeBody(hashHeaderBytes(header), body) : verdict;
    });

  private judgeHeader(bytes: Uint8Array, stakes: StakeSource): HeaderVerdict | Fault {
    const verdict = this.judge.judge(bytes, stakes);
    if (verdict === 'accepted') this.noteRival();
    return verdict;
  }

  private noteRival(): void {
    if (this.tree.deepSize === 0) return;
    for (const entry of this.tree.all()) if (entry.deep && entry.header.weight > (this.rival?.header.weight ?? 0n)) this.rival = entry;
  }

  readonly acceptHeaders: NodeChain['acceptHeaders'] = (headers, stakeProofs) =>
    this.enqueue(async () => {
      const decoded = headers.map((bytes) => decodeHeader(bytes));
      const broken = decoded.find((header) => isFault(header));
      if (broken !== undefined && isFault(broken)) return broken;
      const stakes = readStakeProofs(
        decoded.filter((header): header is Header => !isFault(header)),
        stakeProofs,
        this.parameters,
      );
      if (isFault(stakes)) return stakes;
      let verdict: HeaderVerdict = 'known';
      for (const [taken, bytes] of headers.entries()) {
        const judged = this.judgeHeader(bytes, stakes);
        if (isFault(judged)) return judged;
        verdict = judged;
        if (verdict !== 'accepted' && verdict !== 'known' && verdict !== 'equivocation') return { taken, verdict };
      }
      return { taken: headers.length, verdict };
    });

  readonly acceptBody = (hash: Uint8Array, bytes: Uint8Array): Promise<BodyVerdict | Fault> =>
    this.enqueue(() => this.takeBody(hash, bytes));

  private async takeBody(hash: Uint8Array, bytes: Uint8Array): Promise<BodyVerdict | Fault> {
    const entry = this.tree.entry(hash);
    if (entry === undefined) return this.tree.findHeader(hash) === undefined ? 'unknown-header' : 'known';
    if (entry.invalid) return fault('invalid-block', { height: entry.header.height });
    if (entry.hasBody || entry.deep) return 'known';
    const { rules } = this.options;
    const body = rules.decodeBody(bytes);
    if (isFault(body)) return body;
    const fits = rules.checkBody({ header: entry.header, body });
    if (fits !== undefined) return this.refuseBody(entry, fits);
    const { tip } = this.tree;
    if (encodeHex(entry.header.previous) === encodeHex(tip.hash)) return this.extend(entry, { body, bytes });
    await this.store.keepBranchBlock({ height: entry.header.height, hash: entry.hash, headerBytes: entry.bytes, body: bytes });
    entry.hasBody = true;
    return this.activate(entry);
  }

  /** A body of another header says nothing of this one; its own, where it breaks a rule, condemns it. @source SPEC ND17; attack P9 */
  private async refuseBody(entry: TreeEntry, reason: Fault): Promise<Fault> {
    if (!BODY_FAULTS.has(reason.fault)) await this.reject(entry);
    return reason;
  }

  private async extend(entry: TreeEntry, given: { body: BlockBody; bytes: Uint8Array }): Promise<BodyVerdict | Fault> {
    const step = await this.connect(entry, given);
    if (isFault(step)) {
      await this.reject(entry);
      return step;
    }
    this.emit([step], []);
    await this.settle();
    await this.activate(undefined);
    return 'connected';
  }

  /** Writes the block on top of the tip, or says which rule it breaks. */
  private async connect(entry: TreeEntry, { body, bytes }: { body: BlockBody; bytes: Uint8Array }): Promise<Step | Fault> {
    const block: Block = { header: entry.header, body };
    if (body.transactions.length > WARM_FROM) await this.warm(body.transactions);
    const change = this.options.rules.connect(this.view(), entry.chained, block, this.options.findRun);
    if (isFault(change)) return change;
    const grants = body.transactions.flatMap((transaction) => grantsOf(transaction, this.parameters));
    await this.store.connect({ headerBytes: entry.bytes, body: bytes, txids: txidsOf(body.transactions), change, grants });
    this.tree.advance(entry);
    this.spent.connect(entry.header.height, change.stakes);
    return { stored: this.tree.tip, transactions: body.transactions };
  }

  private warm(transactions: readonly Transaction[]): Promise<void> {
    const keyOf = (coin: Coin): Uint8Array => computeCoinKey(computeOwnerTag(coin, this.parameters), coin.outpoint);
    return this.store.warm(transactions, (transaction) => coinsOf(transaction, 0, 0), keyOf);
  }

  private async disconnect(): Promise<Step> {
    const { tip } = this.tree;
    const body = this.decodedBodyOf(tip.hash);
    invariant(body !== undefined, 'the body of a connected block is in the store');
    const { height, previous } = tip.header;
    await this.store.disconnect({ height, hash: tip.hash, previous, txids: txidsOf(body.transactions) });
    this.tree.retreat({ chained: this.judge.rechain(tip.header), kernel: kernelKey(tip.header) });
    this.spent.disconnect(height);
    return { stored: tip, transactions: body.transactions };
  }

  /**
   * Goes over to the heaviest branch that is all here, and back where a block of it breaks a rule.
   *
   * @source SPEC ND3; spec 03, fork choice
   */
  private async activate(given: TreeEntry | undefined): Promise<BodyVerdict | Fault> {
    const connected: Step[] = [];
    const disconnected: Step[] = [];
    let refused: Fault | undefined;
    for (let target = this.tree.heaviestComplete(); target !== undefined; target = this.tree.heaviestComplete()) {
      const branch = this.tree.branchOf(target);
      const fork = branch[0]?.header.previous;
      while (fork !== undefined && encodeHex(this.tree.tip.hash) !== encodeHex(fork)) {
        const undone = await this.disconnect();
        if (connected.at(-1)?.stored.hash === undone.stored.hash) connected.pop();
        else disconnected.unshift(undone);
      }
      const failed = await this.connectBranch(branch, connected);
      if (failed !== undefined && failed.entry === given) refused = failed.reason;
    }
    this.emit(connected, disconnected);
    if (connected.length > 0) await this.settle();
    if (refused !== undefined) return refused;
    return given !== undefined && this.tree.isBest(given.hash) ? 'connected' : 'stored';
  }

  private async connectBranch(
    branch: readonly TreeEntry[],
    connected: Step[],
  ): Promise<{ readonly entry: TreeEntry; readonly reason: Fault } | undefined> {
    for (const entry of branch) {
      const bytes = this.store.body(entry.hash);
      const body = bytes && this.options.rules.decodeBody(bytes);
      invariant(bytes !== undefined && body !== undefined && !isFault(body), 'a kept body is in the store');
      const step = await this.connect(entry, { body, bytes });
      if (isFault(step)) {
        await this.reject(entry);
        return { entry, reason: step };
      }
      connected.push(step);
    }
    return undefined;
  }

  private async reject(entry: TreeEntry): Promise<void> {
    for (const each of this.tree.withDescendants(entry)) {
      if (each.hasBody) await this.store.dropBranchBlock(each.header.height, each.hash);
      each.hasBody = false;
      each.invalid = true;
    }
  }

  private emit(connected: readonly Step[], disconnected: readonly Step[]): void {
    const common = connected.findIndex(
      (step, i) => encodeHex(step.stored.hash) !== encodeHex(disconnected[i]?.stored.hash ?? new Uint8Array()),
    );
    const from = common === -1 ? Math.min(connected.length, disconnected.length) : common;
    const [now, gone] = [connected.slice(from), disconnected.slice(from)];
    if (now.length === 0 && gone.length === 0) return;
    const change: ChainChange = {
      tip: this.tree.tip,
      connected: now.map(({ stored }) => stored),
      disconnected: gone.map(({ stored }) => stored),
      connectedTransactions: now.map(({ transactions }) => transactions),
      disconnectedTransactions: gone.map(({ transactions }) => transactions),
    };
    for (const listener of this.listeners) listener(change);
  }

  /** Forgets what cannot matter any more, now that the tip is where it is. */
  private async settle(): Promise<void> {
    const { height } = this.tree.tip.header;
    const { maxReorg } = this.parameters;
    for (const entry of [...this.tree.all()]) {
      if (entry.deep || this.tree.entry(entry.header.previous) !== undefined) continue;
      if (height - (entry.header.height - 1) > maxReorg) await this.dropBranch(entry);
    }
    this.kernels.forgetBelow(height - maxReorg);
    this.spent.forgetBelow(height - maxReorg);
    this.pruneLater();
  }

  /** Whoever handed a block in does not wait for this. */
  private pruneLater(): void {
    if (this.pruning) return;
    this.pruning = true;
    const work = this.enqueue(async () => {
      this.pruning = false;
      const { height } = this.tree.tip.header;
      await this.store.prune(height, height - this.parameters.maxReorg);
    });
    work.catch(() => undefined);
  }

  private async dropBranch(root: TreeEntry): Promise<void> {
    for (const entry of this.tree.withDescendants(root)) {
      if (entry.hasBody) await this.store.dropBranchBlock(entry.header.height, entry.hash);
      this.tree.remove(entry.hash);
    }
  }

  /** Takes up where the store stands: bodies of branches, kernels and withdrawn stakes near the tip. */
  async restore(): Promise<void> {
    const { height } = this.tree.tip.header;
    for (let at = Math.max(1, height - this.parameters.maxReorg); at <= height; at++) this.restoreBest(at);
    for (const hash of await this.store.branchBlocks()) {
      const bytes = this.store.headerBytes(hash);
      const stored = bytes && decodeStored(bytes);
      if (stored === undefined) continue;
      const verdict = this.judge.judge(stored.bytes, readOwnStakes(this.store, this.tree));
      const entry = this.tree.entry(hash);
      if (verdict === 'accepted' && entry !== undefined) entry.hasBody = true;
      else await this.store.dropBranchBlock(stored.header.height, hash);
    }
    await this.enqueue(() => this.activate(undefined));
  }

  private restoreBest(height: number): void {
    const stored = this.headerAt(height);
    if (stored === undefined) return;
    this.kernels.add(kernelKey(stored.header), height);
    const stakes = this.store.undo(stored.hash)?.stakes ?? [];
    this.spent.connect(
      height,
      stakes.map(({ outpoint }) => ({ outpoint, after: this.store.stake(outpoint) })),
    );
  }

  readonly close = async (): Promise<void> => {
    await this.queue;
    await this.options.proofs.close();
    await this.store.close();
  };
}
