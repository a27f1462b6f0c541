import type { BitcoinView } from '../bitcoin/header.ts';
import type { Brand } from '../brand.ts';
import { encodeReversedHex } from '../codec/hash32.ts';
import { type Fault, fault } from '../fault.ts';
import type { ChainedHeader, ChainRules } from './header-view.ts';

/** A chained header that names the one Bitcoin header its slot allows. */
export type JudgedHeader = Brand<ChainedHeader, 'JudgedHeader'>;

export type BitcoinFault = Fault<'unknown-bitcoin' | 'bitcoin-not-slot' | 'stake-registered-late'>;

/**
 * Judges a header's randomness by Bitcoin's chain as this node knows it now; no verdict blames the sender.
 *
 * @fault `unknown-bitcoin`: kept aside and asked for; `bitcoin-not-slot`: not the header of this slot;
 * `stake-registered-late`: the stake could be registered after its luck was known
 * @source SPEC ST5; spec 03, randomness from Bitcoin
 */
export const judgeBitcoin = (chained: ChainedHeader, bitcoin: BitcoinView, rules: ChainRules): JudgedHeader | BitcoinFault => {
  const { header, stake } = chained;
  const { bitcoinLag, bitcoinStale } = rules.parameters;
  const entry = bitcoin.findHeader(header.bitcoin);
  if (entry === undefined) return fault('unknown-bitcoin', { height: header.height, bitcoin: encodeReversedHex(header.bitcoin) });
  if (!bitcoin.isSlotHeader(entry, header.time - bitcoinLag, bitcoinStale))
    return fault('bitcoin-not-slot', { height: header.height, bitcoin: entry.height });
  const isLate = stake !== undefined && stake.registeredTime !== rules.genesisTime && stake.registeredTime >= entry.medianTime;
  if (isLate) return fault('stake-registered-late', { registered: stake.registeredTime, median: entry.medianTime });
  return chained as JudgedHeader;
};
