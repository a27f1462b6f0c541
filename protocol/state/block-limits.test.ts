import { describe, expect, test } from 'vitest';
import type { Block } from '../block/block.ts';
import { computeBlockWeight } from '../block/body-roots.ts';
import { sha256 } from '../crypto/hash.ts';
import type { Coin } from '../ledger/coin.ts';
import { encodeCoin } from '../ledger/coin-codec.ts';
import { computeCoinKey } from '../ledger/coin-key.ts';
import type { Parameters } from '../params/parameters.ts';
import { computeRecordKey } from '../records/record-leaf.ts';
import { ADMISSION_KEY, GROUP_TABLE } from '../records/tables.ts';
import { buildStakeScript } from '../script/forms/stake.ts';
import { computeOwnerTag } from '../script/owner-tag.ts';
import { encodeStakeLeaf } from '../stake/stake-leaf.ts';
import { updateTrie } from '../trie/update.ts';
import type { Outpoint } from '../tx/outpoint.ts';
import type { Transaction } from '../tx/transaction.ts';
import { type BlockEffect, computeBlockEffect } from './block-effect.ts';
import { connectBlock } from './connect-block.ts';
import { payment, signTransaction, TestChain, testKey, VC } from './test-chain.ts';
import type { ChangeSet, StateView } from './view.ts';

const pay = (chain: TestChain, key: number, fee = 500n): Transaction => {
  const coin = chain.coinOf(key);
  const script = testKey(9).script;
  return payment(coin, key, [
    { element: 'value', amount: VC, script },
    { element: 'value', amount: coin.amount - VC - fee, script },
  ]);
};

const judge = (chain: TestChain, block: Block, over: Partial<Parameters>, view: StateView = chain.state) =>
  connectBlock(view, chain.chain(block), block, { parameters: { ...chain.parameters, ...over } });

describe('limits of a block', () => {
  test('CN4 signature checks are at most maxBlockChecks', () => {
    const chain = new TestChain();
    const block = chain.make([2_000, 2_001, 2_002, 2_003, 2_004, 2_005].map((key) => pay(chain, key)));
    expect(judge(chain, block, { maxBlockChecks: 6 })).not.toHaveProperty('fault');
    expect(judge(chain, block, { maxBlockChecks: 5 })).toMatchObject({ fault: 'block-checks' });
  });

  test('CN4 weight is at most maxBlockWeight', () => {
    const chain = new TestChain();
    const block = chain.make([pay(chain, 2_000)]);
    const weight = computeBlockWeight(block.body);
    expect(judge(chain, block, { maxBlockWeight: weight })).not.toHaveProperty('fault');
    expect(judge(chain, block, { maxBlockWeight: weight - 1 })).toMatchObject({ fault: 'block-weight' });
  });

  test('CN4 leaf bytes created minus removed are at most maxStateGrowth, stakes included', () => {
    const chain = new TestChain();
    const coin = chain.coinOf(2_000);
    const script = buildStakeScript({ key: testKey(3).xOnly, share: 0, ownerScript: testKey(9).script });
    const bare: Transaction = {
      layer: 1,
      type: 0,
      inputs: [{ outpoint: coin.outpoint, sequence: 0, witness: [] }],
      outputs: [{ element: 'value', amount: VC, script }],
      lockTime: 0,
    };
    const block = chain.make([signTransaction(bare, [coin], [2_000])]);
    const change = judge(chain, block, {}) as ChangeSet;
    const stake = change.stakes.find(({ before }) => before === undefined)?.after;
    const growth = encodeCoin(change.createdCoins[0]!).length + 32 + encodeStakeLeaf(stake!).length - encodeCoin(coin).length;
    expect(judge(chain, block, { maxStateGrowth: growth })).not.toHaveProperty('fault');
    expect(judge(chain, block, { maxStateGrowth: growth - 1 })).toMatchObject({ fault: 'state-growth', detail: { growth } });
  });

  test('CN3 a key that is in the trie is not made again', () => {
    const chain = new TestChain();
    const { state } = chain;
    const block = chain.make([pay(chain, 2_000)]);
    const made = (judge(chain, block, {}) as ChangeSet).createdCoins[0]!;
    const key = computeCoinKey(computeOwnerTag(made, chain.parameters), made.outpoint);
    const planted = updateTrie(state.coinNodes, state.roots.coins, [{ key, value: encodeCoin({ ...made, height: 0 }) }]);
    state.coinNodes.apply(planted);
    const view: StateView = Object.create(state, { roots: { value: { ...state.roots, coins: planted.root } } });
    expect(judge(chain, block, {}, view)).toMatchObject({ fault: 'duplicate-key' });
  });

  test('CN3 a child may follow its parent in a block and not stand before it', () => {
    const chain = new TestChain();
    const parent = pay(chain, 2_000);
    const change = judge(chain, chain.make([parent]), {}) as ChangeSet;
    const coin = change.createdCoins.find(({ amount }) => amount === VC)!;
    const child = payment(coin, 9, [{ element: 'value', amount: VC - 300n, script: testKey(10).script }]);
    const both = judge(chain, chain.make([parent, child]), {}) as ChangeSet;
    expect(both.createdCoins.map(({ amount }) => amount)).toContain(VC - 300n);
    expect(both.createdCoins.map(({ amount }) => amount)).not.toContain(VC);
    expect(both.economy.fees).toBe(800n);
    expect(() => chain.make([child, parent])).toThrow('missing-input');
  });
});

