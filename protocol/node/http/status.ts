import { encodeReversedHex } from '#protocol/codec/hash32';
import { encodeHex } from '#protocol/codec/hex';
import type { NodeServices } from './services.ts';

const economyOf = ({ chain }: NodeServices): Record<string, string> =>
  Object.fromEntries(Object.entries(chain.tip().header.economy).map(([name, value]) => [name, String(value)]));

export const describeStatus = (services: NodeServices): object => {
  const { chain, mempool, bitcoin, network } = services;
  const tip = chain.tip();
  return {
    network: chain.network,
    genesis: encodeHex(chain.genesis),
    config: encodeHex(chain.configHash),
    height: tip.header.height,
    tip: encodeHex(tip.hash),
    tipTime: tip.header.time,
    stateRoot: encodeHex(tip.header.stateRoot),
    weight: tip.header.weight.toString(),
    economy: economyOf(services),
    coins: chain.coinCount().toString(),
    proofsFrom: chain.proofsFrom(),
    epochsFrom: chain.epochsFrom(),
    deepRival: chain.deepRival() !== undefined,
    mempool: { transactions: mempool.pool.size, bytes: mempool.pool.memory, minFeeRate: mempool.minFeeRate().toString() },
    bitcoin: { height: bitcoin.tip().height, hash: encodeReversedHex(bitcoin.tip().hash) },
    peers: network.peers().length,
    peerId: network.peerId,
    addresses: network.addresses(),
    staking: services.staking(),
    uptime: Math.floor(services.now() - services.startedAt),
  };
};

/** Healthy: the node follows its network and, where it has stakes, could make the next block. */
export const describeHealth = (
  services: NodeServices,
): { readonly healthy: boolean; readonly height: number; readonly reasons: readonly string[] } => {
  const reasons: string[] = [];
  if (services.chain.deepRival() !== undefined) reasons.push('deep-rival');
  if (services.network.peers().length === 0) reasons.push('no-peers');
  return { healthy: !reasons.includes('deep-rival'), height: services.chain.tip().header.height, reasons };
};
