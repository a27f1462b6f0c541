import { describe, expect, test } from 'vitest';
import type { Block, BlockBody } from '../block/block.ts';
import { computeTxRoot, computeWitnessRoot } from '../block/body-roots.ts';
import type { Economy, Header } from '../block/header.ts';
import { computeHeaderHash } from '../block/header-codec.ts';
import { sha256 } from '../crypto/hash.ts';
import type { ChainedHeader } from '../stake/header-view.ts';
import { BODY_FAULTS, connectBlock } from './connect-block.ts';
import { payment, TestChain, testKey, VC } from './test-chain.ts';

/** A maker signs what he likes: the rules of headers hold, and only a full node can see the lie. */
const judgeLie = (chain: TestChain, { header, body }: Block, lie: Partial<Header>) => {
  const lying = { ...header, ...lie };
  const chained = { header: lying, hash: computeHeaderHash(lying), stake: undefined } as ChainedHeader;
  return connectBlock(chain.state, chained, { header: lying, body }, chain);
};

const withBody = (chain: TestChain, { header }: Block, body: BlockBody) =>
  judgeLie(chain, { header, body }, { txRoot: computeTxRoot(body), witnessRoot: computeWitnessRoot(body) });

const makeChain = (): { readonly chain: TestChain; readonly block: Block } => {
  const chain = new TestChain();
  const pay = (key: number) => payment(chain.coinOf(key), key, [{ element: 'value', amount: VC, script: testKey(9).script }]);
  chain.connect(chain.make([pay(2_000)]));
  return { chain, block: chain.make([pay(2_001)]) };
};

describe('a header that lies about its block', () => {
  const { chain, block } = makeChain();
  const other = sha256(new Uint8Array(1));

  test('CN6 CN7 the honest one is taken', () => {
    expect(judgeLie(chain, block, {})).not.toHaveProperty('fault');
  });

  test.each(['value', 'locked', 'credit', 'debt', 'overdue', 'fees'] satisfies (keyof Economy)[])('CN6 in %s, by one unit', (field) => {
    const { economy } = block.header;
    expect(judgeLie(chain, block, { economy: { ...economy, [field]: economy[field] + 1n } })).toMatchObject({ fault: 'economy-inexact' });
  });

  test.each([
    ['stateRoot', 'state-root'],
    ['historyRoot', 'history-root'],
    ['filterHash', 'filter-hash'],
  ])('CN7 in %s', (field, fault) => {
    expect(judgeLie(chain, block, { [field]: other })).toMatchObject({ fault });
    expect(BODY_FAULTS.has(fault)).toBe(false);
  });

  test('CN1 whose parent is another block is judged on that one', () => {
    expect(judgeLie(chain, block, { previous: other })).toMatchObject({ fault: 'unknown-parent' });
  });

  test('CN5 whose stake is not registered, is another’s or rests', () => {
    const { right } = block.header;
    if (right.kind !== 'stake') throw new Error('a stake makes every block here');
    const moved = { ...right, outpoint: { txid: other, index: 0 } };
    expect(judgeLie(chain, block, { right: moved })).toMatchObject({ fault: 'stake-spent' });
    expect(judgeLie(chain, block, { right: { ...right, amount: right.amount + 1n } })).toMatchObject({ fault: 'stake-mismatch' });
    const resting = chain.state.tip.right;
    if (resting.kind === 'stake') expect(judgeLie(chain, block, { right: resting })).toMatchObject({ fault: 'stake-resting' });
  });
});

describe('a coinbase', () => {
  const { chain, block } = makeChain();
  const [coinbase, ...rest] = block.body.transactions;
  const { outputs } = coinbase!;
  const move = (units: readonly bigint[]) => outputs.map((output, i) => ({ ...output, amount: output.amount + (units[i] ?? 0n) }));
  const coinbases = {
    'pays a unit to the operator instead of the owner': { ...coinbase!, outputs: move([1n, -1n]) },
    'pays a unit more': { ...coinbase!, outputs: move([0n, 0n, 0n, 1n]) },
    'pays a unit less': { ...coinbase!, outputs: move([0n, 0n, 0n, -1n]) },
    'pays in another order': { ...coinbase!, outputs: [outputs[1]!, outputs[0]!, ...outputs.slice(2)] },
    'pays in circulation': { ...coinbase!, layer: 0 as const },
    'names another height': { ...coinbase!, lockTime: coinbase!.lockTime + 1 },
    'has data besides': {
      ...coinbase!,
      outputs: [...outputs, { element: 'value' as const, amount: 0n, script: Uint8Array.of(0x6a, 0x51) }],
    },
  };

  test.each(Object.entries(coinbases))('CN2 that %s is refused', (_title, changed) => {
    expect(withBody(chain, block, { transactions: [changed, ...rest], versions: [] })).toMatchObject({ fault: 'coinbase' });
  });

  test.each([
    ['is missing', rest, 'coinbase'],
    ['is missing where there is nothing else', [], 'coinbase'],
    ['stands twice', [coinbase!, coinbase!, ...rest], 'coinbase-place'],
    ['stands last', [...rest, coinbase!], 'coinbase'],
  ])('CN2 that %s makes the block invalid', (_title, transactions, fault) => {
    expect(withBody(chain, block, { transactions, versions: [] })).toMatchObject({ fault });
    expect(BODY_FAULTS.has(fault)).toBe(false);
  });
});
