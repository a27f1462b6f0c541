import { concatBytes } from '../codec/bytes.ts';
import { encodeHex } from '../codec/hex.ts';
import { hash160 } from '../crypto/hash.ts';
import type { RecordEntry } from '../records/record-leaf.ts';
import { isDataOutput } from '../script/forms/data-output.ts';
import { matchDebtScript } from '../script/forms/debt.ts';
import { matchKeyCheck } from '../script/forms/key-check.ts';
import type { StakeLimits } from '../script/forms/stake.ts';
import { matchStake, type PlacedOutput, stripStakePrefix } from '../script/forms/stake.ts';
import { computeOwnerTag } from '../script/owner-tag.ts';
import { encodePush } from '../script/push.ts';

type RecordName = Pick<RecordEntry, 'table' | 'key'>;

const elementsOf = (output: PlacedOutput, limits: StakeLimits): Uint8Array[] => {
  if (isDataOutput(output)) return [];
  const script = stripStakePrefix(output, limits);
  const stake = matchStake(output, limits);
  const keyCheck = matchKeyCheck(script);
  const named = matchDebtScript(script)?.tag ?? (keyCheck?.kind === 'key' ? keyCheck.keyHash : undefined);
  return [
    computeOwnerTag(output, limits),
    ...(named === undefined ? [] : [named]),
    ...(stake === undefined ? [] : [hash160(concatBytes(Uint8Array.of(2), stake.key))]),
  ];
};

const recordElements = ({ table, key }: RecordName): Uint8Array[] => [
  hash160(concatBytes(encodePush(table), encodePush(key))),
  hash160(encodePush(table)),
];

/**
 * What a block's filter lets a wallet find: whose the outputs are that it makes, spends or reads, and which records it writes.
 *
 * @shape result: distinct, 20 bytes each
 * @source SPEC FI1; spec 02, filters
 */
export const computeFilterElements = (
  outputs: Iterable<PlacedOutput>,
  records: readonly RecordName[],
  limits: StakeLimits,
): Uint8Array[] => {
  const elements = new Map<string, Uint8Array>();
  const add = (element: Uint8Array): void => void elements.set(encodeHex(element), element);
  for (const output of outputs) elementsOf(output, limits).forEach(add);
  for (const record of records) recordElements(record).forEach(add);
  return [...elements.values()];
};
