import { secp256k1 } from '@noble/curves/secp256k1.js';
import { beforeEach, describe, expect, test } from 'vitest';
import { encodeHex } from '#protocol/codec/hex';
import { deriveMasterKey } from '#protocol/crypto/hd-key';
import { isFault } from '#protocol/fault';
import type { Coin } from '#protocol/ledger/coin';
import { DEV_PARAMETERS } from '#protocol/params/networks';
import { encodeAddress } from '#protocol/script/address';
import { buildDebtScript, type DebtTerm } from '#protocol/script/forms/debt';
import { buildKeyHashCheck } from '#protocol/script/forms/key-check';
import { buildPayToKey, matchPayToKey } from '#protocol/script/forms/pay-to-key';
import { computeSighash, SIGHASH_ALL, sighashSourceOf } from '#protocol/script/sighash';
import { VC } from '#protocol/state/test-chain';
import { DEBTOR, Market, value } from '#protocol/state/test-market';
import { encodeAmountField } from '#protocol/tx/amount-field';
import type { Transaction } from '#protocol/tx/transaction';
import { decodeTransaction } from '#protocol/tx/transaction-codec';
import { computeOwnerCoins } from '#spv/coins/coin-ledger';
import { executeJob } from '#spv/proof/execute-job';
import { startTestChain, TestPeer } from '#spv/test-network';
import { settleFor } from '../../setup/settle.ts';
import { createMemoryPlatform, ManualClock } from '../platform/memory.ts';
import type { ChainView } from '../rpc/chain-view.ts';
import { ChainService } from './chain-service.ts';
import { describeDebt, dueOf } from './owed.ts';
import { identityFor, TestStreams } from './test-streams.ts';

const account = deriveMasterKey(new Uint8Array(32).fill(3), 'test').derivePath("m/84'/1'/0'");
const own = account.derivePath('0/0');
const script = buildPayToKey(Uint8Array.from(own.publicKey));
const prefix = DEV_PARAMETERS.addressPrefix;
const tag = matchPayToKey(script) as Uint8Array;

const signByOwner = (transaction: Transaction, coins: readonly Coin[]): Transaction => ({
  ...transaction,
  inputs: transaction.inputs.map((input, index) => {
    const coin = coins[index] as Coin;
    if (coin.element === 'debt') return input;
    const place = { index, scriptCode: buildKeyHashCheck(tag), amountField: encodeAmountField(coin.element, coin.amount) };
    const digest = computeSighash(sighashSourceOf(transaction), place, SIGHASH_ALL);
    const signature = secp256k1.sign(digest, Uint8Array.from(own.privateKey as Uint8Array), { prehash: false, lowS: true, format: 'der' });
    return { ...input, witness: [Uint8Array.of(...signature, SIGHASH_ALL), Uint8Array.from(own.publicKey)] };
  }),
});

const spend = (coins: readonly Coin[], outputs: Transaction['outputs']): Transaction =>
  signByOwner(
    { layer: 0, type: 0, lockTime: 0, outputs, inputs: coins.map(({ outpoint }) => ({ outpoint, sequence: 0xffff_fffd, witness: [] })) },
    coins,
  );

let network: ReturnType<typeof startTestChain>;
let market: Market;
let clock: ManualClock;
let streams: TestStreams;

const settle = (seconds = 2): Promise<void> => settleFor(clock, seconds);

const catchUp = async (): Promise<void> => {
  clock.advance(Math.max(0, network.chain.state.tip.time - clock.now()));
  await settle(12);
};

const open = async () => {
  clock.advance(Math.max(0, network.chain.state.tip.time - clock.now()));
  let view: ChainView | undefined;
  const service = await ChainService.open(identityFor(streams.peers.get('a') as TestPeer, [...streams.peers.keys()]), {
    platform: createMemoryPlatform(clock, (length) => new Uint8Array(length).fill(5)),
    network: streams,
    compute: async (job) => executeJob(job),
    onView: (next) => {
      view = next;
    },
    failed: (error) => {
      throw error;
    },
    faucet: undefined,
  });
  await service.start();
  await service.setAccounts([{ account: 0, name: '', xpub: account.neutered().toBase58() }]);
  await settle();
  return { service, balance: () => view?.accounts[0]?.balance };
};

