import { describe, expect, test } from 'vitest';
import { makeHeader } from '../../../e2e/network/small-chain.ts';
import type { ConnectedPeer } from '../network/contract.ts';
import { HeldHeaders, MAX_HELD, MAX_HELD_PER_PEER } from './held-headers.ts';

const peer = (id: string): ConnectedPeer => ({ id }) as unknown as ConnectedPeer;
const announcement = (n: number) => ({
  header: makeHeader(undefined, Uint8Array.of(n & 255, n >> 8), n).bytes,
  stakeProof: new Uint8Array(),
  filter: undefined,
});

describe('headers kept aside', () => {
  test('NW13 attack P8: a peer that sends many pushes out its own first, and others’ stay', () => {
    const held = new HeldHeaders();
    held.keep(peer('honest'), announcement(0));
    for (let n = 1; n <= 1_000; n++) held.keep(peer('flooder'), announcement(n));
    expect(held.size).toBe(1 + MAX_HELD_PER_PEER);
    expect(held.takeAll().some(({ from }) => from.id === 'honest')).toBe(true);
  });

  test('NW13 keeps no more than its bound of all peers together', () => {
    const held = new HeldHeaders();
    for (let n = 0; n < 2 * MAX_HELD; n++) held.keep(peer(`peer-${n % 100}`), announcement(n));
    expect(held.size).toBeLessThanOrEqual(MAX_HELD);
  });

  test('NW13 keeps one header once, gives up after so many tries, and forgets what a peer that left had sent', () => {
    const held = new HeldHeaders();
    for (let i = 0; i < 3; i++) held.keep(peer('a'), announcement(1));
    expect(held.size).toBe(1);
    let tries = 0;
    for (let [header] = held.takeAll(); header !== undefined; [header] = held.takeAll()) {
      held.again(header);
      tries++;
    }
    expect(tries).toBe(40);
    held.keep(peer('b'), announcement(2));
    held.forget(peer('b'));
    expect(held.size).toBe(0);
  });
});
