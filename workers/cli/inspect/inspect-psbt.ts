import { encodeHex } from '#protocol/codec/hex';
import { type Fault, isFault } from '#protocol/fault';
import type { Parameters } from '#protocol/params/parameters';
import { checkPsbtInputs, decodePsbt } from '#protocol/psbt/meaning';
import type { PsbtMap } from '#protocol/psbt/psbt';
import { decodeTransaction } from '#protocol/tx/transaction-codec';
import { type Finding, finding } from './finding.ts';
import { describeTransaction } from './inspect-transaction.ts';

/** @source BIP174 and BIP370, in their words */
const GLOBAL: Readonly<Record<number, string>> = {
  0: 'unsignedTransaction',
  1: 'extendedKey',
  2: 'transactionVersion',
  3: 'fallbackLockTime',
  4: 'inputCount',
  5: 'outputCount',
  6: 'modifiable',
  251: 'version',
  252: 'proprietary',
};
const INPUT: Readonly<Record<number, string>> = {
  0: 'previousTransaction',
  1: 'coin',
  2: 'partialSignature',
  3: 'sighashType',
  4: 'redeemScript',
  5: 'witnessScript',
  6: 'keyPath',
  7: 'finalScriptSig',
  8: 'finalWitness',
  14: 'previousTxid',
  15: 'outputIndex',
  16: 'sequence',
  17: 'requiredTime',
  18: 'requiredHeight',
  252: 'proprietary',
};
const OUTPUT: Readonly<Record<number, string>> = {
  0: 'redeemScript',
  1: 'witnessScript',
  2: 'keyPath',
  3: 'amount',
  4: 'script',
  252: 'proprietary',
};

const describeMap = (map: PsbtMap, names: Readonly<Record<number, string>>) =>
  map.map(({ key, value }) => {
    const type = key[0] ?? 0;
    return {
      field: names[type] ?? `0x${type.toString(16)}`,
      key: key.length > 1 ? encodeHex(key.subarray(1)) : undefined,
      value: encodeHex(value),
    };
  });

/** A partially signed transaction: each entry by its name, and what a signer would refuse. */
export const inspectPsbt = (bytes: Uint8Array, parameters: Parameters): Finding | Fault => {
  const read = decodePsbt(bytes);
  if (isFault(read)) return read;
  const { psbt, inputs, outputs, lockTime, transaction } = read;
  const unsigned = decodeTransaction(transaction.unsignedTx);
  const fields = {
    version: psbt.version,
    lockTime,
    transaction: isFault(unsigned) ? undefined : describeTransaction(unsigned, parameters),
    global: describeMap(psbt.global, GLOBAL),
    inputs: inputs.map((map) => describeMap(map, INPUT)),
    outputs: outputs.map((map) => describeMap(map, OUTPUT)),
  };
  return finding('psbt', fields, isFault(unsigned) ? unsigned : undefined, checkPsbtInputs(read));
};
