import { encodeReversedHex } from '#protocol/codec/hash32';
import { encodeHex } from '#protocol/codec/hex';
import { type Fault, isFault } from '#protocol/fault';
import { checkTypeLayer } from '#protocol/ledger/check-layer-type';
import { checkSupported } from '#protocol/ledger/check-supported';
import type { Parameters } from '#protocol/params/parameters';
import { encodeAddress } from '#protocol/script/address';
import { isDataOutput } from '#protocol/script/forms/data-output';
import { matchDebtScript } from '#protocol/script/forms/debt';
import { matchMultisig } from '#protocol/script/forms/multisig';
import { matchPayToKey } from '#protocol/script/forms/pay-to-key';
import { matchCollective, matchPayToScript } from '#protocol/script/forms/pay-to-script';
import { matchRecordCommitment } from '#protocol/script/forms/record-commitment';
import { matchStake } from '#protocol/script/forms/stake';
import { checkOutputScript } from '#protocol/script/output-script';
import { computeOwnerTag } from '#protocol/script/owner-tag';
import { checkTransactionForm } from '#protocol/tx/form';
import { computeTxid, computeVirtualSize, computeWeight, computeWtxid } from '#protocol/tx/identity';
import type { Layer } from '#protocol/tx/layer';
import type { Transaction, TransactionOutput } from '#protocol/tx/transaction';
import { decodeTransaction } from '#protocol/tx/transaction-codec';
import { COINBASE } from '#protocol/tx/transaction-type';
import { type Finding, finding } from './finding.ts';

const LAYERS = ['circulation', 'debt', 'management'];
const TYPES = ['transfer', 'credit authorisation', 'punishment', 'record', 'coinbase'];

const formOf = (output: TransactionOutput, layer: Layer, parameters: Parameters): string => {
  const { script } = output;
  if (isDataOutput(output)) return 'data';
  if (matchStake({ ...output, layer }, parameters) !== undefined) return 'stake';
  if (output.element === 'debt' && matchDebtScript(script) !== undefined) return 'debt';
  if (matchPayToKey(script) !== undefined) return 'pay to key';
  if (matchPayToScript(script) !== undefined) return 'pay to script';
  if (matchCollective(script) !== undefined) return 'collective';
  if (matchRecordCommitment(script) !== undefined) return 'record commitment';
  return matchMultisig(script) === undefined ? 'bare script' : 'multisig';
};

const describeOutput = (output: TransactionOutput, layer: Layer, parameters: Parameters) => ({
  element: output.element,
  amount: output.amount,
  script: encodeHex(output.script),
  form: formOf(output, layer, parameters),
  address: encodeAddress(output.script, parameters.addressPrefix),
  ownerTag: isDataOutput(output) ? undefined : encodeHex(computeOwnerTag({ ...output, layer }, parameters)),
});

export const describeTransaction = (transaction: Transaction, parameters: Parameters): Finding['fields'] => ({
  txid: encodeReversedHex(computeTxid(transaction)),
  wtxid: encodeReversedHex(computeWtxid(transaction)),
  layer: LAYERS[transaction.layer],
  type: TYPES[transaction.type],
  weight: computeWeight(transaction),
  virtualSize: computeVirtualSize(transaction),
  lockTime: transaction.lockTime,
  inputs: transaction.inputs.map(({ outpoint, sequence, witness }) => ({
    outpoint: `${encodeReversedHex(outpoint.txid)}:${outpoint.index}`,
    sequence,
    witness: witness.map(encodeHex),
  })),
  outputs: transaction.outputs.map((output) => describeOutput(output, transaction.layer, parameters)),
});

/** The rules that a transaction can be judged by without its coins, in their order. */
export const judgeTransaction = (transaction: Transaction, parameters: Parameters): readonly (Fault | undefined)[] => [
  checkTransactionForm(transaction),
  transaction.type === COINBASE ? undefined : checkTypeLayer(transaction),
  ...transaction.outputs.map((output) => checkOutputScript({ ...output, layer: transaction.layer }, parameters)),
  checkSupported(transaction, parameters),
];

export const inspectTransaction = (bytes: Uint8Array, parameters: Parameters): Finding | Fault => {
  const transaction = decodeTransaction(bytes);
  if (isFault(transaction)) return transaction;
  return finding('transaction', describeTransaction(transaction, parameters), ...judgeTransaction(transaction, parameters));
};
