import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { encodeHex } from '#protocol/codec/hex';

import { installNodeCrypto } from '../crypto/node-crypto.ts';
import { type FixtureNode, openFixtureNode } from './chain-fixture.ts';

installNodeCrypto();

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const makeFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'vc-chain-'));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

const open = async (folder = makeFolder(), only?: (index: number) => boolean): Promise<FixtureNode> => {
  const node = await openFixtureNode(folder, only);
  cleanups.push(() => node.close());
  return node;
};

describe('chain', () => {
  test('ND2 a chain made by its own stakes grows, and a reopened store stands where it stood', async () => {
    const folder = makeFolder();
    const node = await openFixtureNode(folder);
    await node.grow(45);
    expect(node.chain.tip().header.height).toBe(45);
    const { stateRoot } = node.chain.tip().header;
    await node.close();
    const again = await open(folder);
    expect(encodeHex(again.chain.tip().header.stateRoot)).toBe(encodeHex(stateRoot));
    await again.grow(3);
    expect(again.chain.tip().header.height).toBe(48);
  });
});
