import type { Header } from '#protocol/block/header';
import { computeHeaderHash, decodeHeader } from '#protocol/block/header-codec';
import { equalBytes } from '#protocol/codec/bytes';
import type { Hash32 } from '#protocol/codec/hash32';
import { type Fault, fault, isFault } from '#protocol/fault';
import type { Trust } from '../headers/trust.ts';
import { ask, isUnanswered, type Task, type Unanswered } from '../task.ts';

/** What a peer says of itself: all of it claims. */
export interface Greeting {
  readonly tip: Header;
  readonly tipHash: Hash32;
  readonly services: number;
  readonly coins: bigint;
  readonly proofsFrom: number;
}

/** @fault `wrong-network`: another network, genesis or configuration; the codec's @source SPEC LC11; spec 08, status */
export function* greet(trust: Trust, peer: string): Task<Greeting | Unanswered | Fault> {
  const answer = yield* ask(peer, 'status', {});
  if (isUnanswered(answer) || isFault(answer)) return answer;
  const same = answer.network === trust.network && equalBytes(answer.genesis, trust.genesis.hash);
  if (!same) return fault('wrong-network', { network: answer.network });
  const tip = decodeHeader(answer.tip);
  if (isFault(tip)) return tip;
  return { tip, tipHash: computeHeaderHash(tip), services: answer.services, coins: answer.coins, proofsFrom: answer.proofsFrom };
}
