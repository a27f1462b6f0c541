import type { GroupMembers } from '../admission/group.ts';
import { type Fault, fault } from '../fault.ts';
import type { Coin } from '../ledger/coin.ts';
import { computeSums } from '../ledger/sums.ts';
import type { Parameters } from '../params/parameters.ts';
import type { RecordClaim } from '../records/record-claim.ts';
import { computeTxid } from '../tx/identity.ts';
import { CIRCULATION, type Layer } from '../tx/layer.ts';
import type { TransactionOutput } from '../tx/transaction.ts';
import type { TransactionType } from '../tx/transaction-type.ts';
import type { Draft } from './draft.ts';
import { computeDraftFee } from './draft-size.ts';

const REPLACEABLE = 0xffff_fffd;

/** What a transaction does, before somebody pays for it. @shape coins: in the order of the inputs */
export interface BareDraft {
  readonly layer?: Layer;
  readonly type?: TransactionType;
  readonly coins: readonly Coin[];
  readonly outputs: readonly TransactionOutput[];
  readonly claim?: RecordClaim | undefined;
  readonly members?: GroupMembers | undefined;
}

/**
 * Who pays, and how much.
 *
 * @shape coins: of which some are taken; changeScript: of a circulation output
 * @unit feeRate: base units per 1,000 virtual bytes
 */
export interface Funding {
  readonly coins: readonly Coin[];
  readonly changeScript: Uint8Array;
  readonly feeRate: bigint;
  readonly parameters: Parameters;
}

export type FundingFault = Fault<'funds-insufficient' | 'change-locked'>;

export const makeDraft = ({ layer = 0, type = 0, coins, outputs, claim, members }: BareDraft): Draft => ({
  transaction: {
    layer,
    type,
    lockTime: 0,
    inputs: coins.map(({ outpoint }) => ({ outpoint, sequence: REPLACEABLE, witness: [] })),
    outputs,
  },
  coins,
  claim,
  members,
  signatures: [],
});

/** An output as the coin that it will be, before it is in a block. */
export const outputOf = ({ transaction }: Draft, index: number): Coin => ({
  ...(transaction.outputs[index] as TransactionOutput),
  outpoint: { txid: computeTxid(transaction), index },
  layer: transaction.layer,
  type: transaction.type,
  height: 0,
  medianTime: 0,
});

/** Value that no output takes. @unit base units; negative: more is paid than there is */
export const computeSurplus = ({ transaction, coins }: Draft): bigint => {
  const inputs = coins.map(
    (coin, index) => ({ index, coin, use: coin.layer > transaction.layer ? ('reference' as const) : 'spend' }) as const,
  );
  const { valueIn, valueOut } = computeSums({ transaction, inputs });
  return valueIn - valueOut;
};

const isMoney = ({ element, layer }: Coin): boolean => element === 'value' && layer === CIRCULATION;

const byAmount = (a: Coin, b: Coin): number => (a.amount === b.amount ? 0 : a.amount > b.amount ? -1 : 1);

/** Change that costs more than it is worth goes to the fee; above the circulation layer there is none. */
const withChange = (bare: BareDraft, { changeScript, feeRate, parameters }: Funding): Draft | FundingFault | undefined => {
  const plain = makeDraft(bare);
  const excess = computeSurplus(plain) - computeDraftFee(plain, feeRate);
  if (excess < 0n) return undefined;
  const change = (amount: bigint): TransactionOutput => ({ element: 'value', amount, script: changeScript });
  const wide = makeDraft({ ...bare, outputs: [...bare.outputs, change(excess)] });
  const amount = computeSurplus(plain) - computeDraftFee(wide, feeRate);
  const worth = computeDraftFee(wide, feeRate) - computeDraftFee(plain, feeRate);
  if (amount <= worth || amount < parameters.minOutput) return plain;
  if (bare.layer !== undefined && bare.layer !== CIRCULATION) return fault('change-locked', { excess });
  return makeDraft({ ...bare, outputs: [...bare.outputs, change(amount)] });
};

/**
 * Adds coins, the largest first, until value and fee are covered, and change where it is worth its place.
 *
 * @fault `funds-insufficient`: all coins together do not cover it; `change-locked`: a transaction of a higher layer whose
 * coins are larger than it needs, where change would be locked
 * @source SPEC BD2; spec 01, inputs
 */
export const fundDraft = (bare: BareDraft, funding: Funding): Draft | FundingFault => {
  const taken = new Set(bare.coins);
  const money = funding.coins.filter((coin) => isMoney(coin) && !taken.has(coin)).toSorted(byAmount);
  for (let count = 0; count <= money.length; count++) {
    const funded = withChange({ ...bare, coins: [...bare.coins, ...money.slice(0, count)] }, funding);
    if (funded !== undefined) return funded;
  }
  return fault('funds-insufficient', { available: money.reduce((sum, { amount }) => sum + amount, 0n) });
};

/**
 * Makes coins of exact amounts, for transactions of a higher layer, where change would be locked.
 *
 * @unit amounts: base units, raised to `minOutput`
 * @fault those of `fundDraft`
 * @source SPEC BD2; spec 01, inputs
 */
export const planExactCoins = (amounts: readonly bigint[], funding: Funding): Draft | FundingFault => {
  const { changeScript: script, parameters } = funding;
  const raise = (amount: bigint): bigint => {
    if (amount < parameters.minOutput) return parameters.minOutput;
    return amount;
  };
  return fundDraft({ coins: [], outputs: amounts.map((amount) => ({ element: 'value', amount: raise(amount), script })) }, funding);
};
