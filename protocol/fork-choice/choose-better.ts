import type { Header } from '../block/header.ts';
import { compareBytes } from '../codec/bytes.ts';
import type { Hash32 } from '../codec/hash32.ts';
import { computeKernel } from '../stake/kernel.ts';

/** A tip whose bodies the node has validated, or that a light client has verified. */
export interface Candidate {
  readonly header: Header;
  readonly hash: Hash32;
}

/**
 * The better of two tips: the heavier; of two as heavy the first, as Bitcoin keeps the block it saw first.
 *
 * @shape current: the one seen first
 * @source SPEC FC1, FC2; spec 03, fork choice; Bitcoin Core, CBlockIndexWorkComparator
 */
export const chooseBetter = <T extends Pick<Candidate, 'header'>>(current: T, rival: T): T =>
  rival.header.weight > current.header.weight ? rival : current;

const amountOf = ({ right }: Header): bigint => (right.kind === 'stake' ? right.amount : right.kind === 'burn' ? right.satoshi : 0n);

/** The drawn number of a stake; for a burn the hash of its proof. */
const luckOf = ({ right, bitcoin, time }: Header): Uint8Array =>
  right.kind === 'stake' ? computeKernel({ bitcoin, outpoint: right.outpoint, time }) : right.kind === 'burn' ? right.proofHash : bitcoin;

/**
 * Orders versions of one height and parent, the better first: burn before stake, more of it, lower kernel, lower hash.
 *
 * @source SPEC FC4; spec 03, fork choice
 */
export const compareSiblings = (a: Candidate, b: Candidate): number => {
  const [burnA, burnB] = [a.header.right.kind === 'burn', b.header.right.kind === 'burn'];
  if (burnA !== burnB) return burnA ? -1 : 1;
  const [amountA, amountB] = [amountOf(a.header), amountOf(b.header)];
  if (amountA !== amountB) return amountA > amountB ? -1 : 1;
  return compareBytes(luckOf(a.header), luckOf(b.header)) || compareBytes(a.hash, b.hash);
};