describe('what a block reads', () => {
  test('CN3 a referenced coin stays, for the rest of the block too', () => {
    const chain = new TestChain();
    const seat: Coin = { ...chain.coinOf(2_007), outpoint: { txid: sha256(new Uint8Array(1)), index: 0 }, amount: 0n, layer: 2, type: 3 };
    const findCoin = (outpoint: Outpoint) => (outpoint.txid === seat.outpoint.txid ? seat : chain.state.findCoin(outpoint));
    const referring = [2_000, 2_001].map((key) => {
      const coin = chain.coinOf(key);
      const inputs = [coin, seat].map(({ outpoint }) => ({ outpoint, sequence: 0, witness: [] as Uint8Array[] }));
      const outputs = [{ element: 'value' as const, amount: VC, script: testKey(9).script }];
      const bare: Transaction = { layer: 0, type: 0, inputs, outputs, lockTime: 0 };
      const [first, second] = signTransaction(bare, [coin, coin], [key, key]).inputs;
      return { ...bare, inputs: [first!, { ...second!, witness: [] }] };
    });
    const record = computeRecordKey({ table: GROUP_TABLE, key: ADMISSION_KEY });
    const findSeat = (outpoint: Outpoint) => (outpoint.txid === seat.outpoint.txid ? record : undefined);
    const view: StateView = Object.create(chain.state, { findCoin: { value: findCoin }, findSeat: { value: findSeat } });
    const { time, right } = chain.make().header;
    if (right.kind !== 'stake') throw new Error('a stake makes every block here');
    const plan = { time, right, leaf: chain.state.findStake(right.outpoint)!, transactions: referring };
    const effect = computeBlockEffect(view, plan, chain) as BlockEffect;
    expect(effect).not.toHaveProperty('fault');
    expect(effect.spent.map(({ layer }) => layer)).toEqual([0, 0]);
    expect(effect.touched).toContain(seat);
  });

  test('CN9 debts fall due by the median times past of the parent and of the block itself', () => {
    const chain = new TestChain();
    chain.grow(12);
    const block = chain.make();
    const asked: [number, number][] = [];
    const dueBetween = (after: number, upTo: number) => {
      asked.push([after, upTo]);
      return 0n;
    };
    const view: StateView = Object.create(chain.state, { dueBetween: { value: dueBetween } });
    expect(judge(chain, block, {}, view)).not.toHaveProperty('fault');
    const times = Array.from({ length: 13 }, (_, height) => chain.state.headerAt(height).time);
    expect(asked).toEqual([[times[7], times[8]]]);
  });
});

describe('the maker', () => {
  test('CN2 who withdraws the stake in his own block is still paid for it', () => {
    const chain = new TestChain();
    const { right } = chain.make().header;
    if (right.kind !== 'stake') throw new Error('a stake makes every block here');
    const { outpoint, amount, key } = right;
    const index = Array.from({ length: 64 }, (_, i) => i).find((i) => testKey(i).xOnly.join() === key.join())!;
    const coin = chain.state.findCoin(outpoint)!;
    const owner = 1_000 + index;
    const bare: Transaction = {
      layer: 1,
      type: 0,
      inputs: [{ outpoint, sequence: 0, witness: [] }],
      outputs: [{ element: 'value', amount: amount - 10_000n, script: testKey(9).script }],
      lockTime: 0,
    };
    const withdrawal = signTransaction(bare, [{ ...coin, script: testKey(owner).script }], [owner]);
    const block = chain.make([withdrawal]);
    expect(block.header.right).toEqual(right);
    chain.connect(block);
    expect(chain.state.findStake(outpoint)).toBeUndefined();
    const outputs = chain.connect(chain.make()).createdCoins.filter(({ type }) => type === 4);
    expect(outputs.map((each) => each.amount)).toEqual([20n, 180n, 980n, 8_820n]);
    expect(outputs[3]!.script).toEqual(testKey(owner).script);
  });
});
