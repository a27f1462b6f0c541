import { type BitcoinHeaders, type BitcoinHeadersOptions, openBitcoinHeaders } from './bitcoin-headers.ts';
import { BitcoinPeer } from './bitcoin-peer.ts';

export interface FollowBitcoinOptions extends BitcoinHeadersOptions {
  /** `host:port` of Bitcoin peers */
  readonly addresses: readonly string[];
  /** our own bugs and failures, for the log */
  readonly report?: (error: unknown) => void;
}

/** @unit milliseconds */
const FIRST_RETRY = 250;
const LONGEST_RETRY = 30_000;

interface Endpoint {
  readonly host: string;
  readonly port: number;
}

const parseEndpoint = (text: string): Endpoint => {
  const at = text.lastIndexOf(':');
  return { host: text.slice(0, at), port: Number(text.slice(at + 1)) };
};

export type FollowedBitcoin = BitcoinHeaders & { readonly peerCount: () => number };

/**
 * Follows Bitcoin's headers from its own peers: connected again when a connection ends, from a file when it starts anew.
 *
 * @source SPEC NW14; spec 03, randomness from Bitcoin
 */
export const followBitcoin = async (options: FollowBitcoinOptions): Promise<FollowedBitcoin> => {
  const headers = await openBitcoinHeaders(options);
  const peers = new Map<Endpoint, BitcoinPeer>();
  const timers = new Set<NodeJS.Timeout>();
  let closed = false;

  const start = (endpoint: Endpoint, retry: number): void => {
    const peer = new BitcoinPeer(
      {
        ...endpoint,
        network: options.parameters.network,
        headers,
        now: options.clock.now,
        report: options.report ?? (() => undefined),
      },
      (wasReady) => {
        peers.delete(endpoint);
        if (closed) return;
        const wait = wasReady ? FIRST_RETRY : retry;
        const timer = setTimeout(() => {
          timers.delete(timer);
          start(endpoint, Math.min(wait * 2, LONGEST_RETRY));
        }, wait);
        timer.unref();
        timers.add(timer);
      },
    );
    peers.set(endpoint, peer);
  };

  for (const endpoint of options.addresses.map(parseEndpoint)) start(endpoint, FIRST_RETRY);
  const closeHeaders = headers.close;
  return Object.assign(headers, {
    peerCount: () => peers.size,
    close: async (): Promise<void> => {
      closed = true;
      for (const timer of timers) clearTimeout(timer);
      for (const peer of peers.values()) peer.close();
      await closeHeaders();
    },
  });
};
