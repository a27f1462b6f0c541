import type { Hash32 } from '../../../codec/hash32.ts';
import { isFault } from '../../../fault.ts';
import { MAX_ANSWER_BYTES, MAX_FILTERS } from '../../../wire/limits.ts';
import type { NodeChain } from '../../chain/contract.ts';
import type { Service } from '../serve.ts';
import { type NodeParts, refused } from './node-parts.ts';

/** room for both history proofs and the lengths */
const RESERVED_BYTES = 8 * 1024;

const collect = async (chain: NodeChain, from: number, count: number) => {
  const heads: Hash32[] = [];
  const filters: Uint8Array[] = [];
  let size = RESERVED_BYTES;
  // the tip is not in its own history: the last leaf is its parent's
  for (let height = from; heads.length < count && height < chain.tip().header.height; height++) {
    const header = chain.headerAt(height);
    const filter = header && (await chain.filterOf(header.hash));
    if (header === undefined || filter === undefined) break;
    size += filter.length + header.hash.length + 3;
    if (size > MAX_ANSWER_BYTES && heads.length > 0) break;
    heads.push(header.hash);
    filters.push(filter);
  }
  return { heads, filters };
};

/** @source SPEC NW3; spec 08 filters/1 */
export const filtersService = ({ chain }: NodeParts): Service<'filters'> => ({
  estimate: ({ count }) => ({ filters: Math.min(count, MAX_FILTERS) }),
  answer: async ({ from, count }) => {
    const tip = chain.tip().hash;
    const { heads, filters } = await collect(chain, from, Math.min(count, MAX_FILTERS));
    if (heads.length === 0) return { answer: { kind: 'filters', tip, heads, filters, first: [], last: [] } };
    const branches = await chain.proveHistory(tip, [from, from + heads.length - 1]);
    if (isFault(branches)) return { answer: refused(branches.fault) };
    const [first = [], last = []] = branches;
    return { answer: { kind: 'filters', tip, heads, filters, first, last } };
  },
});
