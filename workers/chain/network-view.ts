import { encodeReversedHex } from '#protocol/codec/hash32';
import { encodeHex } from '#protocol/codec/hex';
import { bestHeaders } from '#spv/headers/light-chain';
import type { EconomyPoint, NetworkView, TipView } from '../rpc/chain-view.ts';
import { proofOfTip, type ViewSource } from './wallet-view.ts';

export const viewTip = (source: ViewSource): TipView | undefined => {
  const tip = source.driver.chain?.tip;
  if (tip === undefined || tip.header.height === 0) return undefined;
  return { height: tip.header.height, hash: encodeHex(tip.hash), time: tip.header.time, proof: proofOfTip(source) };
};

const viewEconomy = (source: ViewSource): readonly EconomyPoint[] => {
  const { chain } = source.driver;
  if (chain === undefined) return [];
  return bestHeaders(chain).map(({ header }) => ({ height: header.height, time: header.time, ...header.economy }));
};

const viewBitcoin = (source: ViewSource): NetworkView['bitcoin'] => {
  const entry = source.driver.chain?.bitcoin.entries.at(-1);
  if (entry === undefined) return undefined;
  const proof = proofOfTip(source, ['bitcoin-header']);
  return { height: entry.height, hash: encodeReversedHex(entry.hash), time: entry.header.time, proof };
};

/** Everything in it comes from verified headers, but what peers say of themselves, which is marked as theirs. */
export const viewNetwork = (source: ViewSource, bytesReceived: number): NetworkView => ({
  peers: source.driver.book.views(),
  tip: viewTip(source),
  bitcoin: viewBitcoin(source),
  economy: viewEconomy(source),
  genesis: encodeHex(source.driver.identity.genesis),
  config: encodeHex(source.driver.identity.config),
  bytesReceived,
});
