import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { AddressBook } from './address-book.ts';
import { addressGroup } from './address-group.ts';
import { MAX_GROUP_ADDRESSES, MAX_OUTBOUND_PEERS } from './limits.ts';
import { keepOutbound } from './outbound.ts';
import type { Peer } from './peer.ts';

const NAME = '12D3KooWDZaSbMQmS5xBqxZiaSLX6Kp2KeE4swwTttfRQ3SwNrUG';
const RESTARTS = 50;
const ATTACKED_GROUPS = 4;

const nameOf = (n: number): string =>
  NAME.slice(0, 46) + [...String(n).padStart(6, '0')].map((digit) => 'abcdefghij'[Number(digit)]).join('');
const addressOf = (host: string, n: number): string => `/ip4/${host}/tcp/8490/p2p/${nameOf(n)}`;
const isHostile = (address: string): boolean => (addressGroup(address) ?? '').startsWith('66.');

/** Nine addresses of ten are the attacker's, out of four groups; the attacker's come first and were all reached before. */
const advertised = (): readonly string[] => {
  const hostile = Array.from({ length: 900 }, (_, n) => addressOf(`66.${n % ATTACKED_GROUPS}.${n >> 8}.${n & 255}`, n));
  const honest = Array.from({ length: 100 }, (_, n) => addressOf(`${100 + (n % 60)}.7.0.${n}`, 1_000 + n));
  return [...hostile, ...honest];
};

/** Who a node has chosen a moment after it started with this book; everybody answers. */
const choose = async (book: AddressBook): Promise<readonly string[]> => {
  const peers: Pick<Peer, 'id' | 'address' | 'direction'>[] = [];
  const stop = keepOutbound({
    book,
    peers: () => peers as unknown as readonly Peer[],
    now: () => 0,
    isOwn: () => false,
    dial: async (address) => {
      const id = address.slice(address.lastIndexOf('/') + 1);
      peers.push({ id, address, direction: 'outbound' });
      return id;
    },
  });
  for (let i = 0; i < 40 && peers.length < MAX_OUTBOUND_PEERS; i++) await delay(50);
  stop();
  return peers.map(({ address }) => address);
};

describe('an attacker with most of the addresses', () => {
  test('NW7 NW17 attack P6: has no group beyond its share, and never all the places, however often the node starts anew', async () => {
    let kept: readonly { readonly address: string; readonly reached: boolean }[] = advertised().map((address) => ({
      address,
      reached: isHostile(address),
    }));
    const runs = await Promise.all(
      Array.from({ length: RESTARTS }, async () => {
        const book = new AddressBook([]);
        for (const { address, reached } of kept) if (book.learn(address) && reached) book.succeeded(address);
        const groups = Map.groupBy(book.learned(), ({ address }) => addressGroup(address));
        for (const group of groups.values()) expect(group.length).toBeLessThanOrEqual(MAX_GROUP_ADDRESSES);
        const chosen = await choose(book);
        kept = book.learned();
        return chosen;
      }),
    );
    for (const chosen of runs) {
      expect(chosen).toHaveLength(MAX_OUTBOUND_PEERS);
      expect(chosen.filter(isHostile).length).toBeLessThanOrEqual(ATTACKED_GROUPS);
    }
  });
});
