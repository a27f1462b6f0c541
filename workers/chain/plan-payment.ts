import { type Fault, fault, isFault } from '#protocol/fault';
import { MAX_AMOUNT } from '#protocol/tx/amount';
import type { Transaction, TransactionOutput } from '#protocol/tx/transaction';
import { encodeTransaction } from '#protocol/tx/transaction-codec';
import type { PaymentIntent } from '../rpc/chain-calls.ts';
import { orderInputs, orderOutputs } from './payment-order.ts';
import {
  type Candidate,
  CHANGE_WEIGHT,
  feeForWeight,
  INPUT_WEIGHT,
  type SelectionTarget,
  selectCoins,
  settleCoins,
  sweepCoins,
} from './select-coins.ts';
import { displayOutpoint, type Wallet, type WalletCoin } from './wallet.ts';

/** version, marker, flag, counts and lock time of a transaction with few inputs and outputs, in weight units */
const FRAME_WEIGHT = 44n;
/** a payment can be replaced by one that pays more. @source BIP125 */
const REPLACEABLE = 0xffff_fffd;
/** highest rate a screen may ask for: a slip of the finger beyond it is refused */
const MAX_FEE_RATE = 100_000n;
/** inputs of one payment: 272 weight units each stay below the limit of a transaction */
const MAX_INPUTS = 1_000;

/** What a payment from one coin to one payee with change costs. @unit rate: units per virtual byte */
export const computeUsualFee = (rate: bigint): bigint => feeForWeight(FRAME_WEIGHT + INPUT_WEIGHT + 2n * CHANGE_WEIGHT, rate);

const larger = (a: bigint, b: bigint): bigint => {
  if (a > b) return a;
  return b;
};

const outputWeight = (script: Uint8Array): bigint => BigInt(4 * (9 + script.length));

interface Chosen {
  readonly amount: bigint;
  readonly coins: readonly Candidate[];
  readonly change: bigint;
}

const checkIntent = (intent: PaymentIntent, wallet: Wallet): true | Fault => {
  if (intent.feeRate < 1n || intent.feeRate > MAX_FEE_RATE) return fault('fee-rate', { rate: intent.feeRate });
  if (intent.amount === 'all') return true;
  if (intent.amount <= 0n) return fault('amount-zero');
  if (intent.amount > MAX_AMOUNT) return fault('amount-too-large', { units: intent.amount });
  const { minOutput } = wallet.parameters;
  return intent.amount < minOutput ? fault('dust', { units: intent.amount, minimum: minOutput }) : true;
};

/** @fault `coin-unknown`, `coin-not-spendable`: a coin chosen by hand is not there or cannot be spent */
const candidatesFor = (intent: PaymentIntent, wallet: Wallet): readonly WalletCoin[] | Fault => {
  const all = wallet.coins(intent.account);
  if (intent.coins.length === 0) return all.filter((entry) => entry.state === 'spendable');
  const byName = new Map(all.map((entry) => [displayOutpoint(entry.coin), entry]));
  const chosen: WalletCoin[] = [];
  for (const name of new Set(intent.coins)) {
    const entry = byName.get(name);
    if (entry === undefined) return fault('coin-unknown', { outpoint: name });
    if (entry.state !== 'spendable') return fault('coin-not-spendable', { outpoint: name, state: entry.state });
    chosen.push(entry);
  }
  return chosen;
};

const choose = (intent: PaymentIntent, coins: readonly Candidate[], base: Omit<SelectionTarget, 'amount'>): Chosen | Fault => {
  if (intent.amount === 'all') return sweepCoins(coins.slice(0, MAX_INPUTS), base);
  const target = { ...base, amount: intent.amount };
  const selection = intent.coins.length > 0 ? settleCoins(coins, target) : selectCoins(coins, target);
  return isFault(selection) ? selection : { ...selection, amount: intent.amount };
};

/**
 * Builds the unsigned transaction of a payment; nothing is reserved by it.
 *
 * @shape scripts: the payee's, and one of an address of the same account that was not given out
 * @fault `fee-rate`, `amount-zero`, `amount-too-large`, `dust`, `coin-unknown`, `coin-not-spendable`, `insufficient-funds`,
 * `too-many-inputs`
 * @source SPEC CW1, CW2, CW41
 */
export const planPayment = (
  intent: PaymentIntent,
  wallet: Wallet,
  scripts: { readonly to: Uint8Array; readonly change: Uint8Array },
): Uint8Array | Fault => {
  const checked = checkIntent(intent, wallet);
  if (checked !== true) return checked;
  const entries = candidatesFor(intent, wallet);
  if (isFault(entries)) return entries;
  const { minOutput } = wallet.parameters;
  const spendCost = feeForWeight(INPUT_WEIGHT, intent.feeRate);
  const leastChange = larger(spendCost, minOutput);
  const base = { feeRate: intent.feeRate, baseWeight: FRAME_WEIGHT + outputWeight(scripts.to), leastChange };
  const candidates = entries.map((entry) => ({ outpoint: entry.key, amount: entry.coin.amount }));
  const chosen = choose(intent, candidates, base);
  if (isFault(chosen)) return chosen;
  if (chosen.coins.length > MAX_INPUTS) return fault('too-many-inputs', { inputs: chosen.coins.length });
  if (chosen.amount < minOutput) return fault('dust', { units: chosen.amount, minimum: minOutput });
  return encodeTransaction(build(entries, chosen, scripts));
};

const build = (
  entries: readonly WalletCoin[],
  chosen: Chosen,
  scripts: { readonly to: Uint8Array; readonly change: Uint8Array },
): Transaction => {
  const byKey = new Map(entries.map((entry) => [entry.key, entry]));
  const inputs = chosen.coins
    .map((coin) => byKey.get(coin.outpoint))
    .filter((entry) => entry !== undefined)
    .map((entry) => ({ outpoint: entry.coin.outpoint, sequence: REPLACEABLE, witness: [] }));
  const paid: TransactionOutput = { element: 'value', amount: chosen.amount, script: scripts.to };
  const change: TransactionOutput = { element: 'value', amount: chosen.change, script: scripts.change };
  const outputs = orderOutputs(chosen.change > 0n ? [paid, change] : [paid]);
  return { layer: 0, type: 0, inputs: orderInputs(inputs), outputs, lockTime: 0 };
};
