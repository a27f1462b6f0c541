import { isFault } from '../fault.ts';
import { computeFeeSize } from '../tx/identity.ts';
import { type Ask, askOf, type Draft, isClaimed } from './draft.ts';

const EMPTY = new Uint8Array(0);
const SIGNATURE = new Uint8Array(72);
const KEY = new Uint8Array(33);
const PER_THOUSAND = 1_000n;

const longestWitness = (ask: Ask): readonly Uint8Array[] => {
  if (ask.kind === 'nothing') return [];
  if (ask.kind === 'key') return [SIGNATURE, KEY];
  const named = ask.named === undefined ? [] : [SIGNATURE];
  return [EMPTY, ...Array.from({ length: ask.threshold }, () => SIGNATURE), ...named];
};

const checksOf = (ask: Ask): number => {
  if (ask.kind === 'multisig') return ask.keys.length + (ask.named === undefined ? 0 : 1);
  return ask.kind === 'key' ? 1 : 0;
};

/**
 * What a draft counts for fees once all have signed it, at most.
 *
 * @unit virtual bytes
 * @source SPEC BD2, TX4
 */
export const computeDraftSize = (draft: Draft): number => {
  const { transaction, coins, claim } = draft;
  let checks = 0;
  const inputs = transaction.inputs.map((input, index) => {
    const ask = askOf(draft, index);
    if (isFault(ask)) return input;
    checks += checksOf(ask);
    const coin = coins[index];
    const shown = claim !== undefined && coin !== undefined && isClaimed(coin) ? [claim.table, claim.key, claim.value] : [];
    return { ...input, witness: [...longestWitness(ask), ...shown] };
  });
  return computeFeeSize({ ...transaction, inputs }, checks);
};

/** @unit rate: base units per 1,000 virtual bytes; result: base units, rounded up @source SPEC BD2 */
export const computeDraftFee = (draft: Draft, rate: bigint): bigint =>
  (rate * BigInt(computeDraftSize(draft)) + PER_THOUSAND - 1n) / PER_THOUSAND;
