import type { Field } from '../codec/schema.ts';
import { MAX_ANSWER_BYTES, MAX_BODY_BYTES } from './limits.ts';
import {
  bitcoinHeadersAnswer,
  bitcoinHeadersRequest,
  blocksAnswer,
  blocksRequest,
  filtersAnswer,
  filtersRequest,
  headersAnswer,
  headersRequest,
  historyAnswer,
  historyRequest,
  proofAnswer,
  proofRequest,
  statusAnswer,
  statusRequest,
  txAnswer,
  txRequest,
} from './messages.ts';

export interface Protocol<Request, Answer> {
  readonly name: string;
  readonly request: Field<Request>;
  readonly answer: Field<Answer>;
  readonly maxAnswer: number;
}

const protocol = <Q, A>(name: string, request: Field<Q>, answer: Field<A>, maxAnswer = MAX_ANSWER_BYTES): Protocol<Q, A> => ({
  name,
  request,
  answer,
  maxAnswer,
});

export const PROTOCOLS = {
  status: protocol('status/1', statusRequest, statusAnswer),
  headers: protocol('headers/1', headersRequest, headersAnswer),
  bitcoinHeaders: protocol('bitcoin-headers/1', bitcoinHeadersRequest, bitcoinHeadersAnswer),
  blocks: protocol('blocks/1', blocksRequest, blocksAnswer, MAX_BODY_BYTES),
  proof: protocol('proof/1', proofRequest, proofAnswer, MAX_ANSWER_BYTES + 1024),
  tx: protocol('tx/1', txRequest, txAnswer),
  filters: protocol('filters/1', filtersRequest, filtersAnswer),
  history: protocol('history/1', historyRequest, historyAnswer),
} as const;

export type ProtocolName = keyof typeof PROTOCOLS;

/** @shape `/vc/<network>/<name>/1`; gossip topics `/vc/<network>/gossip/<tx|header>` */
export const protocolId = (network: string, name: ProtocolName): string => `/vc/${network}/${PROTOCOLS[name].name}`;

export const gossipTopic = (network: string, topic: 'tx' | 'header'): string => `/vc/${network}/gossip/${topic}`;
