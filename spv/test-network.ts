import type { BitcoinChain } from '#protocol/bitcoin/chain';
import { listHeadersAfter, listHeadersAround } from '#protocol/bitcoin/serve-headers';
import { mineBranch, startRegtest } from '#protocol/bitcoin/test-branch';
import type { Block } from '#protocol/block/block';
import { encodeBody } from '#protocol/block/body-codec';
import type { Header } from '#protocol/block/header';
import { encodeHeader } from '#protocol/block/header-codec';
import { equalBytes } from '#protocol/codec/bytes';
import type { Hash32 } from '#protocol/codec/hash32';
import { encodeHex } from '#protocol/codec/hex';
import { decodeField, encodeField, type Field } from '#protocol/codec/schema';
import { isFault } from '#protocol/fault';
import { invariant } from '#protocol/invariant';
import { proveInclusion } from '#protocol/merkle/inclusion';
import { hashLeaf, readLeaves } from '#protocol/merkle/tree';
import { DEV_PARAMETERS } from '#protocol/params/networks';
import { type ChainedHeader, checkGenesisHeader } from '#protocol/stake/header-view';
import { encodeStakeProof, orderStakes } from '#protocol/stake/stake-proof';
import { groupByEpoch } from '#protocol/stake/stake-source';
import { GENESIS_TIME, TestChain } from '#protocol/state/test-chain';
import { PROOF_LIMITS, type ProofLimits, proveRanges } from '#protocol/trie/prove';
import { keyRange } from '#protocol/trie/ranges';
import { computeTxid } from '#protocol/tx/identity';
import { headerAnnouncement } from '#protocol/wire/messages';
import { type AnswerOf, PROTOCOLS, type ProtocolName, type RequestOf } from '#protocol/wire/protocols';
import type { Trust } from './headers/trust.ts';
import { executeJob } from './proof/execute-job.ts';
import type { Question, Reply, Task } from './task.ts';

const SECONDS_PER_BITCOIN_HEADER = 2;
const BACK_DATED = 60;

const minedRuns = new Map<number, readonly Uint8Array[]>();

/** Headers on regtest's genesis, mined once for all tests of a file. */
const mineRun = (from: Hash32, count: number): readonly Uint8Array[] => {
  const times = Array.from({ length: count }, (_, i) => GENESIS_TIME + (i - BACK_DATED) * SECONDS_PER_BITCOIN_HEADER);
  const run = minedRuns.get(count) ?? mineBranch(from, times, 1);
  minedRuns.set(count, run);
  return run;
};

/** A Bitcoin regtest chain long enough for a test's blocks, and a chain of ours that names its headers. */
export const startTestChain = (hours = 0.5): { readonly chain: TestChain; readonly bitcoin: BitcoinChain } => {
  const bitcoin = startRegtest();
  const count = BACK_DATED + Math.ceil((hours * 3600) / SECONDS_PER_BITCOIN_HEADER);
  const added = bitcoin.accept(mineRun(bitcoin.tip.hash, count), GENESIS_TIME + hours * 7200);
  invariant(!isFault(added), 'headers mined for a test are valid');
  const chain = new TestChain();
  chain.bitcoinOf = (time) => {
    const entry = bitcoin.slotHeader(time - DEV_PARAMETERS.bitcoinLag);
    invariant(entry !== undefined, 'the chain begins after the first Bitcoin headers');
    return entry.hash;
  };
  return { chain, bitcoin };
};

/** What the nodes of a test serve: it answers as a node does, from a chain in memory; a liar overrides one answer. */
export class TestPeer {
  readonly chain: TestChain;
  readonly bitcoin: BitcoinChain;
  limits: ProofLimits = PROOF_LIMITS;
  /** blocks of the tip that this peer has not seen */
  behind = 0;
  readonly asked: ProtocolName[] = [];

  constructor(chain: TestChain, bitcoin: BitcoinChain) {
    this.chain = chain;
    this.bitcoin = bitcoin;
  }

  get height(): number {
    return this.chain.state.tip.height - this.behind;
  }

