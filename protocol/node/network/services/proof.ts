import { isFault } from '../../../fault.ts';
import type { Service } from '../serve.ts';
import { type NodeParts, refused } from './node-parts.ts';

/** nodes on the way to one range, at a million coins */
const NODES_PER_RANGE = 25;

/** @source SPEC NW3; spec 02 multiproof, spec 08 proof/1 */
export const proofService = ({ chain }: NodeParts): Service<'proof'> => ({
  estimate: ({ ranges }) => ({ nodes: ranges.length * NODES_PER_RANGE }),
  answer: async ({ block, trie, ranges }) => {
    const proved = await chain.proveState(block, trie, ranges);
    if (isFault(proved)) return { answer: refused(proved.fault) };
    const { otherRoots, upTo, proof, nodesRead } = proved;
    return {
      answer: { kind: 'proof', block, trie, otherRoots, upTo, proof },
      cost: { nodes: Math.max(0, nodesRead - ranges.length * NODES_PER_RANGE) },
    };
  },
});
