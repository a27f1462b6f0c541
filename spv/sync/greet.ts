import type { Header } from '#protocol/block/header';
import { computeHeaderHash, decodeHeader } from '#protocol/block/header-codec';
import { equalBytes } from '#protocol/codec/bytes';
import type { Hash32 } from '#protocol/codec/hash32';
import { type Fault, fault, isFault } from '#protocol/fault';
import { type ChainedHeader, checkGenesisHeader } from '#protocol/stake/header-view';
import { ask, isUnanswered, type Task, type Unanswered } from '../task.ts';

/** What a peer says of itself: all of it claims. */
export interface Greeting {
  readonly tip: Header;
  readonly tipHash: Hash32;
  readonly services: number;
  readonly coins: bigint;
  readonly proofsFrom: number;
}

/** @fault `wrong-network`: another network or genesis; the codec's @source SPEC LC11; spec 08, status */
export function* greet(own: { readonly network: string; readonly genesis: Hash32 }, peer: string): Task<Greeting | Unanswered | Fault> {
  const answer = yield* ask(peer, 'status', {});
  if (isUnanswered(answer) || isFault(answer)) return answer;
  if (answer.network !== own.network || !equalBytes(answer.genesis, own.genesis))
    return fault('wrong-network', { network: answer.network });
  const tip = decodeHeader(answer.tip);
  if (isFault(tip)) return tip;
  return { tip, tipHash: computeHeaderHash(tip), services: answer.services, coins: answer.coins, proofsFrom: answer.proofsFrom };
}

/** Asks for the block whose hash the network's file names. @fault `genesis`: it has another hash @source SPEC LC5; HD5 */
export function* fetchGenesis(peer: string, genesis: Hash32): Task<ChainedHeader | Unanswered | Fault> {
  const answer = yield* ask(peer, 'headers', { kind: 'range', from: 0, count: 1, filters: 'without' });
  if (isUnanswered(answer) || isFault(answer)) return answer;
  const [bytes] = answer.headers;
  if (bytes === undefined) return { unanswered: 'no-genesis' };
  const header = decodeHeader(bytes);
  return isFault(header) ? header : checkGenesisHeader(header, genesis);
}
