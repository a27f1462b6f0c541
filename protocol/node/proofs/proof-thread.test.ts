import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { ZERO_HASH } from '#protocol/codec/hash32';
import { isFault } from '#protocol/fault';
import { DEV_PARAMETERS } from '#protocol/params/networks';
import { prefixRange } from '#protocol/trie/ranges';
import { verifyRanges } from '#protocol/trie/verify';
import { fixtureBitcoin } from '../chain/bitcoin-fixture.ts';
import type { Chain } from '../chain/chain.ts';
import { fixtureGenesis } from '../chain/genesis-fixture.ts';
import { genesisSource, openChain } from '../chain/open-chain.ts';
import { installNodeCrypto } from '../crypto/node-crypto.ts';
import { proveHere } from './proof-port.ts';
import { startProofThread } from './start-proof-thread.ts';

installNodeCrypto();
const ALL = prefixRange(ZERO_HASH, 0);
const opened: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of opened.splice(0)) await close();
});

const openThreaded = async (): Promise<{ readonly chain: Chain; readonly folder: string; readonly reports: unknown[] }> => {
  const folder = await mkdtemp(join(tmpdir(), 'vc-proofs-'));
  const genesis = fixtureGenesis();
  const reports: unknown[] = [];
  const chain = await openChain({
    folder,
    genesis: genesisSource(genesis),
    parameters: DEV_PARAMETERS,
    network: 'dev',
    configHash: ZERO_HASH,
    bitcoin: fixtureBitcoin(),
    clock: { now: () => genesis.block.header.time },
    startProofs: (store) => startProofThread({ folder: store, report: (error) => reports.push(error) }),
  });
  opened.push(async () => {
    await chain.close();
    await rm(folder, { recursive: true });
  });
  return { chain, folder, reports };
};

describe('proofs out of a thread of their own', () => {
  test('ND46 are the ones this thread would build, while the node goes on', async () => {
    const { chain } = await openThreaded();
    const { hash } = chain.tip();
    const { coinNodes, roots } = chain.view();
    const here = proveHere(coinNodes);
    for (const trie of ['coins', 'records', 'stakes'] as const) {
      const [far, near] = [await chain.proveState(hash, trie, [ALL]), await here.prove({ trie, root: roots[trie], ranges: [ALL] })];
      if (isFault(far) || isFault(near)) throw new Error('both prove');
      expect(far.proof).toEqual(near.proof);
      expect(isFault(verifyRanges(roots[trie], [ALL], far.proof))).toBe(false);
    }
  });

  test('ND46 are given in the order of the questions, so that who asks much does not come before who asks once', async () => {
    const { chain } = await openThreaded();
    const { hash } = chain.tip();
    const order: string[] = [];
    const ask = async (who: string): Promise<void> => {
      expect(await chain.proveState(hash, 'coins', [ALL])).not.toHaveProperty('fault');
      order.push(who);
    };
    await Promise.all([
      ...Array.from({ length: 2 }, () => ask('flooder')),
      ask('other'),
      ...Array.from({ length: 200 }, () => ask('flooder')),
    ]);
    expect(order.indexOf('other')).toBe(2);
  });

  test('ND46 come again after the thread was lost, and what it was asked meanwhile fails with a code', async () => {
    const folder = (await openThreaded()).folder;
    const reports: unknown[] = [];
    const port = await startProofThread({ folder, report: (error) => reports.push(error) });
    opened.unshift(() => port.close());
    const unknown = { trie: 'coins', root: ZERO_HASH.map(() => 7) as typeof ZERO_HASH, ranges: [ALL] } as const;
    await expect(port.prove(unknown)).rejects.toMatchObject({ code: 'proof-missing' });
    const bad = { trie: 'coins', root: undefined as unknown as typeof ZERO_HASH, ranges: [ALL] } as const;
    await expect(port.prove(bad)).rejects.toMatchObject({ code: 'proof-thread' });
    expect(reports).toHaveLength(1);
    await expect
      .poll(
        () =>
          port.prove({ trie: 'coins', root: ZERO_HASH, ranges: [ALL] }).then(
            () => 'answered',
            () => 'not yet',
          ),
        { timeout: 30_000 },
      )
      .toBe('answered');
  });

  test('ND46 a queue has an end, and a closed thread takes nothing', async () => {
    const folder = (await openThreaded()).folder;
    const port = await startProofThread({ folder, report: () => undefined });
    const asked = await Promise.allSettled(
      Array.from({ length: 600 }, () => port.prove({ trie: 'coins', root: ZERO_HASH, ranges: [ALL] })),
    );
    expect(asked.filter(({ status }) => status === 'rejected')).toHaveLength(600 - 512);
    await port.close();
    await expect(port.prove({ trie: 'coins', root: ZERO_HASH, ranges: [ALL] })).rejects.toMatchObject({ code: 'proof-thread' });
  });
});