/** Credit granted to the owner, drawn by him alone: 1 VC of value and as much debt in his name. */
const draw = (term: DebtTerm): { readonly debt: Coin; readonly cash: Coin } => {
  const granted = market.grant(VC, script);
  const made = spend(
    [granted],
    [{ element: 'debt', amount: VC - 1_000n, script: buildDebtScript({ tag, term }) }, value(VC - 2_000n, script)],
  );
  market.mine(made);
  return { debt: market.outputOf(made, 0), cash: market.outputOf(made, 1) };
};

beforeEach(() => {
  network = startTestChain(0.3);
  network.chain.grow(40);
  market = new Market({}, network.chain);
  clock = new ManualClock(network.chain.state.tip.time);
  const peer = (): TestPeer => new TestPeer(network.chain, network.bitcoin);
  streams = new TestStreams({ a: peer(), b: peer(), c: peer() });
});

describe('what is owed', () => {
  test('CW45 a debt is shown with the block that makes it overdue, and freezes in that block and not in the one before', async () => {
    draw({ kind: 'blocks', blocks: 6 });
    const drawn = network.chain.state.tip.height;
    const { service, balance } = await open();
    const { targetSpacing } = DEV_PARAMETERS;
    expect(await service.debts(0)).toMatchObject([
      {
        amount: VC - 1_000n,
        due: { height: drawn + 5, time: network.chain.state.tip.time + 5 * targetSpacing },
        standard: true,
        state: 'one-day',
      },
    ]);
    expect(balance()).toMatchObject({ spendable: VC - 2_000n, debt: VC - 1_000n, frozen: 0n });
    network.chain.grow(4);
    await catchUp();
    expect(await service.debts(0)).toMatchObject([{ state: 'one-day' }]);
    expect(balance()).toMatchObject({ frozen: 0n });
    network.chain.grow(1);
    await catchUp();
    expect(network.chain.state.tip.economy.overdue).toBe(VC - 1_000n);
    expect(await service.debts(0)).toMatchObject([{ state: 'overdue' }]);
    expect(balance()).toMatchObject({ spendable: 0n, frozen: VC - 2_000n });
  });

  test('CW45 a term in time is overdue in the same block as for every node, and repaying frees what was frozen', async () => {
    const { debt, cash } = draw({ kind: 'time', intervals: 1 });
    const [more] = market.pay(DEBTOR, value(50_000n, script)) as [Coin];
    const { service, balance } = await open();
    for (let block = 0; network.chain.state.tip.economy.overdue === 0n; block++) {
      expect((await service.debts(0))[0]?.state).toBe('one-day');
      network.chain.grow(1);
      await catchUp();
      if (block > 2_000) throw new Error('it falls due');
    }
    expect((await service.debts(0))[0]).toMatchObject({ state: 'overdue' });
    market.mine(spend([cash, more, debt], [value(40_000n, script)]));
    await catchUp();
    expect(await service.debts(0)).toEqual([]);
    expect(balance()).toMatchObject({ spendable: 40_000n, frozen: 0n, debt: 0n });
  });

  test('CW46 what credit and debt did is told by its kind, and counted apart from value', async () => {
    const granted = market.grant(3n * VC, script);
    const { service } = await open();
    const told = async () =>
      (await service.activity(0, 0, 10)).map(({ kind, change, creditChange, fee }) => ({ kind, change, creditChange, fee }));
    expect(await told()).toEqual([{ kind: 'grant', change: 0n, creditChange: 3n * VC, fee: undefined }]);
    const made = spend(
      [granted],
      [
        { element: 'debt', amount: VC, script: buildDebtScript({ tag, term: { kind: 'blocks', blocks: 50 } }) },
        value(VC - 700n, script),
        { element: 'credit', amount: 2n * VC, script },
      ],
    );
    market.mine(made);
    await catchUp();
    expect((await told())[0]).toEqual({ kind: 'draw', change: VC - 700n, creditChange: -VC, fee: 700n });
    const [more] = market.pay(DEBTOR, value(VC, script)) as [Coin];
    market.mine(spend([market.outputOf(made, 1), more, market.outputOf(made, 0)], [value(VC - 1_500n, script)]));
    await catchUp();
    expect((await told())[0]).toEqual({ kind: 'repay', change: -VC - 800n, creditChange: 0n, fee: 800n });
    const [repaid] = await service.activity(0, 0, 1);
    expect((await service.payment(repaid?.txid ?? ''))?.inputs.map(({ element }) => element)).toEqual(['value', 'value', 'debt']);
  });

  test('CW47 credit is drawn into money and a debt in its own address’s name, and every node takes it', async () => {
    market.grant(3n * VC, script);
    const { service, balance } = await open();
    const due = network.chain.state.tip.time + 3_600;
    const unsigned = await service.planDraw({ account: 0, amount: 2n * VC, due, feeRate: 2n });
    if (isFault(unsigned)) throw new Error(unsigned.fault);
    const drawn = decodeTransaction(unsigned) as Transaction;
    const coins = drawn.inputs.map(({ outpoint }) => network.chain.state.findCoin(outpoint) as Coin);
    market.mine(signByOwner(drawn, coins));
    await catchUp();
    expect(balance()).toMatchObject({ credit: VC, debt: 2n * VC });
    expect(await service.debts(0)).toMatchObject([{ amount: 2n * VC, due: { time: due + 1, height: undefined } }]);
    for (const [amount, code] of [
      [5n * VC, 'credit-insufficient'],
      [100n, 'debt-minimum'],
    ] as const)
      expect(await service.planDraw({ account: 0, amount, due, feeRate: 2n })).toMatchObject({ fault: code });
    expect(await service.planDraw({ account: 0, amount: VC, due: 1_700_000_000, feeRate: 2n })).toMatchObject({ fault: 'debt-overdue' });
    expect(await service.planDraw({ account: 7, amount: VC, due, feeRate: 2n })).toMatchObject({ fault: 'account-unknown' });
  });

  test('CW47 without credit nothing is drawn', async () => {
    const { service } = await open();
    expect(await service.planDraw({ account: 0, amount: VC, due: 1_900_000_000, feeRate: 2n })).toMatchObject({ fault: 'no-credit' });
  });

  test('CW47 frozen money repays, its rest stays in its name, and every node takes it', async () => {
    const { debt } = draw({ kind: 'blocks', blocks: 4 });
    market.pay(DEBTOR, value(5n * VC, script));
    network.chain.grow(3);
    const { service, balance } = await open();
    expect(balance()).toMatchObject({ spendable: 0n, frozen: 6n * VC - 2_000n });
    expect(
      await service.planPayment({ account: 0, to: encodeAddress(script, prefix) ?? '', amount: VC, feeRate: 2n, coins: [] }),
    ).toMatchObject({
      fault: 'insufficient-funds',
    });
    const [owed] = await service.debts(0);
    const unsigned = await service.planRepay({ account: 0, debts: [owed?.outpoint ?? ''], feeRate: 2n });
    if (isFault(unsigned)) throw new Error(unsigned.fault);
    const repayment = decodeTransaction(unsigned) as Transaction;
    expect(repayment.outputs.map((output) => encodeHex(output.script))).toEqual([encodeHex(script)]);
    expect(repayment.inputs.map(({ outpoint }) => outpoint)).toContainEqual(debt.outpoint);
    market.mine(
      signByOwner(
        repayment,
        repayment.inputs.map(({ outpoint }) => network.chain.state.findCoin(outpoint) as Coin),
      ),
    );
    await catchUp();
    expect(await service.debts(0)).toEqual([]);
    expect(balance()).toMatchObject({ frozen: 0n, debt: 0n });
    expect(await service.planRepay({ account: 0, debts: [owed?.outpoint ?? ''], feeRate: 2n })).toMatchObject({ fault: 'debt-absent' });
  });

  test('CW45 the nearest comes first, and how near it is said by days and by a fifth of its term', async () => {
    const now = network.chain.state.tip.time;
    const day = 86_400;
    const after = (seconds: number): DebtTerm => ({ kind: 'expiry', lockTime: now + seconds });
    for (const seconds of [60 * day, 0.5 * day, 10 * day, 2 * day]) draw(after(seconds));
    const { service } = await open();
    expect((await service.debts(0)).map(({ state }) => state)).toEqual(['one-day', 'three-days', 'due-soon', 'on-track']);
    const { chain, ledger } = service.driver;
    const owed = computeOwnerCoins(ledger, encodeHex(tag))?.coins.filter(({ element }) => element === 'debt') ?? [];
    const longest = owed.find((coin) => dueOf(coin, DEV_PARAMETERS)?.due === now + 60 * day + 1);
    if (chain === undefined || longest === undefined) throw new Error('it is held');
    const stateAt = (left: number): string => describeDebt(longest, chain, now + 60 * day + 1 - left).state;
    expect([14 * day + 1, 14 * day, 3 * day + 1, 3 * day, day].map(stateAt)).toEqual([
      'on-track',
      'due-soon',
      'due-soon',
      'three-days',
      'one-day',
    ]);
  });
});
