import { secp256k1 } from '@noble/curves/secp256k1.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { reportFigure, SOAK } from '../../setup/soak-figure.ts';
import type { Block } from '../block/block.ts';
import { computeBlockWeight } from '../block/body-roots.ts';
import { concatBytes } from '../codec/bytes.ts';
import { useCrypto as chooseCrypto, NOBLE_CURVE, NOBLE_HASH } from '../crypto/backend.ts';
import { isFault } from '../fault.ts';
import type { Coin } from '../ledger/coin.ts';
import { encodeCoin } from '../ledger/coin-codec.ts';
import { installNodeCrypto } from '../node/crypto/node-crypto.ts';
import type { Parameters } from '../params/parameters.ts';
import { buildPayToScript } from '../script/forms/pay-to-script.ts';
import { MAX_OPERATIONS } from '../script/limits.ts';
import { OP } from '../script/opcodes.ts';
import { buildScript } from '../script/push.ts';
import { computeSighash, SIGHASH_ALL, sighashSourceOf } from '../script/sighash.ts';
import { encodeAmountField } from '../tx/amount-field.ts';
import { computeWeight } from '../tx/identity.ts';
import type { Transaction, TransactionOutput } from '../tx/transaction.ts';
import { connectBlock } from './connect-block.ts';
import { payment, TestChain, testKey, VC } from './test-chain.ts';
import type { ChangeSet } from './view.ts';

/** `npm test` builds a hundredth of each block and counts; the soak builds it to the limit and takes the time. */
const share = (whole: number): number => (SOAK ? whole : Math.max(1, Math.ceil(whole / 100)));
const BAR_SECONDS = 5;
const KEY = 2_000;

beforeAll(installNodeCrypto);
afterAll(() => chooseCrypto({ hash: NOBLE_HASH, curve: NOBLE_CURVE }));

const value = (amount: bigint, script: Uint8Array): TransactionOutput => ({ element: 'value', amount, script });

/** A chain whose newest block made `count` coins of one script, and those coins. */
const fund = (script: Uint8Array, count: number): { readonly chain: TestChain; readonly coins: readonly Coin[] } => {
  const chain = new TestChain();
  const outputs = Array.from({ length: count }, () => value(VC / 100n, buildPayToScript(script)));
  chain.grow(1, [payment(chain.coinOf(KEY), KEY, outputs)]);
  const wanted = buildPayToScript(script).join();
  return { chain, coins: [...chain.state.coins.values()].filter((coin) => coin.script.join() === wanted) };
};

const spend = (coins: readonly Coin[], outputs: readonly TransactionOutput[]): Transaction => ({
  layer: 0,
  type: 0,
  inputs: coins.map(({ outpoint }) => ({ outpoint, sequence: 0xffff_ffff, witness: [] })),
  outputs,
  lockTime: 0,
});

const withWitness = (transaction: Transaction, witnessOf: (index: number) => readonly Uint8Array[]): Transaction => ({
  ...transaction,
  inputs: transaction.inputs.map((input, index) => ({ ...input, witness: witnessOf(index) })),
});

const inGroups = <T>(items: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));

const judge = (chain: TestChain, block: Block, over: Partial<Parameters> = {}) =>
  connectBlock(chain.state, chain.chain(block), block, { parameters: { ...chain.parameters, ...over } });

/** Connects a block that no limit forbids; the soak prints how long that takes. */
const connect = (chain: TestChain, block: Block, what: string): ChangeSet => {
  const chained = chain.chain(block);
  const start = performance.now();
  const change = connectBlock(chain.state, chained, block, { parameters: chain.parameters });
  reportFigure('V3', what, (performance.now() - start) / 1000, BAR_SECONDS, 's');
  if (isFault(change))
    throw new Error(`${change.fault} ${JSON.stringify(change.detail, (_, v) => (typeof v === 'bigint' ? String(v) : v))}`);
  return change;
};

/** Every check hashes the rest of a script of nearly 10,000 bytes anew, for each begins behind a separator of its own. */
const CHECKS_PER_INPUT = 94;
const PADS = 12;
const CHECK = buildScript(testKey(KEY).publicKey, OP.CHECKSIGVERIFY, OP.CODESEPARATOR);
const checkingScript = concatBytes(
  ...Array.from({ length: CHECKS_PER_INPUT }, () => CHECK),
  ...Array.from({ length: PADS }, () => buildScript(new Uint8Array(520).fill(7), OP.DROP)),
  Uint8Array.of(OP.TRUE),
);

