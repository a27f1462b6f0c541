import type { Header } from '../block/header.ts';
import { encodeHex } from '../codec/hex.ts';
import { type Fault, fault } from '../fault.ts';
import type { Parameters } from '../params/parameters.ts';
import { type Outpoint, outpointKey } from '../tx/outpoint.ts';
import { computeEpochHeight } from './heights.ts';
import type { StakeLeaf } from './stake-leaf.ts';
import { type EpochAncestor, type ProvenStakes, type StakeProofFault, verifyStakeProof } from './stake-proof.ts';

/** Where the stake of a header comes from: its own proof, one proof for many headers, or what was proved before. */
export interface StakeSource {
  readonly findStake: (ancestor: EpochAncestor, outpoint: Outpoint) => StakeLeaf | StakeProofFault;
}

const pick = (stakes: ProvenStakes | StakeProofFault, outpoint: Outpoint): StakeLeaf | StakeProofFault =>
  'fault' in stakes ? stakes : (stakes.get(outpointKey(outpoint)) ?? fault('stake-missing', { found: 0 }));

/** The proof that came with one header. */
export const readStakeProof = (bytes: Uint8Array): StakeSource => ({
  findStake: (ancestor, outpoint) => pick(verifyStakeProof(bytes, ancestor, [outpoint]), outpoint),
});

/** Stakes of headers by the height of the ancestor that proves them, ascending: one proof each, as headers/1 sends them. */
export const groupByEpoch = (headers: readonly Header[], parameters: Parameters): ReadonlyMap<number, readonly Outpoint[]> => {
  const groups = new Map<number, Outpoint[]>();
  for (const { height, right } of headers) {
    if (right.kind !== 'stake') continue;
    const epoch = computeEpochHeight(height, parameters);
    const group = groups.get(epoch);
    if (group === undefined) groups.set(epoch, [right.outpoint]);
    else group.push(right.outpoint);
  }
  return new Map([...groups].sort(([a], [b]) => a - b));
};

/**
 * One proof per epoch for all the stakes of `headers`; each is verified once, when its first header is judged.
 *
 * @fault `stake-proofs`: not one proof for each epoch that occurs
 * @source SPEC ST6; spec 08, headers/1
 */
export const readStakeProofs = (
  headers: readonly Header[],
  proofs: readonly Uint8Array[],
  parameters: Parameters,
): StakeSource | Fault<'stake-proofs'> => {
  const groups = groupByEpoch(headers, parameters);
  if (groups.size !== proofs.length) return fault('stake-proofs', { proofs: proofs.length, epochs: groups.size });
  const proofOf = new Map([...groups.keys()].map((epoch, i) => [epoch, proofs[i] ?? new Uint8Array()]));
  const verified = new Map<string, ProvenStakes | StakeProofFault>();
  return {
    findStake: (ancestor, outpoint) => {
      const name = `${ancestor.height}:${encodeHex(ancestor.stateRoot)}`;
      const known = verified.get(name);
      const stakes =
        known ?? verifyStakeProof(proofOf.get(ancestor.height) ?? new Uint8Array(), ancestor, groups.get(ancestor.height) ?? [outpoint]);
      if (known === undefined) verified.set(name, stakes);
      return pick(stakes, outpoint);
    },
  };
};
