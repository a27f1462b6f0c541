import { describe, expect, test } from 'vitest';
import { decodeBody, encodeBody } from '../block/body-codec.ts';
import { computeNetWorth } from '../stake/check-economy.ts';
import { connectBlock } from './connect-block.ts';
import { payment, TestChain, testKey, VC } from './test-chain.ts';

const pay = (chain: TestChain, from: number, to: number, amount: bigint, fee: bigint) => {
  const coin = chain.coinOf(from);
  const change = coin.amount - amount - fee;
  return payment(coin, from, [
    { element: 'value', amount, script: testKey(to).script },
    { element: 'value', amount: change, script: coin.script },
  ]);
};

describe('connecting', () => {
  test('CN2 fees are paid by the next coinbase: 2 % to its maker, the rest to the maker of the fees’ block', () => {
    const chain = new TestChain();
    chain.grow(2);
    chain.connect(chain.make([pay(chain, 2_000, 2_001, 3n * VC, 1_000n)]));
    const block = chain.make();
    const outputs = block.body.transactions[0]!.outputs;
    expect(outputs.reduce((sum, { amount }) => sum + amount, 0n)).toBe(1_000n);
    expect(outputs.map(({ amount }) => amount)).toEqual([2n, 18n, 98n, 882n]);
    chain.connect(block);
  });

  test('CN6 value − debt + fees is the same in every header', () => {
    const chain = new TestChain();
    const worth = computeNetWorth(chain.state.tip.economy);
    for (let i = 0; i < 12; i++) {
      chain.connect(chain.make(i % 3 === 0 ? [pay(chain, 2_002 + i / 3, 2_001, VC, 777n)] : []));
      expect(computeNetWorth(chain.state.tip.economy)).toBe(worth);
    }
    expect(chain.state.tip.height).toBe(12);
  });

  test('CN8 taking blocks back gives the state before them', () => {
    const chain = new TestChain();
    chain.grow(3);
    const [hash, roots, coins] = [chain.state.tipHash, chain.state.roots, chain.state.coins.size];
    chain.connect(chain.make([pay(chain, 2_000, 2_001, VC, 500n)]));
    chain.grow(2);
    for (let i = 0; i < 3; i++) chain.state.disconnect();
    expect([chain.state.tipHash, chain.state.roots, chain.state.coins.size]).toEqual([hash, roots, coins]);
    chain.grow(3);
  });

  test('CN1 attack row P9: a mutated body is refused as a body, and the good one is taken after it', () => {
    const chain = new TestChain();
    const block = chain.make([pay(chain, 2_000, 2_001, VC, 500n)]);
    const { transactions } = block.body;
    const judge = (body: typeof block.body) =>
      connectBlock(chain.state, chain.chain(block), { header: block.header, body }, { parameters: chain.parameters });
    expect(judge({ transactions: [...transactions, transactions[1]!], versions: [] })).toMatchObject({ fault: 'tx-root' });
    const stripped = { ...transactions[1]!, inputs: transactions[1]!.inputs.map((input) => ({ ...input, witness: [] })) };
    expect(judge({ transactions: [transactions[0]!, stripped], versions: [] })).toMatchObject({ fault: 'witness-root' });
    expect(judge(decodeBody(encodeBody(block.body)) as typeof block.body)).not.toHaveProperty('fault');
  });

  test('CN3 a coin is spent once, in one block too', () => {
    const chain = new TestChain();
    const [first, second] = [pay(chain, 2_000, 2_001, VC, 500n), pay(chain, 2_000, 2_002, VC, 600n)];
    expect(() => chain.make([first, second])).toThrow('missing-input');
  });

  test('CN5 a maker rests for stakeMaturity blocks, and a chain crosses a burn height', () => {
    const chain = new TestChain();
    for (let i = 0; i < 101; i++) {
      const block = chain.make();
      chain.connect(block);
      if (block.header.right.kind === 'stake')
        expect(chain.state.findStake(block.header.right.outpoint)?.eligibleFrom).toBe(i + 1 + chain.parameters.stakeMaturity);
    }
  });
});
