import type { Field, FieldValue } from '../codec/schema.ts';
import { MAX_ANSWER_BYTES, MAX_BODY_BYTES, MAX_POST_BYTES, MAX_RANGES, MAX_REQUEST_BYTES, MAX_TRANSACTION_BYTES } from './limits.ts';
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
  mailboxAnswer,
  mailboxRequest,
  peersAnswer,
  peersRequest,
  proofAnswer,
  proofRequest,
  statusAnswer,
  statusRequest,
  txAnswer,
  txRequest,
} from './messages.ts';

/** One question that peers answer, and the bounds of its bytes. */
export interface Protocol<Request, Answer> {
  readonly name: string;
  readonly request: Field<Request>;
  readonly answer: Field<Answer>;
  /** bytes of one framed message, without its length */
  readonly maxRequest: number;
  readonly maxAnswer: number;
}

interface Bounds {
  readonly maxRequest?: number;
  readonly maxAnswer?: number;
}

const protocol = <Q, A>(name: string, request: Field<Q>, answer: Field<A>, bounds: Bounds = {}): Protocol<Q, A> => ({
  name,
  request,
  answer,
  maxRequest: bounds.maxRequest ?? MAX_REQUEST_BYTES,
  maxAnswer: bounds.maxAnswer ?? MAX_ANSWER_BYTES,
});

/** Every question that peers answer, with the form of its request and of its answer. */
export const PROTOCOLS = {
  status: protocol('status/1', statusRequest, statusAnswer),
  headers: protocol('headers/1', headersRequest, headersAnswer, { maxAnswer: MAX_BODY_BYTES }),
  bitcoinHeaders: protocol('bitcoin-headers/1', bitcoinHeadersRequest, bitcoinHeadersAnswer),
  blocks: protocol('blocks/1', blocksRequest, blocksAnswer, { maxAnswer: MAX_BODY_BYTES }),
  proof: protocol('proof/1', proofRequest, proofAnswer, {
    maxRequest: MAX_RANGES * 64 + 64,
    maxAnswer: MAX_ANSWER_BYTES + 1024,
  }),
  tx: protocol('tx/1', txRequest, txAnswer, { maxRequest: MAX_TRANSACTION_BYTES + 16 }),
  filters: protocol('filters/1', filtersRequest, filtersAnswer),
  history: protocol('history/1', historyRequest, historyAnswer),
  peers: protocol('peers/1', peersRequest, peersAnswer),
  mailbox: protocol('mailbox/1', mailboxRequest, mailboxAnswer, { maxRequest: MAX_POST_BYTES }),
} as const;

/** Name of a protocol without prefix and version. */
export type ProtocolName = keyof typeof PROTOCOLS;
/** What is asked by a protocol. */
export type RequestOf<N extends ProtocolName> = FieldValue<(typeof PROTOCOLS)[N]['request']>;
/** What is answered by a protocol. */
export type AnswerOf<N extends ProtocolName> = FieldValue<(typeof PROTOCOLS)[N]['answer']>;

/** @shape `/vc/<network>/<name>/1`; gossip topics `/vc/<network>/gossip/<tx|header>` */
export const protocolId = (network: string, name: ProtocolName): string => `/vc/${network}/${PROTOCOLS[name].name}`;

export const gossipTopic = (network: string, topic: 'tx' | 'header'): string => `/vc/${network}/gossip/${topic}`;

/** Where the nodes of one operator pass posts on to each other. @shape group: a name that only they know @source SPEC MB6 */
export const mailboxTopic = (network: string, group: string): string => `/vc/${network}/gossip/mailbox/${group}`;
