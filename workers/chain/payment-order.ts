import { compareBytes, reverseBytes } from '#protocol/codec/bytes';
import type { Outpoint } from '#protocol/tx/outpoint';
import type { TransactionOutput } from '#protocol/tx/transaction';

/** By txid as it is shown, then by index: the order of inputs tells nothing of who made them. @source SPEC CW41; BIP69 */
export const orderInputs = <Input extends { readonly outpoint: Outpoint }>(inputs: readonly Input[]): Input[] =>
  inputs.toSorted(
    ({ outpoint: one }, { outpoint: other }) => compareBytes(reverseBytes(one.txid), reverseBytes(other.txid)) || one.index - other.index,
  );

/** By amount, then by script: the order of outputs does not tell which is change. @source SPEC CW41; BIP69 */
export const orderOutputs = <Output extends Pick<TransactionOutput, 'amount' | 'script'>>(outputs: readonly Output[]): Output[] =>
  outputs.toSorted((one, other) => {
    if (one.amount !== other.amount) return one.amount < other.amount ? -1 : 1;
    return compareBytes(one.script, other.script);
  });
