import type { Service } from '../serve.ts';
import type { NodeParts } from './node-parts.ts';

/** bit 0: serves blocks and state proofs */
const FULL_NODE = 1;
/** bit 1: keeps posts */
const MAILBOX = 2;

export const statusService = ({ chain, mailbox }: NodeParts): Service<'status'> => ({
  estimate: () => ({ headers: 1 }),
  answer: async () => ({
    answer: {
      kind: 'status',
      network: chain.network,
      genesis: chain.genesis,
      config: chain.configHash,
      tip: chain.tip().bytes,
      services: FULL_NODE + (mailbox === undefined ? 0 : MAILBOX),
      coins: chain.coinCount(),
      proofsFrom: chain.proofsFrom(),
      epochsFrom: chain.epochsFrom(),
    },
  }),
});
