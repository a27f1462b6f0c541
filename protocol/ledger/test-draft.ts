import { sha256 } from '../crypto/hash.ts';
import { type Fault, isFault } from '../fault.ts';
import { DEV_PARAMETERS } from '../params/networks.ts';
import type { Parameters } from '../params/parameters.ts';
import type { Element } from '../tx/element.ts';
import type { Layer } from '../tx/layer.ts';
import { outpointKey } from '../tx/outpoint.ts';
import type { Transaction, TransactionOutput } from '../tx/transaction.ts';
import type { TransactionType } from '../tx/transaction-type.ts';
import { checkLocks, type LedgerPlace } from './check-locks.ts';
import { checkScripts } from './check-scripts.ts';
import { checkAmounts, checkTransaction } from './check-transaction.ts';
import type { Coin } from './coin.ts';
import { type FindCoin, resolveInputs } from './resolve.ts';

export const PARAMETERS: Parameters = { ...DEV_PARAMETERS, minOutput: 500n };
export const PLACE: LedgerPlace = { height: 1_000, medianTime: 1_800_000_000 };
/** A bare script that asks for nothing: what is judged here is everything else. */
export const ANYONE = Uint8Array.of(0x51);

let made = 0;

/** A coin that nobody made, deep enough for every lock. */
export const coinOf = (element: Element, amount: bigint, layer: Layer = 0, over: Partial<Coin> = {}): Coin => ({
  outpoint: { txid: sha256(Uint8Array.of(1, made & 255, made++ >> 8)), index: 0 },
  element,
  amount,
  script: ANYONE,
  layer,
  type: 0,
  height: 10,
  medianTime: 1_700_000_000,
  ...over,
});

export const outputOf = (element: Element, amount: bigint, script: Uint8Array = ANYONE): TransactionOutput => ({ element, amount, script });

/** A transaction with the coins that its inputs name. */
export interface Draft {
  readonly coins: readonly Coin[];
  readonly outputs: readonly TransactionOutput[];
  readonly layer?: Layer;
  readonly type?: TransactionType;
  readonly lockTime?: number;
  readonly sequences?: readonly number[];
  readonly witnesses?: readonly (readonly Uint8Array[])[];
}

export const transactionOf = (draft: Draft): Transaction => ({
  layer: draft.layer ?? 0,
  type: draft.type ?? 0,
  inputs: draft.coins.map(({ outpoint }, i) => ({
    outpoint,
    sequence: draft.sequences?.[i] ?? 0xffff_fffd,
    witness: draft.witnesses?.[i] ?? [],
  })),
  outputs: draft.outputs,
  lockTime: draft.lockTime ?? 0,
});

const finder = ({ coins }: Draft): FindCoin => {
  const byKey = new Map(coins.map((coin) => [outpointKey(coin.outpoint), coin]));
  return (outpoint) => byKey.get(outpointKey(outpoint));
};

/** The rules after form and place, whether in force yet or not. */
export const judgeRules = (draft: Draft, place = PLACE, parameters = PARAMETERS): bigint | Fault => {
  const resolved = resolveInputs(transactionOf(draft), finder(draft));
  if ('fault' in resolved) return resolved;
  const fee = checkAmounts(resolved, parameters);
  if (isFault(fee)) return fee;
  const locked = checkLocks(resolved, place, parameters);
  if (locked !== undefined) return locked;
  const checks = checkScripts(resolved, parameters);
  return isFault(checks) ? checks : fee;
};

/** The whole judgement, as pool and block make it. */
export const judge = (draft: Draft, place = PLACE, parameters = PARAMETERS, findCoin = finder(draft)): bigint | Fault => {
  const checked = checkTransaction(transactionOf(draft), { place, parameters, findCoin });
  return isFault(checked) ? checked : checked.fee;
};
