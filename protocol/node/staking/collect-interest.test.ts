import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { decodeBody } from '#protocol/block/body-codec';
import { payMaker } from '#protocol/block/rewards';
import { isFault } from '#protocol/fault';
import type { Coin } from '#protocol/ledger/coin';
import { FREE_SCRIPT } from '#protocol/script/forms/free-output';
import { UNITS_PER_VC as VC } from '#protocol/tx/amount';
import { computeTxid } from '#protocol/tx/identity';
import type { Transaction } from '#protocol/tx/transaction';
import { type FixtureNode, openFixtureNode } from '../chain/chain-fixture.ts';
import { buildGrant, inputOf, PAYEE, submit, value } from '../chain/debt-fixture.ts';
import { installNodeCrypto } from '../crypto/node-crypto.ts';
import { collectInterest } from './collect-interest.ts';

const cleanups: (() => Promise<void> | void)[] = [];
beforeAll(() => installNodeCrypto());
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const open = async (): Promise<FixtureNode> => {
  const folder = mkdtempSync(join(tmpdir(), 'vc-interest-'));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  const node = await openFixtureNode(folder);
  cleanups.push(() => node.close());
  return node;
};

const freeCoin = (amount: bigint, over: Partial<Coin> = {}): Coin => ({
  outpoint: { txid: computeTxid({ layer: 0, type: 0, inputs: [], outputs: [], lockTime: Number(amount) }), index: 0 },
  element: 'value',
  amount,
  script: FREE_SCRIPT,
  layer: 0,
  type: 1,
  height: 5,
  medianTime: 0,
  ...over,
});

const MAKER = { key: new Uint8Array(32).fill(3), share: 1_000, ownerScript: Uint8Array.of(0, 20, ...new Uint8Array(20).fill(7)) };

describe('interest', () => {
  test('ND49 is shared as rewards are, to the unit, and small shares go to the other', () => {
    fc.assert(
      fc.property(fc.bigInt(1n, VC), fc.nat(10_000), fc.bigInt(1n, 2_000n), (amount, share, minOutput) => {
        const collected = collectInterest([freeCoin(amount)], { ...MAKER, share }, { minOutput });
        if (amount < minOutput) {
          expect(collected).toBeUndefined();
          return;
        }
        const { outputs } = collected as Transaction;
        expect(outputs.reduce((sum, output) => sum + output.amount, 0n)).toBe(amount);
        expect(outputs.every((output) => output.amount >= minOutput)).toBe(true);
        const rewards = payMaker(amount, { ...MAKER, share });
        if (rewards.every((output) => output.amount >= minOutput)) expect(outputs).toEqual(rewards);
      }),
    );
    expect(collectInterest([], MAKER, { minOutput: 1n })).toBeUndefined();
    expect(collectInterest([freeCoin(5n, { layer: 1 }), freeCoin(5n, { element: 'credit' })], MAKER, { minOutput: 1n })).toBeUndefined();
  });

  test('ND49 is in the block that granted, with the maker’s operator and owner, though somebody else wanted it', async () => {
    const node = await open();
    const interest = VC / 50n;
    const grant = buildGrant(node, { interest });
    expect(await submit(node, grant)).toBe('accepted');
    const outpoint = { txid: computeTxid(grant), index: 2 };
    const free = node.mempool.findCoin(outpoint) as Coin;
    expect(free.script).toEqual(FREE_SCRIPT);
    const theft: Transaction = { layer: 0, type: 0, inputs: [inputOf(free)], outputs: [value(interest / 2n, PAYEE)], lockTime: 0 };
    expect(await submit(node, theft)).toBe('accepted');
    await node.grow(1);
    expect([node.chain.isConfirmed(computeTxid(grant)), node.chain.isConfirmed(computeTxid(theft))]).toEqual([true, false]);
    expect(node.mempool.pool.size).toBe(0);
    expect(node.chain.findCoin(outpoint)).toBeUndefined();
    const body = decodeBody(new Uint8Array((await node.chain.bodyOf(node.chain.tip().hash)) as Uint8Array));
    const [, , collected] = isFault(body) ? [] : body.transactions;
    expect(collected?.inputs.map((input) => input.outpoint)).toEqual([outpoint]);
    expect(collected?.outputs.map(({ amount }) => amount)).toEqual([interest / 10n, interest - interest / 10n]);
    const { right } = node.chain.tip().header;
    const stake = right.kind === 'stake' ? node.chain.stakeAt(0, right.outpoint) : undefined;
    expect(collected?.outputs).toEqual(payMaker(interest, { ...MAKER, ...stake, ownerScript: new Uint8Array(stake?.ownerScript ?? []) }));
  });

  test('ND49 a free output of an earlier block is anybody’s', async () => {
    const node = await open();
    const grant = buildGrant(node, { interest: 1_000n });
    const block = await node.makeNext({ transactions: [grant] });
    await node.chain.acceptHeader(block.header, block.proof);
    expect(await node.chain.acceptBody(block.hash, block.body)).toBe('connected');
    const free = node.mempool.findCoin({ txid: computeTxid(grant), index: 2 }) as Coin;
    const taken: Transaction = { layer: 0, type: 0, inputs: [inputOf(free)], outputs: [value(500n, PAYEE)], lockTime: 0 };
    expect(await submit(node, taken)).toBe('accepted');
    await node.grow(1);
    expect(node.chain.isConfirmed(computeTxid(taken))).toBe(true);
  });
});
