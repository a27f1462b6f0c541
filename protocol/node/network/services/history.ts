import { isFault } from '../../../fault.ts';
import type { Service } from '../serve.ts';
import { type NodeParts, refused } from './node-parts.ts';

/** @source SPEC NW3; spec 08 history/1 */
export const historyService = ({ chain }: NodeParts): Service<'history'> => ({
  estimate: (request) => ({ headers: request.kind === 'inclusion' ? request.heights.length : 1 }),
  answer: async (request) => {
    if (!chain.isBest(request.tip)) return { answer: refused('unknown-tip') };
    if (request.kind === 'consistency') {
      const branch = await chain.proveConsistency(request.tip, request.oldSize);
      return { answer: isFault(branch) ? refused(branch.fault) : { kind: 'consistency', branch } };
    }
    const headers = request.heights.map((height) => chain.headerAt(height)?.bytes);
    if (!headers.every((header) => header !== undefined)) return { answer: refused('unknown-height') };
    const branches = await chain.proveHistory(request.tip, request.heights);
    return { answer: isFault(branches) ? refused(branches.fault) : { kind: 'inclusion', headers, branches } };
  },
});
