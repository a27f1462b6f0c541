import { isFault } from '../../fault.ts';
import { MAX_PEER_ADDRESSES } from '../../wire/limits.ts';
import type { AddressBook } from './address-book.ts';
import { addressGroup } from './address-group.ts';
import { MAX_OUTBOUND_PEERS } from './limits.ts';
import type { Peer } from './peer.ts';

/** @unit milliseconds */
const TICK = 500;
const PARALLEL_DIALS = 4;
/** ticks between two questions for addresses */
const EXCHANGE_EVERY = 20;

export interface OutboundParts {
  readonly book: AddressBook;
  readonly peers: () => readonly Peer[];
  /** seconds, monotonic */
  readonly now: () => number;
  /** resolves with the peer's id */
  readonly dial: (address: string) => Promise<string>;
  readonly isOwn: (address: string) => boolean;
}

const endsWithPeer = (address: string, id: string): boolean => address.endsWith(`/p2p/${id}`);

/** Keeps up to eight peers of our own choice, no two of one address group. @source SPEC NW4, NW7 */
export const keepOutbound = ({ book, peers, now, dial, isOwn }: OutboundParts): (() => void) => {
  const dialling = new Set<string>();
  /** which peer answered at an address that named none */
  const answered = new Map<string, string>();
  let ticks = 0;

  const isConnected = (address: string): boolean => peers().some(({ id }) => endsWithPeer(address, id) || answered.get(address) === id);

  const tryOne = async (address: string): Promise<void> => {
    dialling.add(address);
    try {
      answered.set(address, await dial(address));
      book.succeeded(address);
    } catch {
      book.failed(address, now());
    } finally {
      dialling.delete(address);
    }
  };

  const fill = (): void => {
    const chosen = peers().filter(({ direction }) => direction === 'outbound');
    let room = Math.min(MAX_OUTBOUND_PEERS - chosen.length - dialling.size, PARALLEL_DIALS - dialling.size);
    const groups = new Set([...chosen.map(({ address }) => address), ...dialling].map(addressGroup).filter((group) => group !== undefined));
    for (const address of book.candidates(now(), groups)) {
      if (room <= 0) return;
      const group = addressGroup(address);
      if (dialling.has(address) || isConnected(address) || isOwn(address) || (group !== undefined && groups.has(group))) continue;
      if (group !== undefined) groups.add(group);
      room--;
      void tryOne(address);
    }
  };

  const exchange = async (): Promise<void> => {
    const asked = peers().filter(({ direction, status }) => direction === 'outbound' && status() !== undefined);
    const peer = asked[Math.floor(ticks / EXCHANGE_EVERY) % Math.max(1, asked.length)];
    if (peer === undefined) return;
    const answer = await peer.client.ask('peers', {});
    if (isFault(answer) || answer.kind !== 'peers') return;
    for (const address of answer.addresses.slice(0, MAX_PEER_ADDRESSES)) if (!isOwn(address)) book.learn(address);
  };

  const timer = setInterval(() => {
    fill();
    if (++ticks % EXCHANGE_EVERY === 4) exchange().catch(() => undefined);
  }, TICK);
  timer.unref();
  fill();
  return () => clearInterval(timer);
};