  header(height: number): Header {
    return this.chain.state.headerAt(height);
  }

  hash(height: number): Hash32 {
    return this.chain.state.changeOf(height).hash;
  }

  heightOf(hash: Uint8Array): number | undefined {
    for (let at = this.height; at >= 0; at--) if (equalBytes(this.hash(at), hash)) return at;
    return undefined;
  }

  stakeProof(epoch: number, headers: readonly Header[]): Uint8Array {
    const outpoints = headers.flatMap((header) => (header.right.kind === 'stake' ? [header.right.outpoint] : []));
    const roots = this.chain.state.rootsAt(epoch);
    const ranges = orderStakes(outpoints).map(({ key }) => keyRange(key));
    const proved = proveRanges(this.chain.state.stakeNodes, roots.stakes, ranges);
    invariant(!isFault(proved), 'stakes of a test can be proved');
    return encodeStakeProof({ epochHeight: epoch, coinsRoot: roots.coins, recordsRoot: roots.records, multiproof: proved.proof });
  }

  private stakeProofs(headers: readonly Header[]): Uint8Array[] {
    const groups = groupByEpoch(headers, DEV_PARAMETERS);
    return [...groups.keys()].map((epoch) => {
      const names = new Set((groups.get(epoch) ?? []).map((outpoint) => encodeHex(outpoint.txid) + outpoint.index));
      return this.stakeProof(
        epoch,
        headers.filter(({ right }) => right.kind === 'stake' && names.has(encodeHex(right.outpoint.txid) + right.outpoint.index)),
      );
    });
  }

  filter(height: number): Uint8Array {
    return this.chain.state.changeOf(height).filter;
  }

  block(height: number): Block {
    const block = this.chain.state.blockOf(height);
    invariant(block !== undefined, 'a block of the chain is kept');
    return block;
  }

  announcement(height: number): Uint8Array {
    const header = this.header(height);
    const [proof] = this.stakeProofs([header]);
    return encodeField(headerAnnouncement, {
      header: encodeHeader(header),
      stakeProof: proof ?? new Uint8Array(),
      filter: this.filter(height),
    });
  }

  status(): AnswerOf<'status'> {
    return {
      kind: 'status',
      network: 'dev',
      genesis: this.hash(0),
      config: this.chain.config,
      tip: encodeHeader(this.header(this.height)),
      services: 1,
      coins: BigInt(this.chain.state.coins.size),
      proofsFrom: 0,
      epochsFrom: 0,
    };
  }

  headers(request: RequestOf<'headers'>): AnswerOf<'headers'> {
    const heights = this.heightsFor(request);
    const headers = heights.map((height) => this.header(height));
    return {
      kind: 'headers',
      headers: headers.map(encodeHeader),
      stakeProofs: this.stakeProofs(headers),
      filters: request.filters === 'with' ? heights.map((height) => this.filter(height)) : [],
    };
  }

  private heightsFor(request: RequestOf<'headers'>): number[] {
    if (request.kind === 'byHash') return request.hashes.map((hash) => this.heightOf(hash)).filter((at) => at !== undefined);
    const known = request.kind === 'locator' ? request.hashes.map((hash) => this.heightOf(hash)).find((at) => at !== undefined) : undefined;
    const from = request.kind === 'range' ? request.from : (known ?? 0) + 1;
    const count = Math.max(0, Math.min(request.count, this.height - from + 1));
    return Array.from({ length: count }, (_, i) => from + i);
  }

  history(request: RequestOf<'history'>): AnswerOf<'history'> {
    const tip = this.heightOf(request.tip);
    if (tip === undefined || request.kind !== 'inclusion') return { kind: 'refused', code: 'unknown-tip' };
    const leaves = readLeaves(Array.from({ length: tip }, (_, at) => hashLeaf(this.hash(at), this.header(at).filterHash)));
    return {
      kind: 'inclusion',
      headers: request.heights.map((at) => encodeHeader(this.header(at))),
      branches: request.heights.map((at) => proveInclusion(leaves, at, tip)),
    };
  }

