import type { BitcoinEntry } from '../../bitcoin/header.ts';
import type { Hash32 } from '../../codec/hash32.ts';
import { Failure } from '../../failure.ts';
import { type Fault, isFault } from '../../fault.ts';
import { MAX_BITCOIN_HEADERS, MAX_LOCATOR } from '../../wire/limits.ts';
import type { NodeBitcoin } from '../chain/contract.ts';
import type { ConnectedPeer } from '../network/contract.ts';

const DENSE = 10;
const MAX_WALK = 4_096;
const MAX_ROUNDS = 64;

/** Hashes from Bitcoin's tip down: ten one by one, then in growing steps. */
const buildBitcoinLocator = (bitcoin: NodeBitcoin): readonly Hash32[] => {
  const hashes: Hash32[] = [];
  let entry: BitcoinEntry | undefined = bitcoin.tip();
  let next = 0;
  let step = 1;
  for (let walked = 0; entry !== undefined && walked < MAX_WALK && hashes.length < MAX_LOCATOR; walked++) {
    if (walked === next) {
      hashes.push(entry.hash);
      if (hashes.length >= DENSE) step *= 2;
      next += step;
    }
    entry = bitcoin.findHeader(entry.header.previous);
  }
  return hashes;
};

/**
 * Asks a peer for the Bitcoin headers that one of its headers names and this node has not; whoever knows them is not blamed.
 *
 * @source SPEC NW13; spec 03, randomness
 */
export const pullBitcoinHeaders = async (bitcoin: NodeBitcoin, peer: ConnectedPeer): Promise<Fault | undefined> => {
  try {
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const answer = await peer.client.ask('bitcoinHeaders', {
        kind: 'locator',
        hashes: buildBitcoinLocator(bitcoin),
        count: MAX_BITCOIN_HEADERS,
      });
      if (isFault(answer)) return answer;
      if (answer.kind !== 'headers' || answer.headers.length === 0) return undefined;
      const accepted = await bitcoin.accept(answer.headers);
      if (isFault(accepted)) return accepted;
      if (accepted.added === 0) return undefined;
    }
    return undefined;
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
};
