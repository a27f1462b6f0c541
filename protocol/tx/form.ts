import { encodeHex } from '../codec/hex.ts';
import { type Fault, fault } from '../fault.ts';
import { computeWeight } from './identity.ts';
import { MAX_TRANSACTION_WEIGHT } from './limits.ts';
import { isNullOutpoint } from './outpoint.ts';
import type { Transaction } from './transaction.ts';
import { COINBASE, PUNISHMENT } from './transaction-type.ts';

const FINAL_SEQUENCE = 0xffff_ffff;

export type TransactionFormFault = Fault<'transaction-weight' | 'duplicate-outpoint' | 'null-outpoint' | 'coinbase-form'>;

const findRepeatedInput = (tx: Transaction): number => {
  const seen = new Set<string>();
  return tx.inputs.findIndex(({ outpoint }) => seen.size === seen.add(encodeHex(outpoint.txid) + outpoint.index).size);
};

const isCoinbaseForm = (tx: Transaction): boolean => {
  const [input] = tx.inputs;
  return (
    input !== undefined &&
    tx.inputs.length === 1 &&
    isNullOutpoint(input.outpoint) &&
    input.sequence === FINAL_SEQUENCE &&
    input.witness.length === 0
  );
};

/** The declined transaction inside a punishment counts in the block only. */
const computeLimitedWeight = (tx: Transaction): number =>
  computeWeight(tx) - (tx.type === PUNISHMENT ? (tx.inputs[0]?.witness[0]?.length ?? 0) : 0);

/**
 * What a decoded transaction must meet before anything about its coins, layer or type is asked.
 *
 * @fault `transaction-weight`: over the limit; `coinbase-form`: a coinbase whose input is not the null outpoint alone,
 * final and without witness; `null-outpoint`: in any other type; `duplicate-outpoint`: named twice
 * @source SPEC TX5, TX6, TX7
 */
export const checkTransactionForm = (tx: Transaction): TransactionFormFault | undefined => {
  const weight = computeLimitedWeight(tx);
  if (weight > MAX_TRANSACTION_WEIGHT) return fault('transaction-weight', { weight });
  if (tx.type === COINBASE) return isCoinbaseForm(tx) ? undefined : fault('coinbase-form');
  const nullInput = tx.inputs.findIndex(({ outpoint }) => isNullOutpoint(outpoint));
  if (nullInput >= 0) return fault('null-outpoint', { input: nullInput });
  const repeated = tx.inputs.length > 1 ? findRepeatedInput(tx) : -1;
  return repeated >= 0 ? fault('duplicate-outpoint', { input: repeated }) : undefined;
};
