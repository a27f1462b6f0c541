import type { Hash32 } from '#protocol/codec/hash32';
import type { Fault } from '#protocol/fault';
import type { KeyRange, NodeReader } from '#protocol/trie/node';
import { type ProvedRanges, proveRanges } from '#protocol/trie/prove';
import type { TrieName } from '../chain/contract.ts';

/** @shape root: of a state that is kept; ranges: as a peer asked */
export interface ProofQuestion {
  readonly trie: TrieName;
  readonly root: Hash32;
  readonly ranges: readonly KeyRange[];
}

/** Who builds the proofs that peers ask for: another thread where a node serves, this one in tests and tools. */
export interface ProofPort {
  readonly prove: (question: ProofQuestion) => Promise<ProvedRanges | Fault>;
  readonly close: () => Promise<void>;
}

export const proveWith = (nodes: NodeReader, { root, ranges }: ProofQuestion): ProvedRanges | Fault => proveRanges(nodes, root, ranges);

export const proveHere = (nodes: NodeReader): ProofPort => ({
  prove: async (question) => proveWith(nodes, question),
  close: async () => undefined,
});
