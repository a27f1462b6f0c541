import { isFault } from '../../../fault.ts';
import type { Service } from '../serve.ts';
import { type NodeParts, refused } from './node-parts.ts';

/** @source SPEC NW3; spec 08 tx/1 */
export const txService = ({ chain, mempool }: NodeParts): Service<'tx'> => ({
  estimate: ({ kind }) => (kind === 'submit' ? { transactions: 1 } : { headers: 1 }),
  answer: async (request) => {
    if (request.kind === 'submit') {
      const submitted = await mempool.submit(request.transaction);
      return { answer: isFault(submitted) ? refused(submitted.fault) : { kind: 'accepted', txid: submitted.txid } };
    }
    const found = await chain.findTransaction(request.txid);
    if (found !== undefined) return { answer: { kind: 'found', ...found } };
    const pooled = mempool.get(request.txid);
    return { answer: pooled === undefined ? refused('not-found') : { kind: 'pooled', transaction: pooled.bytes } };
  },
});
