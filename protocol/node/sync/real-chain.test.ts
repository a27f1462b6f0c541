import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { RawPeer } from '../../../e2e/network/raw-peer.ts';
import { type RealNode, startRealNode, stopRealNodes } from '../../../e2e/network/real-node.ts';
import { eventually } from '../../../e2e/network/test-node.ts';
import { encodeField } from '../../codec/schema.ts';
import { headerAnnouncement } from '../../wire/messages.ts';
import { gossipTopic } from '../../wire/protocols.ts';
import { type FixtureNode, makeAt, openFixtureNode } from '../chain/chain-fixture.ts';

const peers: RawPeer[] = [];
const makers: { readonly node: FixtureNode; readonly folder: string }[] = [];

afterEach(async () => {
  for (const peer of peers.splice(0)) await peer.stop();
  for (const { node, folder } of makers.splice(0)) {
    await node.close();
    rmSync(folder, { recursive: true });
  }
  await stopRealNodes();
});

const tipOf = ({ chain }: RealNode): string => Buffer.from(chain.tip().hash).toString('hex');
const heightOf = ({ chain }: RealNode): number => chain.tip().header.height;
const agree = (nodes: readonly RealNode[]): boolean => new Set(nodes.map(tipOf)).size === 1;

/** One slot after the other on one clock, until the nodes have made `blocks` more between them. */
const run = async (nodes: readonly RealNode[], blocks: number): Promise<void> => {
  const [first] = nodes as [RealNode];
  const goal = heightOf(first) + blocks;
  for (let time = Math.max(...nodes.map((node) => node.time())) + 1; heightOf(first) < goal; time++) {
    for (const node of nodes) node.setTime(time);
    for (const node of nodes) {
      await node.staker.trySlot(time);
      await eventually(() => agree(nodes));
    }
  }
};

describe('nodes with their own stores and stakes', () => {
  test('NW11 NW12 a fresh node syncs from genesis by proved headers and bodies', async () => {
    const old = await startRealNode(() => true);
    await old.grow(60);
    const fresh = await startRealNode(() => false, old.network.addresses());
    fresh.setTime(old.time());
    await eventually(() => tipOf(fresh) === tipOf(old), 30_000);
    expect(fresh.sync.isSynchronised()).toBe(true);
    expect([...old.errors, ...fresh.errors]).toEqual([]);
    expect(fresh.network.figures().bans).toEqual({});
  });

  test('NW10 NW12 three nodes make one chain; one leaves, the others go on, it comes back as another and catches up', async () => {
    const one = await startRealNode((i) => i % 3 === 0, []);
    const two = await startRealNode((i) => i % 3 === 1, one.network.addresses());
    const three = await startRealNode((i) => i % 3 === 2, [...one.network.addresses(), ...two.network.addresses()]);
    const all = [one, two, three];
    await eventually(() => all.every(({ network }) => network.peers().length === 2));
    await delay(1_500);
    await run(all, 8);
    await three.stop();
    await run([one, two], 5);
    const back = await startRealNode((i) => i % 3 === 2, [...one.network.addresses(), ...two.network.addresses()]);
    back.setTime(one.time());
    await eventually(() => agree([one, two, back]));
    await eventually(() => back.network.peers().length === 2);
    await delay(1_500);
    await run([one, two, back], 3);
    expect(all.flatMap(({ errors }) => errors)).toEqual([]);
    expect([one, two, back].map(({ network }) => network.figures().bans)).toEqual([{}, {}, {}]);
  });

  test('NW11 two nodes that made blocks apart agree on the heavier branch when they meet', async () => {
    const one = await startRealNode((i) => i < 40, []);
    const two = await startRealNode((i) => i >= 40, []);
    await one.grow(6);
    await two.grow(3);
    const time = Math.max(one.time(), two.time());
    for (const node of [one, two]) node.setTime(time);
    const heavier = one.chain.tip().header.weight > two.chain.tip().header.weight ? tipOf(one) : tipOf(two);
    await two.network.dial(one.network.addresses()[0] as string);
    await eventually(() => agree([one, two]));
    expect(tipOf(one)).toBe(heavier);
  });

  test('NW8 a header whose block was refused bans nobody who passes it on, only who keeps it in its own chain', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'vc-maker-'));
    const maker = await openFixtureNode(folder);
    makers.push({ node: maker, folder });
    const bad = await makeAt(maker, { economy: true });
    const node = await startRealNode(() => false);
    node.setTime(maker.time());
    expect(await node.chain.acceptHeader(bad.header, bad.proof)).toBe('accepted');
    expect(await node.chain.acceptBody(bad.hash, bad.body)).toMatchObject({ fault: 'economy-inexact' });
    const peer = await RawPeer.start();
    peers.push(peer);
    const isConnected = (): boolean => node.network.peers().some(({ id }) => id === peer.id);
    const { genesis } = node.chain;
    let tip = node.chain.tip().bytes;
    await peer.serve('status', () => ({
      kind: 'status',
      network: 'dev',
      genesis,
      config: genesis,
      tip,
      services: 1,
      coins: 0n,
      proofsFrom: 0,
      epochsFrom: 0,
    }));
    await peer.serve('headers', () => ({ kind: 'headers', headers: [bad.header], stakeProofs: [bad.proof], filters: [] }));
    await peer.dial(node.network.addresses()[0] as string);
    await eventually(isConnected);
    peer.subscribe(gossipTopic('dev', 'header'));
    await delay(1_200);
    const filter = await maker.chain.filterOf(bad.hash);
    await peer.publish(
      gossipTopic('dev', 'header'),
      encodeField(headerAnnouncement, { header: bad.header, stakeProof: bad.proof, filter: filter ?? Uint8Array.of(0) }),
    );
    await delay(500);
    expect(isConnected()).toBe(true);
    expect(node.network.figures().bans).toEqual({});
    tip = bad.header;
    await node.network.refresh(node.network.peers()[0]!);
    await eventually(() => !isConnected(), 10_000);
    expect(node.network.figures().bans).toEqual({ 'invalid-chain': 1 });
  });
});
