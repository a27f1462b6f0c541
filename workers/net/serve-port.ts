import { webSockets } from '@libp2p/websockets';
import { expose } from 'comlink';
import { PeerNetwork } from './peer-network.ts';

/** Gives the network to whoever holds the other end of `port`: bytes pass through the window and stay closed letters to it. */
export const servePeerNetwork = (port: MessagePort): PeerNetwork => {
  const network = new PeerNetwork([webSockets()]);
  expose(network, port);
  return network;
};
