import type { Hash32 } from '#protocol/codec/hash32';
import type { Parameters } from '#protocol/params/parameters';
import type { ChainedHeader, ChainRules } from '#protocol/stake/header-view';

/** What a light client takes as given: the network's parameters, and the block from which it judges all others. */
export interface Trust {
  readonly network: string;
  readonly parameters: Parameters;
  readonly genesis: ChainedHeader;
  /** what every header must carry in `config` */
  readonly config: Hash32;
}

export const rulesOf = (trust: Trust): ChainRules => ({ parameters: trust.parameters, genesisTime: trust.genesis.header.time });
