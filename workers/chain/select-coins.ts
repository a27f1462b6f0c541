import { type Fault, fault } from '#protocol/fault';

export interface Candidate {
  readonly outpoint: string;
  readonly amount: bigint;
}

export interface SelectionTarget {
  /** base units to be paid to others */
  readonly amount: bigint;
  /** units per virtual byte */
  readonly feeRate: bigint;
  /** weight units of everything but inputs and change */
  readonly baseWeight: bigint;
  /** smallest change worth having */
  readonly leastChange: bigint;
}

export interface Selection {
  readonly coins: readonly Candidate[];
  readonly fee: bigint;
  /** 0: no change output */
  readonly change: bigint;
}

/** P2WPKH: outpoint, empty script, sequence four times; witness of count, 72 byte signature, 33 byte key with their lengths */
export const INPUT_WEIGHT = 272n;
/** amount, length and 22 byte script, four times */
export const CHANGE_WEIGHT = 124n;
const TRIES = 20_000;

/** Virtual bytes are weight units by four, rounded up. */
export const feeForWeight = (weight: bigint, rate: bigint): bigint => ((weight + 3n) / 4n) * rate;

const totalOf = (coins: readonly Candidate[]): bigint => coins.reduce((sum, coin) => sum + coin.amount, 0n);

/** What is left over when these coins pay; undefined when they do not suffice. */
const settle = (coins: readonly Candidate[], target: SelectionTarget): Selection | undefined => {
  const weight = target.baseWeight + INPUT_WEIGHT * BigInt(coins.length);
  const total = totalOf(coins);
  const plain = total - target.amount - feeForWeight(weight, target.feeRate);
  if (plain < 0n) return undefined;
  const withChange = total - target.amount - feeForWeight(weight + CHANGE_WEIGHT, target.feeRate);
  if (withChange < target.leastChange) return { coins, fee: total - target.amount, change: 0n };
  return { coins, fee: total - target.amount - withChange, change: withChange };
};

/**
 * Looks for coins that pay without change: depth first over coins from the largest, at most `TRIES` steps.
 *
 * @source Murch, An Evaluation of Coin Selection Strategies (2016), branch and bound
 */
const searchExact = (sorted: readonly Candidate[], target: SelectionTarget): Selection | undefined => {
  const cost = feeForWeight(INPUT_WEIGHT, target.feeRate);
  const goal = target.amount + feeForWeight(target.baseWeight, target.feeRate);
  const slack = feeForWeight(CHANGE_WEIGHT, target.feeRate) + target.leastChange;
  const values = sorted.map((coin) => coin.amount - cost);
  const rests = values.map((_, place) => values.slice(place).reduce((sum, value) => sum + (value > 0n ? value : 0n), 0n));
  let tries = 0;
  let best: readonly number[] | undefined;
  const visit = (place: number, sum: bigint, taken: readonly number[]): void => {
    if (best !== undefined || tries++ > TRIES || sum > goal + slack) return;
    if (sum >= goal) {
      best = taken;
      return;
    }
    if (place >= values.length || sum + (rests[place] as bigint) < goal) return;
    visit(place + 1, sum + (values[place] as bigint), [...taken, place]);
    visit(place + 1, sum, taken);
  };
  visit(0, 0n, []);
  const found = best?.map((place) => sorted[place] as Candidate);
  const selection = found && settle(found, target);
  return selection?.change === 0n ? selection : undefined;
};

/** beyond this many coins the exact search has little to find and its depth would cost more than it saves */
const EXACT_LIMIT = 60;

/**
 * Chooses coins that pay `target`: without change where a small search finds it, else from the largest down.
 *
 * @fault `insufficient-funds`: all coins together do not pay amount and fee
 * @source SPEC CW1
 */
export const selectCoins = (coins: readonly Candidate[], target: SelectionTarget): Selection | Fault<'insufficient-funds'> => {
  const cost = feeForWeight(INPUT_WEIGHT, target.feeRate);
  const sorted = coins.filter((coin) => coin.amount > cost).sort((a, b) => (a.amount > b.amount ? -1 : a.amount < b.amount ? 1 : 0));
  const exact = searchExact(sorted.slice(0, EXACT_LIMIT), target);
  if (exact !== undefined) return exact;
  for (let count = 1; count <= sorted.length; count++) {
    const selection = settle(sorted.slice(0, count), target);
    if (selection !== undefined) return selection;
  }
  const fee = feeForWeight(target.baseWeight + INPUT_WEIGHT * BigInt(Math.max(1, sorted.length)), target.feeRate);
  return fault('insufficient-funds', { available: totalOf(coins), needed: target.amount + fee });
};

/** All of the coins given, chosen by hand. @fault `insufficient-funds` @source SPEC CW2 */
export const settleCoins = (coins: readonly Candidate[], target: SelectionTarget): Selection | Fault<'insufficient-funds'> =>
  settle(coins, target) ?? fault('insufficient-funds', { available: totalOf(coins), needed: target.amount });

/** Everything the coins hold, the fee taken from it. @fault `insufficient-funds` @source SPEC CW2 */
export const sweepCoins = (
  coins: readonly Candidate[],
  target: Omit<SelectionTarget, 'amount'>,
): (Selection & { readonly amount: bigint }) | Fault<'insufficient-funds'> => {
  const fee = feeForWeight(target.baseWeight + INPUT_WEIGHT * BigInt(coins.length), target.feeRate);
  const total = totalOf(coins);
  if (coins.length === 0 || total <= fee) return fault('insufficient-funds', { available: total, needed: fee });
  return { coins, fee, change: 0n, amount: total - fee };
};