const signChecks = (transaction: Transaction, coins: readonly Coin[]): Transaction => {
  const source = sighashSourceOf(transaction);
  return withWitness(transaction, (index) => {
    const signatures = Array.from({ length: CHECKS_PER_INPUT }, (_, check) => {
      const scriptCode = checkingScript.subarray(check * CHECK.length);
      const digest = computeSighash(
        source,
        { index, scriptCode, amountField: encodeAmountField('value', coins[index]!.amount) },
        SIGHASH_ALL,
      );
      const signature = secp256k1.sign(digest, testKey(KEY).secret, { prehash: false, lowS: true, format: 'der' });
      return Uint8Array.of(...signature, SIGHASH_ALL);
    });
    return [...signatures.reverse(), checkingScript];
  });
};

/** Nine times fifteen items of 520 bytes: no script of so few bytes hashes more within 201 operations. */
const HASH_ROUND = [OP.DUP3, OP.DUP3, OP.DUP3, OP.DUP3, OP.DUP3, OP.TRUE + 14, OP.NHASH256, OP.DROP];
const hashingScript = buildScript(
  new Uint8Array(520).fill(9),
  OP.DUP,
  OP.DUP,
  ...Array.from({ length: 9 }, () => HASH_ROUND).flat(),
  OP.DROP2,
  OP.DROP,
  OP.TRUE,
);

describe('the worst blocks that the limits allow', () => {
  test('CN4 V3 all checks that a block may make, each over a script of its own', () => {
    const inputs = share(53);
    const { chain, coins } = fund(checkingScript, inputs);
    const transactions = inGroups(coins, 10).map((group) => signChecks(spend(group, [value(VC / 1_000n, testKey(9).script)]), group));
    const block = chain.make(transactions);
    const checks = inputs * CHECKS_PER_INPUT;
    connect(chain, block, `block of ${checks} checks, ${computeBlockWeight(block.body)} weight`);
    expect(judge(chain, block, { maxBlockChecks: 5 * checks })).not.toHaveProperty('fault');
    expect(judge(chain, block, { maxBlockChecks: checks - 1 })).toHaveProperty('fault');
    expect(checkingScript.length).toBeGreaterThan(9_000);
    if (SOAK) expect(chain.parameters.maxBlockChecks - checks).toBeLessThan(CHECKS_PER_INPUT);
  }, 600_000);

  test('CN4 V3 all hashing that a block has room for', () => {
    const operations = 2 + 9 * (5 + 15 + 1) + 2;
    expect(operations).toBeLessThanOrEqual(MAX_OPERATIONS);
    expect(operations).toBeGreaterThan(MAX_OPERATIONS - 21);
    const inputs = share(1_280);
    const { chain, coins } = fund(hashingScript, inputs);
    const make = (group: readonly Coin[]) => withWitness(spend(group, [value(VC / 1_000n, testKey(9).script)]), () => [hashingScript]);
    const block = chain.make(inGroups(coins, 500).map(make));
    const bytes = inputs * 9 * 15 * 523;
    const change = connect(
      chain,
      block,
      `block of ${Math.round(bytes / 1e6)} MB hashed in scripts, ${computeBlockWeight(block.body)} weight`,
    );
    expect(change.spentCoins.length).toBe(inputs);
    if (SOAK) expect(chain.parameters.maxBlockWeight - computeBlockWeight(block.body)).toBeLessThan(20_000);
    const cut = withWitness(make(coins.slice(0, 1)), () => [hashingScript.slice(0, -1)]);
    expect(() => chain.make([cut])).toThrow(/script|witness/);
  }, 600_000);

  test('CN4 V3 all coins that a block may make, each of an owner of its own', () => {
    const count = share(11_640);
    const chain = new TestChain();
    const scriptOf = (i: number): Uint8Array => Uint8Array.of(2, (i & 0x7f) + 1, i >> 7);
    const outputs = Array.from({ length: count }, (_, i) => value(1_000n, scriptOf(i)));
    const keys = [2_001, 2_002, 2_003];
    const transactions = inGroups(outputs, Math.ceil(count / keys.length)).map((group, i) =>
      payment(chain.coinOf(keys[i]!), keys[i]!, group),
    );
    const block = chain.make(transactions);
    const change = connect(chain, block, `block of ${count} new coins, ${computeBlockWeight(block.body)} weight`);
    expect(change.createdCoins.length).toBe(count);
    const leafBytes = (coins: readonly Coin[]): number => coins.reduce((sum, coin) => sum + 32 + encodeCoin(coin).length, 0);
    const growth = leafBytes(change.createdCoins) - leafBytes(change.spentCoins);
    if (SOAK) expect(chain.parameters.maxStateGrowth - growth).toBeLessThan(2_000);
    expect(judge(chain, block, { maxStateGrowth: growth - 1 })).toMatchObject({ fault: 'state-growth' });
    for (const transaction of transactions) expect(computeWeight(transaction)).toBeLessThanOrEqual(400_000);
  }, 600_000);
});
