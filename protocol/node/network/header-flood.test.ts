import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { RawPeer } from '../../../e2e/network/raw-peer.ts';
import { type RealNode, startRealNode, stopRealNodes } from '../../../e2e/network/real-node.ts';
import { reportFigure, SOAK } from '../../../setup/soak-figure.ts';
import { encodeField } from '../../codec/schema.ts';
import { headerAnnouncement } from '../../wire/messages.ts';
import { gossipTopic } from '../../wire/protocols.ts';
import { Forger } from '../chain/forger-fixture.ts';
import { installNodeCrypto } from '../crypto/node-crypto.ts';

const BLOCKS = SOAK ? 200 : 12;
const FLOODERS = 5;
const BURST = 20;
const DEPTHS = 8;
const MAX_BEHIND = 2;
/** a quarter of what the development network's blocks are apart @unit milliseconds */
const PACE = 1_000;
/** until the node has heard what a new peer listens to, and sends on what it says @unit milliseconds */
const SUBSCRIBED = 1_200;

beforeAll(() => installNodeCrypto());
const state = { on: false, sent: 0 };
afterEach(async () => {
  state.on = false;
  await stopRealNodes();
});

const heightOf = ({ chain }: RealNode): number => chain.tip().header.height;

/** Signed headers without stake on forks of the node's own chain, from one new peer after the other: each sends as many as it can before it is dropped. */
const flood = async (node: RealNode, forger: Forger): Promise<void> => {
  const topic = gossipTopic('dev', 'header');
  while (state.on) {
    const peer = await RawPeer.start();
    await peer.dial(node.network.addresses()[0] as string).catch(() => undefined);
    peer.subscribe(topic);
    await delay(SUBSCRIBED);
    for (let burst = 0; state.on && burst < BURST && peer.connections > 0; burst++) {
      const { bytes } = forger.header(heightOf(node) - 1 - (state.sent % DEPTHS), state.sent);
      const data = encodeField(headerAnnouncement, { header: bytes, stakeProof: new Uint8Array(10), filter: Uint8Array.of(0) });
      if ((await peer.publish(topic, data).catch(() => 0)) > 0) state.sent++;
    }
    for (let waited = 0; waited < 100 && peer.connections > 0; waited++) await delay(20);
    await peer.stop();
  }
};

test(
  'NW10 NW8 attack S1: a node flooded with headers without stake stays within two blocks of the honest tip',
  async () => {
    const maker = await startRealNode(() => true);
    await maker.grow(30);
    const node = await startRealNode(() => false, maker.network.addresses());
    node.setTime(maker.time());
    await expect.poll(() => heightOf(node), { timeout: 60_000 }).toBe(30);
    state.on = true;
    const forger = new Forger(node);
    const flooders = Array.from({ length: FLOODERS }, () => flood(node, forger));
    await expect.poll(() => state.sent, { timeout: 60_000 }).toBeGreaterThan(10);
    let behind = 0;
    for (let made = 0; made < BLOCKS; made++) {
      await maker.grow(1);
      node.setTime(maker.time());
      await delay(PACE);
      behind = Math.max(behind, heightOf(maker) - heightOf(node));
    }
    state.on = false;
    await Promise.all(flooders);
    expect(behind).toBeLessThanOrEqual(MAX_BEHIND);
    expect(state.sent).toBeGreaterThan(BLOCKS * FLOODERS);
    expect(Object.values(node.network.figures().bans).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(FLOODERS);
    await expect.poll(() => node.network.peers().length, { timeout: 10_000 }).toBe(1);
    expect(node.chain.chainTips()).toHaveLength(1);
    expect(node.errors).toEqual([]);
    reportFigure('S1', 'blocks behind the honest tip under a flood', behind, MAX_BEHIND, 'blocks');
  },
  SOAK ? 600_000 : 120_000,
);
