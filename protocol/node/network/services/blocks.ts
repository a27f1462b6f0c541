import { MAX_ANSWER_BYTES } from '../../../wire/limits.ts';
import type { Service } from '../serve.ts';
import type { NodeParts } from './node-parts.ts';

/** Bodies in the order asked for, up to the first that is not had; one alone may exceed an answer's bound. @source SPEC NW3 */
export const blocksService = ({ chain }: NodeParts): Service<'blocks'> => ({
  estimate: ({ hashes }) => ({ blocks: hashes.length }),
  answer: async ({ hashes }) => {
    const bodies: Uint8Array[] = [];
    let size = 0;
    for (const hash of hashes) {
      const body = await chain.bodyOf(hash);
      if (body === undefined) break;
      size += body.length;
      if (size > MAX_ANSWER_BYTES && bodies.length > 0) break;
      bodies.push(body);
    }
    return { answer: { kind: 'bodies', bodies } };
  },
});
