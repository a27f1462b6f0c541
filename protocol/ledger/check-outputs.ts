import { type Fault, fault } from '../fault.ts';
import type { Parameters } from '../params/parameters.ts';
import { isDataOutput } from '../script/forms/data-output.ts';
import { checkOutputScript, type OutputScriptFault } from '../script/output-script.ts';
import type { Element } from '../tx/element.ts';
import { CIRCULATION, DEBT_LAYER, type Layer, MANAGEMENT } from '../tx/layer.ts';
import type { TransactionOutput } from '../tx/transaction.ts';
import { COINBASE, PUNISHMENT } from '../tx/transaction-type.ts';
import { type ResolvedTransaction, spendsOf } from './resolve.ts';

const ELEMENTS_OF_LAYER: Readonly<Record<Layer, readonly Element[]>> = {
  [CIRCULATION]: ['value', 'credit', 'debt'],
  [DEBT_LAYER]: ['value', 'debt'],
  [MANAGEMENT]: ['value', 'credit'],
};

export type OutputAmountFault = Fault<'element-layer' | 'management-value' | 'amount-minimum' | 'no-outputs'>;

const minimumOf = ({ element, amount, script }: TransactionOutput, layer: Layer, parameters: Parameters): bigint => {
  if (element === 'debt') return parameters.minDebt;
  if (element === 'credit') return 1n;
  return layer === MANAGEMENT || isDataOutput({ element, amount, script }) ? 0n : parameters.minOutput;
};

const checkAmount = (output: TransactionOutput, layer: Layer, parameters: Parameters): undefined | OutputAmountFault => {
  if (!ELEMENTS_OF_LAYER[layer].includes(output.element)) return fault('element-layer', { element: output.element, layer });
  if (layer === MANAGEMENT && output.element === 'value' && output.amount !== 0n)
    return fault('management-value', { amount: output.amount });
  const minimum = minimumOf(output, layer, parameters);
  return output.amount < minimum ? fault('amount-minimum', { amount: output.amount, minimum }) : undefined;
};

const mayHaveNone = (resolved: ResolvedTransaction): boolean => {
  const { layer, type } = resolved.transaction;
  return layer === MANAGEMENT || type === COINBASE || type === PUNISHMENT || spendsOf(resolved).some(({ coin }) => coin.element === 'debt');
};

/**
 * Elements, amounts and scripts of the outputs, in their order.
 *
 * @fault `no-outputs`; `element-layer`; `management-value`: other than 0; `amount-minimum`: below 1, minDebt or minOutput;
 * `return-script`, `key-like-script`
 * @source SPEC LE6
 */
export const checkOutputs = (resolved: ResolvedTransaction, parameters: Parameters): undefined | OutputAmountFault | OutputScriptFault => {
  const { layer, outputs } = resolved.transaction;
  if (outputs.length === 0 && !mayHaveNone(resolved)) return fault('no-outputs');
  for (const [index, output] of outputs.entries()) {
    const broken = checkAmount(output, layer, parameters) ?? checkOutputScript({ ...output, layer }, parameters);
    if (broken !== undefined) return fault(broken.fault, { ...broken.detail, output: index });
  }
  return undefined;
};
