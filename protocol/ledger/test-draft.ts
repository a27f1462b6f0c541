import { secp256k1 } from '@noble/curves/secp256k1.js';
import { equalBytes } from '../codec/bytes.ts';
import { sha256 } from '../crypto/hash.ts';
import { type Fault, isFault } from '../fault.ts';
import { DEV_PARAMETERS } from '../params/networks.ts';
import type { Parameters } from '../params/parameters.ts';
import { admissionRecord } from '../records/record-leaf.ts';
import { buildMultisigInOrder } from '../script/forms/multisig.ts';
import type { Element } from '../tx/element.ts';
import type { Layer } from '../tx/layer.ts';
import { outpointKey } from '../tx/outpoint.ts';
import type { Transaction, TransactionOutput } from '../tx/transaction.ts';
import { RECORD, type TransactionType } from '../tx/transaction-type.ts';
import type { LedgerPlace } from './check-locks.ts';
import { checkTransaction, type LedgerContext } from './check-transaction.ts';
import type { Coin } from './coin.ts';
import { accountTransaction } from './judge-transaction.ts';
import type { LedgerView } from './ledger-view.ts';
import type { FindCoin } from './resolve.ts';

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

/** The one member of the group that every draft finds, and the script of its sources. */
export const MEMBER_SECRET = sha256(ANYONE);
const MEMBER = secp256k1.getPublicKey(MEMBER_SECRET);
export const SOURCE_SCRIPT = buildMultisigInOrder({ threshold: 1, keys: [MEMBER] });

const GROUP = admissionRecord([MEMBER], 0);

const isAdmission = (table: Uint8Array, key: Uint8Array): boolean => equalBytes(table, GROUP.table) && equalBytes(key, GROUP.key);

/** A state with a group of one, nobody frozen, and as seats what the draft's coins look like. */
const stateOf = (draft: Draft): LedgerView => ({
  findCoin: finder(draft),
  findRecord: (table, key) => (isAdmission(table, key) ? GROUP : undefined),
  findSeat: (outpoint) => (finder(draft)(outpoint)?.type === RECORD && outpoint.index === 0 ? GROUP : undefined),
  findFrozen: () => undefined,
});

const contextOf = (draft: Draft, over: Partial<LedgerContext>): LedgerContext => ({
  place: PLACE,
  parameters: PARAMETERS,
  ...stateOf(draft),
  ...over,
});

/** The rules on what a transaction moves, before anybody's signature is asked for. */
export const account = (draft: Draft, over: Partial<LedgerContext> = {}): bigint | Fault => {
  const accounted = accountTransaction(transactionOf(draft), contextOf(draft, over));
  return isFault(accounted) ? accounted : accounted.fee;
};

/** The whole judgement, as pool and block make it. */
export const judge = (draft: Draft, over: Partial<LedgerContext> = {}): bigint | Fault => {
  const checked = checkTransaction(transactionOf(draft), contextOf(draft, over));
  return isFault(checked) ? checked : checked.fee;
};
