import { type Fault, isFault } from '#protocol/fault';
import { computeConfigHash, decodeNetworkFile } from '#protocol/params/network-file';
import type { NetworkIdentity } from './light-driver.ts';

const NO_COMMIT = new Uint8Array(20);

const isWebSocket = (address: string): boolean => /\/wss?(\/|$)/.test(address);

/** What `network.json` says of a network, judged by its own form and by the relations of its parameters. @fault those of the file */
export const readIdentity = (file: Uint8Array): NetworkIdentity | Fault => {
  const network = decodeNetworkFile(file);
  if (isFault(network)) return network;
  return {
    network: network.name,
    parameters: network.parameters,
    genesis: network.genesisHash,
    config: computeConfigHash(NO_COMMIT, file),
    addresses: network.bootstrap.filter(isWebSocket),
  };
};
