import { computeStateRoot } from '../block/state-root.ts';
import { compareBytes, equalBytes } from '../codec/bytes.ts';
import { asHash32, type Hash32 } from '../codec/hash32.ts';
import { type CodecFault, decodeBytes } from '../codec/reader.ts';
import { encodeBytes } from '../codec/writer.ts';
import { type Fault, fault } from '../fault.ts';
import { keyRange } from '../trie/ranges.ts';
import { type ProofFault, verifyRangesWhere } from '../trie/verify.ts';
import { type Outpoint, outpointKey } from '../tx/outpoint.ts';
import { computeStakeKey, decodeStakeLeaf, type StakeLeaf } from './stake-leaf.ts';

/** Travels beside a header: its stake in the stakes trie of an ancestor. A claim until verified. */
export interface StakeProof {
  readonly epochHeight: number;
  readonly coinsRoot: Hash32;
  readonly recordsRoot: Hash32;
  readonly multiproof: Uint8Array;
}

export interface EpochAncestor {
  readonly height: number;
  readonly stateRoot: Hash32;
}

export type StakeProofFault = Fault<'stake-epoch' | 'stake-missing' | 'stake-leaf'> | ProofFault | CodecFault;

/** Stakes by `outpointKey`, each proved in one ancestor's state. */
export type ProvenStakes = ReadonlyMap<string, StakeLeaf>;

/** @shape epoch height u32 ‖ coins root ‖ records root ‖ multiproof @source SPEC ST6; spec 02, body */
export const encodeStakeProof = (proof: StakeProof): Uint8Array =>
  encodeBytes((writer) => {
    writer.u32(proof.epochHeight).bytes(proof.coinsRoot).bytes(proof.recordsRoot).bytes(proof.multiproof);
  }, 68 + proof.multiproof.length);

/** @fault `short` @source SPEC ST6 */
export const decodeStakeProof = (bytes: Uint8Array): StakeProof | CodecFault =>
  decodeBytes(bytes, (reader) => ({
    epochHeight: reader.u32(),
    coinsRoot: asHash32(reader.take(32).slice()),
    recordsRoot: asHash32(reader.take(32).slice()),
    multiproof: reader.take(reader.remaining),
  }));

interface KeyedOutpoint {
  readonly key: Hash32;
  readonly outpoint: Outpoint;
}

/** The stakes a proof speaks of, in the order of its ranges: ascending by key, each once. */
export const orderStakes = (outpoints: readonly Outpoint[]): readonly KeyedOutpoint[] =>
  [...new Map(outpoints.map((outpoint) => [outpointKey(outpoint), outpoint])).values()]
    .map((outpoint) => ({ key: computeStakeKey(outpoint), outpoint }))
    .sort((a, b) => compareBytes(a.key, b.key));

/**
 * Verifies that all these stakes were registered in the state of the epoch's ancestor.
 *
 * @fault `stake-epoch`: made for another height; `stake-missing`: a stake is not there; `stake-leaf`: what is there
 * is no stake; the multiproof's faults, `root` where the ancestor's state root does not follow
 * @source SPEC ST6; spec 03, stake proof
 */
export const verifyStakeProof = (
  bytes: Uint8Array,
  ancestor: EpochAncestor,
  outpoints: readonly Outpoint[],
): ProvenStakes | StakeProofFault => {
  const proof = decodeStakeProof(bytes);
  if ('fault' in proof) return proof;
  if (proof.epochHeight !== ancestor.height) return fault('stake-epoch', { epoch: proof.epochHeight, expected: ancestor.height });
  const stakes = orderStakes(outpoints);
  const isStakesRoot = (root: Hash32): boolean =>
    equalBytes(computeStateRoot({ coins: proof.coinsRoot, records: proof.recordsRoot, stakes: root }), ancestor.stateRoot);
  const leaves = verifyRangesWhere(
    isStakesRoot,
    stakes.map(({ key }) => keyRange(key)),
    proof.multiproof,
  );
  if ('fault' in leaves) return leaves;
  if (leaves.length !== stakes.length) return fault('stake-missing', { stakes: stakes.length, found: leaves.length });
  return decodeLeaves(stakes, leaves);
};

const decodeLeaves = (
  stakes: readonly KeyedOutpoint[],
  leaves: readonly { readonly value: Uint8Array }[],
): ProvenStakes | Fault<'stake-leaf'> => {
  const proven = new Map<string, StakeLeaf>();
  for (const [i, { outpoint }] of stakes.entries()) {
    const leaf = decodeStakeLeaf(outpoint, leaves[i]?.value ?? new Uint8Array());
    if ('fault' in leaf) return fault('stake-leaf', { reason: leaf.fault });
    proven.set(outpointKey(outpoint), leaf);
  }
  return proven;
};
