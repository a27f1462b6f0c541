import { MAX_ANSWER_BYTES } from '../../../wire/limits.ts';
import type { Service } from '../serve.ts';
import type { NodeParts } from './node-parts.ts';

/** A body this small, or smaller, is a sixteenth of a block to the cost model. */
const SMALL_BODY = 16 * 1024;
const SMALL_SHARE = 16;

/** Bodies in the order asked for, up to the first that is not had; one alone may exceed an answer's bound. @source SPEC NW3 */
export const blocksService = ({ chain }: NodeParts): Service<'blocks'> => ({
  estimate: ({ hashes }) => ({ blocks: hashes.length / SMALL_SHARE }),
  answer: async ({ hashes }) => {
    const bodies: Uint8Array[] = [];
    let size = 0;
    let blocks = 0;
    for (const hash of hashes) {
      const body = await chain.bodyOf(hash);
      if (body === undefined) break;
      size += body.length;
      if (size > MAX_ANSWER_BYTES && bodies.length > 0) break;
      bodies.push(body);
      blocks += Math.min(1, Math.ceil(body.length / SMALL_BODY) / SMALL_SHARE) - 1 / SMALL_SHARE;
    }
    return { answer: { kind: 'bodies', bodies }, cost: { blocks } };
  },
});
