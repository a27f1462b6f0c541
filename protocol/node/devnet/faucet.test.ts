import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { isFault } from '#protocol/fault';
import { encodeAddress } from '#protocol/script/address';
import { buildPayToKeyHash } from '#protocol/script/forms/pay-to-key';
import { type FixtureNode, openFixtureNode } from '../chain/chain-fixture.ts';
import { installNodeCrypto } from '../crypto/node-crypto.ts';
import { FAUCET_OUTPUTS } from './dev-genesis.ts';
import { FAUCET_GRANT, Faucet } from './faucet.ts';

const folder = mkdtempSync(join(tmpdir(), 'vc-faucet-'));
let node: FixtureNode;

beforeAll(async () => {
  installNodeCrypto();
  node = await openFixtureNode(folder);
});
afterEach(async () => {
  await node.close();
  rmSync(folder, { recursive: true, force: true });
});

test('ND41 a faucet gives each of its outputs once, says when it has none to give, and goes on with what came back', async () => {
  const { chain, mempool } = node;
  const faucet = new Faucet({ chain, mempool, clock: { now: () => node.time() }, node: 0 });
  const give = (payee: number) =>
    faucet.give(encodeAddress(buildPayToKeyHash(new Uint8Array(20).fill(payee)), chain.parameters.addressPrefix) as string);
  for (let payee = 0; payee < FAUCET_OUTPUTS; payee++) expect(await give(payee)).toMatchObject({ amount: FAUCET_GRANT });
  expect(await give(FAUCET_OUTPUTS)).toMatchObject({ fault: 'faucet-empty' });
  await node.grow(1);
  const granted = await give(FAUCET_OUTPUTS);
  expect(isFault(granted) ? granted.fault : granted.amount).toBe(FAUCET_GRANT);
  expect(await give(FAUCET_OUTPUTS)).toMatchObject({ fault: 'faucet-wait' });
  expect(await faucet.give('dvc1nothing')).toHaveProperty('fault');
});