  proof(request: RequestOf<'proof'>): AnswerOf<'proof'> {
    const height = this.heightOf(request.block);
    if (height === undefined) return { kind: 'refused', code: 'unknown-block' };
    const { coins, records, stakes } = this.chain.state.rootsAt(height);
    const { state } = this.chain;
    const nodes = { coins: state.coinNodes, records: state.recordNodes, stakes: state.stakeNodes }[request.trie];
    const root = { coins, records, stakes }[request.trie];
    const proved = proveRanges(nodes, root, request.ranges, this.limits);
    if (isFault(proved)) return { kind: 'refused', code: proved.fault };
    const others = { coins: [records, stakes], records: [coins, stakes], stakes: [coins, records] }[request.trie];
    return { kind: 'proof', block: request.block, trie: request.trie, otherRoots: others, upTo: proved.upTo, proof: proved.proof };
  }

  blocks(request: RequestOf<'blocks'>): AnswerOf<'blocks'> {
    const heights = request.hashes.map((hash) => this.heightOf(hash)).filter((at) => at !== undefined);
    return { kind: 'bodies', bodies: heights.map((at) => encodeBody(this.block(at).body)) };
  }

  tx(request: RequestOf<'tx'>): AnswerOf<'tx'> {
    if (request.kind !== 'find') return { kind: 'refused', code: 'not-here' };
    for (let height = 0; height <= this.height; height++) {
      const { transactions } = this.block(height).body;
      const index = transactions.findIndex((tx) => equalBytes(computeTxid(tx), request.txid));
      if (index < 0) continue;
      const leaves = readLeaves(transactions.map((tx) => hashLeaf(computeTxid(tx))));
      const size = transactions.length;
      const branch = proveInclusion(leaves, index, size);
      const [body] = [encodeBody({ transactions: [transactions[index] as (typeof transactions)[number]], versions: [] })];
      return { kind: 'found', transaction: body.slice(1, -1), block: this.hash(height), height, index, size, branch };
    }
    return { kind: 'refused', code: 'not-found' };
  }

  bitcoinHeaders(request: RequestOf<'bitcoinHeaders'>): AnswerOf<'bitcoinHeaders'> {
    const run =
      request.kind === 'locator'
        ? listHeadersAfter(this.bitcoin, request.hashes, request.count)
        : listHeadersAround(this.bitcoin, request.hash, request.before, request.after);
    return run === undefined ? { kind: 'refused', code: 'not-found' } : { kind: 'headers', ...run };
  }

  answer(name: ProtocolName, request: never): unknown {
    if (name === 'filters' || name === 'peers' || name === 'mailbox') return { kind: 'refused', code: 'not-here' };
    return name === 'status' ? this.status() : this[name](request);
  }

  answerBytes(name: ProtocolName, bytes: Uint8Array): Uint8Array {
    this.asked.push(name);
    const protocol = PROTOCOLS[name];
    const request = decodeField(protocol.request as Field<unknown>, bytes);
    return encodeField(protocol.answer as Field<unknown>, this.answer(name, request as never));
  }
}

export const trustOf = (chain: TestChain): Trust => {
  const genesis = checkGenesisHeader(chain.state.headerAt(0), chain.state.changeOf(0).hash);
  invariant(!isFault(genesis), 'a test chain has a genesis');
  return { network: 'dev', parameters: DEV_PARAMETERS, genesis: genesis as ChainedHeader, config: chain.config };
};

const replyTo = (peers: Readonly<Record<string, TestPeer>>, question: Question): Reply => {
  if (question.kind !== 'ask') return executeJob(question);
  const peer = peers[question.peer];
  if (peer === undefined) return { kind: 'unanswered', code: 'timeout' };
  return { kind: 'answer', bytes: peer.answerBytes(question.protocol, question.request) };
};

/** Runs a task to its end against peers by name; one that is not there never answers. */
export const runTest = <T>(task: Task<T>, peers: Readonly<Record<string, TestPeer>>): T => {
  let step = task.next();
  while (!step.done) step = task.next(replyTo(peers, step.value));
  return step.value;
};
