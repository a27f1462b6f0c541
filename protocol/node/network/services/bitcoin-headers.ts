import { MAX_BITCOIN_HEADERS } from '../../../wire/limits.ts';
import type { Service } from '../serve.ts';
import { type NodeParts, refused } from './node-parts.ts';

/** six and a half Bitcoin headers take the room of one of ours */
const HEADERS_PER_COST = 512 / 80;

/** @source SPEC NW3; spec 08 bitcoin-headers/1 */
export const bitcoinHeadersService = ({ bitcoin }: NodeParts): Service<'bitcoinHeaders'> => {
  const countOf = (wanted: number): number => Math.min(wanted, MAX_BITCOIN_HEADERS);
  return {
    estimate: (request) => ({
      headers: Math.ceil(countOf(request.kind === 'locator' ? request.count : request.before + 1 + request.after) / HEADERS_PER_COST),
    }),
    answer: async (request) => {
      if (request.kind === 'locator') {
        return { answer: { kind: 'headers', ...bitcoin.headersAfter(request.hashes, countOf(request.count)) } };
      }
      if (request.before + 1 + request.after > MAX_BITCOIN_HEADERS) return { answer: refused('too-many') };
      const found = bitcoin.headersAround(request.hash, request.before, request.after);
      return { answer: found === undefined ? refused('not-found') : { kind: 'headers', ...found } };
    },
  };
};
