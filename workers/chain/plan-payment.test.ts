import { describe, expect, test } from 'vitest';
import { asHash32 } from '#protocol/codec/hash32';
import { encodeBytes } from '#protocol/codec/writer';
import { sha256 } from '#protocol/crypto/hash';
import { isFault } from '#protocol/fault';
import { invariant } from '#protocol/invariant';
import { TEST_PARAMETERS } from '#protocol/params/networks';
import { testKey } from '#protocol/state/test-chain';
import { outpointKey } from '#protocol/tx/outpoint';
import { decodeTransaction } from '#protocol/tx/transaction-codec';
import { planPayment } from './plan-payment.ts';
import { Wallet, type WalletCoin } from './wallet.ts';

const { minOutput } = TEST_PARAMETERS;
const scripts = { to: testKey(1).script, change: testKey(2).script };

const coinOf = (amount: bigint, index: number): WalletCoin => {
  const outpoint = { txid: asHash32(sha256(encodeBytes((writer) => writer.u32(index)))), index };
  const place = { layer: 0, type: 0, height: 1, time: 1, medianTime: 1 } as const;
  const coin = { ...place, outpoint, element: 'value' as const, amount, script: testKey(3).script };
  return { coin, key: outpointKey(outpoint), tag: '', account: 0, provedAt: 1, underWay: false, state: 'spendable' };
};

/** A wallet on a network that refuses small outputs, whose proved coins are these. */
class Holding extends Wallet {
  private readonly held: readonly WalletCoin[];

  constructor(...amounts: readonly bigint[]) {
    super(TEST_PARAMETERS, () => {
      throw new Error('a plan asks for nothing but coins');
    });
    this.held = amounts.map(coinOf);
  }

  override coins(): readonly WalletCoin[] {
    return this.held;
  }
}

const plan = (wallet: Wallet, amount: bigint | 'all') =>
  planPayment({ account: 0, to: '', amount, feeRate: 1n, coins: [] }, wallet, scripts);

describe('a payment is planned', () => {
  test('CW2 nothing below the network’s least output is paid, whether asked for or all that the fee leaves', () => {
    const rich = new Holding(1_000_000n);
    expect(plan(rich, minOutput - 1n)).toMatchObject({ fault: 'dust', detail: { units: minOutput - 1n, minimum: minOutput } });
    expect(isFault(plan(rich, minOutput))).toBe(false);
    expect(plan(new Holding(minOutput + 20n), 'all')).toMatchObject({ fault: 'dust' });
    expect(plan(new Holding(20n), 'all')).toMatchObject({ fault: 'insufficient-funds' });
  });

  test('CW2 change below the network’s least output is left to the fee', () => {
    const made = plan(new Holding(500_000n), 500_000n - minOutput - 10n);
    invariant(!isFault(made), 'there is enough');
    expect(decodeTransaction(made)).toMatchObject({ outputs: [{ amount: 500_000n - minOutput - 10n }] });
  });

  test('CW2 a payment has at most a thousand inputs; everything is sent by as many as fit', () => {
    const many = new Holding(...Array.from({ length: 1_001 }, () => 10_000n));
    expect(plan(many, 9_935_000n)).toMatchObject({ fault: 'too-many-inputs', detail: { inputs: 1_001 } });
    const all = plan(many, 'all');
    invariant(!isFault(all), 'a thousand are enough');
    expect(decodeTransaction(all)).toMatchObject({ inputs: { length: 1_000 } });
  });
});
