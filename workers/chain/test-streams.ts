import { Failure } from '#protocol/failure';
import { DEV_PARAMETERS } from '#protocol/params/networks';
import { gossipTopic, PROTOCOLS, type ProtocolName, protocolId } from '#protocol/wire/protocols';
import { type TestPeer, trustOf } from '#spv/test-network';
import type { GossipVerdict, NetworkListener, PeerStreams } from '../platform/port.ts';
import type { NetworkIdentity } from './light-driver.ts';

/** A network of test peers by address: answers come from chains in memory, lost peers do not answer. */
export class TestStreams implements PeerStreams {
  readonly peers: Map<string, TestPeer>;
  readonly hungUp: string[] = [];
  private listener: NetworkListener | undefined;
  private readonly names = new Map<string, ProtocolName>();
  readonly submitted: Uint8Array[] = [];

  constructor(peers: Readonly<Record<string, TestPeer>>) {
    this.peers = new Map(Object.entries(peers));
    for (const name of Object.keys(PROTOCOLS) as ProtocolName[]) this.names.set(protocolId('dev', name), name);
  }

  start = async (listener: NetworkListener): Promise<void> => {
    this.listener = listener;
  };

  dial = async (address: string): Promise<string> => {
    if (!this.peers.has(address)) throw new Failure('dial-failed');
    this.listener?.connected(address, address);
    return address;
  };

  ask = async (peer: string, protocol: string, request: Uint8Array): Promise<Uint8Array> => {
    const name = this.names.get(protocol);
    const given = this.peers.get(peer);
    if (name === undefined || given === undefined || this.hungUp.includes(peer)) throw new Failure('timeout');
    if (name === 'tx' && request[0] === 1) this.submitted.push(request);
    return given.answerBytes(name, request);
  };

  subscribe = async (): Promise<void> => undefined;

  hangUp = async (peer: string): Promise<void> => {
    this.hungUp.push(peer);
    this.listener?.lost(peer);
  };

  received = async (): Promise<number> => 0;
  stop = async (): Promise<void> => undefined;

  lose(peer: string): void {
    this.peers.delete(peer);
    this.listener?.lost(peer);
  }

  announce(topic: 'tx' | 'header', peer: string, message: Uint8Array): Promise<GossipVerdict> | undefined {
    return this.listener?.gossip(gossipTopic('dev', topic), peer, message);
  }
}

export const identityFor = (peer: TestPeer, addresses: readonly string[]): NetworkIdentity => {
  const trust = trustOf(peer.chain);
  return { network: 'dev', parameters: DEV_PARAMETERS, genesis: trust.genesis.hash, config: trust.config, addresses };
};
