import type { Hash32 } from '#protocol/codec/hash32';
import { type Fault, fault, isFault } from '#protocol/fault';
import { proveConsistency } from '#protocol/merkle/consistency';
import { proveInclusion } from '#protocol/merkle/inclusion';
import { hashLeaf, readLeaves } from '#protocol/merkle/tree';
import { encodeStakeProof, orderStakes } from '#protocol/stake/stake-proof';
import type { TrieRoots } from '#protocol/state/view';
import type { KeyRange } from '#protocol/trie/node';
import type { ProvedRanges } from '#protocol/trie/prove';
import { keyRange } from '#protocol/trie/ranges';
import { encodeTransaction } from '#protocol/tx/transaction-codec';
import type { ProofPort, ProofQuestion } from '../proofs/proof-port.ts';
import type { Store } from '../store/store.ts';
import { type BlockRules, txidsOf } from './block-rules.ts';
import type { NodeChain, RangeProof, StoredHeader, TrieName } from './contract.ts';
import type { HeaderTree } from './header-tree.ts';

export interface ServeParts {
  readonly store: Store;
  readonly proofs: ProofPort;
  readonly tree: HeaderTree;
  readonly rules: BlockRules;
  readonly window: number;
  readonly stakeEpoch: number;
}

const OTHERS: Readonly<Record<TrieName, readonly [TrieName, TrieName]>> = {
  coins: ['records', 'stakes'],
  records: ['coins', 'stakes'],
  stakes: ['coins', 'records'],
};

/** Proofs and readings for peers; nothing here changes anything. @source SPEC ND4 */
export class ChainServer {
  private readonly parts: ServeParts;

  constructor(parts: ServeParts) {
    this.parts = parts;
  }

  readonly proofsFrom = (): number => Math.max(0, this.parts.tree.tip.header.height - this.parts.window);

  private isKept(height: number, trie: TrieName): boolean {
    return height >= this.proofsFrom() || (trie === 'stakes' && height % this.parts.stakeEpoch === 0);
  }

  private rootsOf(hash: Uint8Array, trie: TrieName): TrieRoots | Fault<'unknown-block' | 'proof-window'> {
    const { store, tree } = this.parts;
    const known = tree.isBest(hash) ? tree.findHeader(hash) : undefined;
    const roots = known && store.roots(hash);
    if (known === undefined || roots === undefined) return fault('unknown-block');
    return this.isKept(known.header.height, trie) ? roots : fault('proof-window', { height: known.header.height, from: this.proofsFrom() });
  }

  /** A state that leaves the proof window while it is being proved is refused as any other outside of it. */
  private async prove(block: Uint8Array, question: ProofQuestion): Promise<ProvedRanges | Fault> {
    try {
      return await this.parts.proofs.prove(question);
    } catch (error) {
      const roots = this.rootsOf(block, question.trie);
      if (isFault(roots)) return roots;
      throw error;
    }
  }

  readonly proveState = async (block: Uint8Array, trie: TrieName, ranges: readonly KeyRange[]): Promise<RangeProof | Fault> => {
    const roots = this.rootsOf(block, trie);
    if (isFault(roots)) return roots;
    const proved = await this.prove(block, { trie, root: roots[trie], ranges });
    if (isFault(proved)) return proved;
    const [first, second] = OTHERS[trie];
    return { otherRoots: [roots[first], roots[second]], upTo: proved.upTo, proof: proved.proof, nodesRead: proved.nodesRead };
  };

  readonly stakeProofFor = async (headers: readonly StoredHeader[], epochHeight: number): Promise<Uint8Array | undefined> => {
    const { tree } = this.parts;
    const [first] = headers;
    const ancestor = first && tree.findAncestor(first, epochHeight);
    if (ancestor === undefined || !tree.isBest(ancestor.hash)) return undefined;
    const roots = this.rootsOf(ancestor.hash, 'stakes');
    if (isFault(roots)) return undefined;
    const outpoints = headers.flatMap(({ header: { right } }) => (right.kind === 'stake' ? [right.outpoint] : []));
    if (outpoints.length === 0) return undefined;
    const ranges = orderStakes(outpoints).map(({ key }) => keyRange(key));
    const proved = await this.prove(ancestor.hash, { trie: 'stakes', root: roots.stakes, ranges });
    if (isFault(proved)) return undefined;
    return encodeStakeProof({ epochHeight, coinsRoot: roots.coins, recordsRoot: roots.records, multiproof: proved.proof });
  };

  readonly findTransaction: NodeChain['findTransaction'] = async (txid) => {
    const { store, tree, rules } = this.parts;
    const place = store.place(txid);
    const block = place && tree.headerAt(place.height);
    const bytes = block && store.body(block.hash);
    const body = bytes && rules.decodeBody(bytes);
    const found = place && body && !isFault(body) ? body.transactions[place.index] : undefined;
    if (found === undefined || place === undefined || block === undefined || body === undefined || isFault(body)) return undefined;
    const leaves = txidsOf(body.transactions).map((id) => hashLeaf(id));
    const branch = proveInclusion(readLeaves(leaves), place.index, leaves.length);
    return { transaction: encodeTransaction(found), block: block.hash, ...place, size: leaves.length, branch };
  };

  private sizeOf(tip: Uint8Array): number | Fault<'unknown-block'> {
    const { tree } = this.parts;
    const known = tree.isBest(tip) ? tree.findHeader(tip) : undefined;
    return known === undefined ? fault('unknown-block') : known.header.height;
  }

  readonly proveHistory = async (tip: Uint8Array, heights: readonly number[]): Promise<readonly (readonly Hash32[])[] | Fault> => {
    const size = this.sizeOf(tip);
    if (isFault(size)) return size;
    const beyond = heights.find((height) => height >= size);
    if (beyond !== undefined) return fault('index-out-of-range', { index: beyond, size });
    return heights.map((height) => proveInclusion(this.parts.store.history, height, size));
  };

  readonly proveConsistency = async (tip: Uint8Array, oldSize: number): Promise<readonly Hash32[] | Fault> => {
    const size = this.sizeOf(tip);
    if (isFault(size)) return size;
    if (oldSize > size) return fault('index-out-of-range', { index: oldSize, size });
    return proveConsistency(this.parts.store.history, oldSize, size);
  };
}
