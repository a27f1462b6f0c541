import { encodeHex } from '../codec/hex.ts';
import { type AddressPrefix, encodeAddress } from '../script/address.ts';
import { isDataOutput } from '../script/forms/data-output.ts';
import { type DebtTerm, matchDebtScript } from '../script/forms/debt.ts';
import { isFreeOutput } from '../script/forms/free-output.ts';
import { matchMultisig } from '../script/forms/multisig.ts';
import { buildPayToKeyHash } from '../script/forms/pay-to-key.ts';
import { matchRecordCommitment } from '../script/forms/record-commitment.ts';
import { type Layer, MANAGEMENT } from '../tx/layer.ts';
import type { TransactionOutput } from '../tx/transaction.ts';

/**
 * Whose an output is, in a form that people can be shown.
 *
 * @shape address: bech32; keys: hexadecimal, compressed; script: hexadecimal
 */
export type OutputOwner =
  | { readonly kind: 'address' | 'seat'; readonly address: string }
  | { readonly kind: 'debtor'; readonly address: string; readonly term: DebtTerm }
  | { readonly kind: 'members'; readonly threshold: number; readonly keys: readonly string[] }
  | { readonly kind: 'commitment' | 'maker' | 'data' }
  | { readonly kind: 'script'; readonly script: string };

type Placed = Pick<TransactionOutput, 'element' | 'amount' | 'script'> & { readonly layer: Layer };

/** Reads from its script whose an output or a coin is. @source SPEC BD17 */
export const describeOwner = (output: Placed, prefix: AddressPrefix): OutputOwner => {
  const { element, layer, amount, script } = output;
  const debt = element === 'debt' ? matchDebtScript(script) : undefined;
  const debtor = debt && encodeAddress(buildPayToKeyHash(debt.tag), prefix);
  if (debt !== undefined && debtor !== undefined) return { kind: 'debtor', address: debtor, term: debt.term };
  const members = matchMultisig(script);
  if (members !== undefined) return { kind: 'members', threshold: members.threshold, keys: members.keys.map(encodeHex) };
  if (matchRecordCommitment(script) !== undefined) return { kind: 'commitment' };
  if (isFreeOutput(output)) return { kind: 'maker' };
  if (isDataOutput(output)) return { kind: 'data' };
  const address = encodeAddress(script, prefix);
  if (address === undefined) return { kind: 'script', script: encodeHex(script) };
  return { kind: amount === 0n && layer === MANAGEMENT ? 'seat' : 'address', address };
};
