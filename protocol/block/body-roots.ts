import { type Hash32, ZERO_HASH } from '../codec/hash32.ts';
import { encodeBytes } from '../codec/writer.ts';
import { computeMerkleRoot } from '../merkle/tree.ts';
import { computeTxid, computeWeight, computeWtxid } from '../tx/identity.ts';
import type { BlockBody } from './block.ts';
import { HEADER_BYTES } from './header.ts';
import { computeHeaderHash } from './header-codec.ts';

const WITNESS_SCALE = 4;

/** @source SPEC BK2 */
export const computeTxRoot = ({ transactions }: BlockBody): Hash32 => computeMerkleRoot(transactions.map(computeTxid));

/** The coinbase's leaf is over zero, so that the root does not depend on itself. @source SPEC BK2 */
export const computeWitnessRoot = ({ transactions }: BlockBody): Hash32 =>
  computeMerkleRoot(transactions.map((tx, index) => (index === 0 ? ZERO_HASH : computeWtxid(tx))));

/** @source SPEC BK2; spec 02, header */
export const computeVersionsRoot = ({ versions }: BlockBody): Hash32 =>
  computeMerkleRoot(versions.map(({ header }) => computeHeaderHash(header)));

/** Header, counts and versions at four weight units a byte, transactions at their weight. @source SPEC BK3 */
export const computeBlockWeight = ({ transactions, versions }: BlockBody): number => {
  const counts = encodeBytes((writer) => writer.compactSize(transactions.length).compactSize(versions.length)).length;
  const referenced = versions.reduce(
    (sum, { stakeProof }) => sum + HEADER_BYTES + encodeBytes((writer) => writer.varBytes(stakeProof)).length,
    0,
  );
  return WITNESS_SCALE * (HEADER_BYTES + counts + referenced) + transactions.reduce((sum, tx) => sum + computeWeight(tx), 0);
};
