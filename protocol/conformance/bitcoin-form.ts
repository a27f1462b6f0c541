import { isNullOutpoint, outpointKey } from '../tx/outpoint.ts';
import { type BitcoinTransaction, encodeBitcoinBase } from './bitcoin-transaction.ts';

const MAX_MONEY = 2_100_000_000_000_000n;
const MAX_BASE_BYTES = 1_000_000;

const areOutputsInRange = ({ outputs }: BitcoinTransaction): boolean => {
  let total = 0n;
  for (const { value } of outputs) {
    total += value;
    if (value > MAX_MONEY || total > MAX_MONEY) return false;
  }
  return true;
};

const areInputsInForm = ({ inputs }: BitcoinTransaction): boolean => {
  if (new Set(inputs.map(({ outpoint }) => outpointKey(outpoint))).size !== inputs.length) return false;
  const [first] = inputs;
  if (first !== undefined && inputs.length === 1 && isNullOutpoint(first.outpoint))
    return first.scriptSig.length >= 2 && first.scriptSig.length <= 100;
  return !inputs.some(({ outpoint }) => isNullOutpoint(outpoint));
};

/** Bitcoin's CheckTransaction: what holds of a transaction without its coins. */
export const isBitcoinForm = (tx: BitcoinTransaction): boolean => {
  if (tx.inputs.length === 0 || tx.outputs.length === 0 || encodeBitcoinBase(tx).length > MAX_BASE_BYTES) return false;
  return areOutputsInRange(tx) && areInputsInForm(tx);
};
