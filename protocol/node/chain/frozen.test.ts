import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { isFault } from '#protocol/fault';
import type { Coin } from '#protocol/ledger/coin';
import { buildDebtScript } from '#protocol/script/forms/debt';
import { buildPayToKey, matchPayToKey } from '#protocol/script/forms/pay-to-key';
import { computeSighash, SIGHASH_ALL, sighashSourceOf } from '#protocol/script/sighash';
import { UNITS_PER_VC as VC } from '#protocol/tx/amount';
import { encodeAmountField } from '#protocol/tx/amount-field';
import { computeTxid } from '#protocol/tx/identity';
import type { Outpoint } from '#protocol/tx/outpoint';
import type { Transaction, TransactionOutput } from '#protocol/tx/transaction';
import { encodeTransaction } from '#protocol/tx/transaction-codec';
import { installNodeCrypto } from '../crypto/node-crypto.ts';
import { DevelopmentKeys, type SecretKey } from '../devnet/dev-keys.ts';
import { signKeySpends } from '../devnet/sign-key-spend.ts';
import { type FixtureNode, feed, openFixtureNode } from './chain-fixture.ts';

const keys = new DevelopmentKeys();
const [AGENT, DEBTOR, PAYEE] = [0, 1, 2];
const folders: string[] = [];

beforeAll(() => installNodeCrypto());
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const personOf = (index: number): SecretKey => keys.faucet(0).at(index);
const scriptOf = (index: number): Uint8Array => buildPayToKey(personOf(index).publicKey);
const value = (amount: bigint, index: number): TransactionOutput => ({ element: 'value', amount, script: scriptOf(index) });
const inputOf = ({ outpoint }: Coin) => ({ outpoint, sequence: 0xffff_fffd, witness: [] });

const coinAt = (node: FixtureNode, outpoint: Outpoint): Coin => {
  const coin = node.chain.findCoin(outpoint);
  if (coin === undefined) throw new Error('that coin is unspent');
  return coin;
};

const genesisCoin = (node: FixtureNode, transaction: 1 | 2, index: number): Coin =>
  coinAt(node, { txid: computeTxid(node.genesis.block.body.transactions[transaction] as Transaction), index: index + 1 });

const include = async (node: FixtureNode, transaction: Transaction): Promise<Coin[]> => {
  const accepted = await node.mempool.submit(encodeTransaction(transaction));
  if (isFault(accepted)) throw new Error(accepted.fault);
  await node.grow(1);
  return transaction.outputs.map((_, index) => coinAt(node, { txid: computeTxid(transaction), index }));
};

/** Credit of 1 VC for the agent, out of the founder's smallest source. */
const grant = async (node: FixtureNode): Promise<Coin> => {
  const [source, paying] = [genesisCoin(node, 1, 0), genesisCoin(node, 2, AGENT)];
  const outputs = [{ element: 'credit' as const, amount: VC, script: scriptOf(AGENT) }, value(99n * VC, AGENT)];
  const bare: Transaction = { layer: 0, type: 1, inputs: [inputOf(source), inputOf(paying)], outputs, lockTime: 0 };
  const digest = computeSighash(
    sighashSourceOf(bare),
    { index: 0, scriptCode: source.script, amountField: encodeAmountField('credit', source.amount) },
    SIGHASH_ALL,
  );
  const signature = secp256k1.sign(digest, keys.member(0).secret, { prehash: false, lowS: true, format: 'der' });
  const [, second] = signKeySpends(bare, [
    { coin: { ...source, script: scriptOf(AGENT) }, ...personOf(AGENT) },
    { coin: paying, ...personOf(AGENT) },
  ]).inputs;
  const first = { ...inputOf(source), witness: [new Uint8Array(0), Uint8Array.of(...signature, SIGHASH_ALL)] };
  const [credit] = await include(node, { ...bare, inputs: [first, second as Transaction['inputs'][number]] });
  return credit as Coin;
};

const draw = async (node: FixtureNode, blocks: number): Promise<{ readonly cash: Coin; readonly owed: Coin }> => {
  const [credit, own] = [await grant(node), genesisCoin(node, 2, DEBTOR)];
  const script = buildDebtScript({ tag: matchPayToKey(scriptOf(DEBTOR)) as Uint8Array, term: { kind: 'blocks', blocks } });
  const outputs = [{ element: 'debt' as const, amount: VC, script }, value(100n * VC, DEBTOR)];
  const bare: Transaction = { layer: 0, type: 0, inputs: [inputOf(credit), inputOf(own)], outputs, lockTime: 0 };
  const spends = [
    { coin: credit, ...personOf(AGENT) },
    { coin: own, ...personOf(DEBTOR) },
  ];
  const [owed, cash] = await include(node, signKeySpends(bare, spends));
  return { cash: cash as Coin, owed: owed as Coin };
};

const pays = (cash: Coin, amount: bigint): Uint8Array => {
  const bare: Transaction = { layer: 0, type: 0, inputs: [inputOf(cash)], outputs: [value(amount, PAYEE)], lockTime: 0 };
  return encodeTransaction(signKeySpends(bare, [{ coin: cash, ...personOf(DEBTOR) }]));
};

const makeFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'vc-frozen-'));
  folders.push(folder);
  return folder;
};

const open = (folder: string): Promise<FixtureNode> => openFixtureNode(folder);

describe('a node with a debtor', () => {
  test('DE4 ND23 ND5 knows who is frozen from the block after, in pool and blocks, and after a restart', async () => {
    const folder = makeFolder();
    const node = await open(folder);
    const { cash, owed } = await draw(node, 4);
    await node.grow(3);
    const late = pays(cash, 80n * VC);
    expect(node.chain.tip().header.economy).toMatchObject({ debt: VC, overdue: VC });
    expect(await node.mempool.submit(late)).toMatchObject({ fault: 'frozen', detail: { input: 0, clause: 1 } });
    const time = node.time();
    await node.close();

    const again = await open(folder);
    again.setTime(time);
    expect(await again.mempool.submit(late)).toMatchObject({ fault: 'frozen' });
    const inputs = [inputOf(cash), inputOf(owed)];
    const bare: Transaction = { layer: 0, type: 0, inputs, outputs: [value(99n * VC - 500n, DEBTOR)], lockTime: 0 };
    const [first] = signKeySpends(bare, [{ coin: cash, ...personOf(DEBTOR) }]).inputs;
    const [left] = await include(again, { ...bare, inputs: [first as (typeof inputs)[number], inputOf(owed)] });
    expect(again.chain.tip().header.economy).toMatchObject({ debt: 0n, overdue: 0n });
    expect(await again.mempool.submit(pays(left as Coin, 90n * VC))).not.toHaveProperty('fault');
    await again.close();
  });

  test('DE4 ND23 what waits in the pool leaves it when its owner is frozen', async () => {
    const [here, there] = [await open(makeFolder()), await open(makeFolder())];
    const { cash } = await draw(here, 3);
    await here.grow(1);
    await feed(here, there);
    expect(await here.mempool.submit(pays(cash, 90n * VC))).not.toHaveProperty('fault');
    there.setTime(here.time());
    await there.grow(1);
    expect(here.mempool.pool.size).toBe(1);
    await feed(there, here);
    expect(here.chain.tip().header.economy.overdue).toBe(VC);
    expect(here.mempool.pool.size).toBe(0);
    await Promise.all([here.close(), there.close()]);
  });
});
