import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { body, eventually, grow, startNode, stopNodes } from '../../../e2e/network/test-node.ts';

afterEach(stopNodes);

describe('two nodes', () => {
  test('NW11 a fresh node takes headers first and then all bodies, and follows new blocks by gossip', async () => {
    const old = await startNode();
    await grow(old, 700);
    const fresh = await startNode(old.network.addresses().slice(0, 1));
    await eventually(() => fresh.chain.tip.header.height === 700, 60_000);
    expect(fresh.sync.isSynchronised()).toBe(true);
    await delay(1_500);
    const made = await old.chain.extend(body(7), Math.floor(Date.now() / 1000));
    await eventually(() => fresh.chain.tip.header.height === 701, 3_000);
    expect(fresh.chain.tip.hash).toEqual(made.hash);
    expect([...old.errors, ...fresh.errors]).toEqual([]);
  });
});
