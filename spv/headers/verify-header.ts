import type { Header } from '#protocol/block/header';
import { equalBytes } from '#protocol/codec/bytes';
import { type Fault, fault, isFault } from '#protocol/fault';
import { checkEconomyIdentity } from '#protocol/stake/check-economy';
import { checkHeader } from '#protocol/stake/check-header';
import { checkClock } from '#protocol/stake/check-time';
import type { ChainedHeader } from '#protocol/stake/header-view';
import { judgeBitcoin } from '#protocol/stake/judge-bitcoin';
import type { StakeSource } from '#protocol/stake/stake-source';
import { type LightChain, viewOf } from './light-chain.ts';
import { rulesOf, type Trust } from './trust.ts';

/** @fault `config-unknown`: the block was made under a configuration this client does not know @source SPEC LC3 */
export const checkConfig = (header: Header, trust: Trust): true | Fault<'config-unknown'> =>
  equalBytes(header.config, trust.config) ? true : fault('config-unknown', { height: header.height });

/**
 * Judges a header by everything a light client can see: the rules of headers, the configuration, the economy of genesis,
 * the clock, and the Bitcoin header of its slot. What is blameless is judged last, so that a lie is called a lie.
 *
 * @unit now: unix seconds
 * @fault those of `checkHeader`; `config-unknown`; `economy`; `early`; those of `judgeBitcoin`
 * @source SPEC LC1, LC3
 */
export const verifyHeader = (chain: LightChain, header: Header, stakes: StakeSource, now: number): ChainedHeader | Fault => {
  const { trust } = chain;
  const config = checkConfig(header, trust);
  if (config !== true) return config;
  const economy = checkEconomyIdentity(header, trust.genesis.header);
  if (economy !== true) return economy;
  const chained = checkHeader(header, { view: viewOf(chain), stakes, rules: rulesOf(trust) });
  if (isFault(chained)) return chained;
  const clock = checkClock(header, now, trust.parameters);
  if (clock !== true) return clock;
  return judgeBitcoin(chained, chain.bitcoin, rulesOf(trust));
};
