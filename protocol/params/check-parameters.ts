import type { Brand } from '../brand.ts';
import { type Fault, fault } from '../fault.ts';
import { findOutOfRange } from './field.ts';
import type { Parameters } from './parameters.ts';
import { PARAMETER_FIELDS } from './schema.ts';
import { decodeBits, TARGET_RANGE } from './target.ts';

export type CheckedParameters = Brand<Parameters, 'CheckedParameters'>;

export type ParameterFaultCode =
  | 'parameter-range'
  | 'maturity-below-reorganisation'
  | 'maturity-below-bitcoin-lag'
  | 'too-few-genesis-stakes'
  | 'burn-timeout-below-spacing'
  | 'judge-window-above-maturity'
  | 'drift-above-slot'
  | 'bitcoin-stale-above-lag'
  | 'max-target-not-min-stake'
  | 'spacing-below-slot'
  | 'group-bounds'
  | 'bitcoin-checkpoint'
  | 'bitcoin-limit';

const BITCOIN_SPACING = 600;
const BITCOIN_PERIOD = 2_016;

type Relation = readonly [ParameterFaultCode, (p: Parameters) => boolean];

/** Every relation between parameters that spec 06 has checked on load, then those that follow from their meaning. */
const RELATIONS: readonly Relation[] = [
  ['maturity-below-reorganisation', (p) => p.stakeMaturity >= p.maxReorg],
  ['maturity-below-bitcoin-lag', (p) => p.stakeMaturity * p.targetSpacing >= 3 * p.bitcoinLag],
  ['too-few-genesis-stakes', (p) => p.genesisStakes > 2 * p.stakeMaturity],
  ['burn-timeout-below-spacing', (p) => p.burnTimeout * p.slotLength >= p.targetSpacing],
  ['judge-window-above-maturity', (p) => p.judgeWindow * 2 <= p.stakeMaturity * p.targetSpacing],
  ['drift-above-slot', (p) => p.slotLength <= 1 || p.maxDrift < p.slotLength],
  ['bitcoin-stale-above-lag', (p) => p.name === 'dev' || p.bitcoinStale * BITCOIN_SPACING <= p.bitcoinLag],
  ['max-target-not-min-stake', (p) => p.maxTarget === TARGET_RANGE / p.minStake],
  ['spacing-below-slot', (p) => p.targetSpacing >= p.slotLength],
  ['group-bounds', (p) => p.groupMin <= p.groupMax],
  ['bitcoin-checkpoint', (p) => !p.bitcoin.retargets || p.bitcoin.checkpoint.height % BITCOIN_PERIOD === 0],
  ['bitcoin-limit', (p) => typeof decodeBits(p.bitcoin.limitBits) === 'bigint'],
];

/**
 * Every parameter is in its range and stands in the relations that consensus rests on.
 *
 * @fault `parameter-range` with the parameter's name; each relation by its code
 * @source SPEC PA1, PA2; spec 06, checked on load
 */
export const checkParameters = (parameters: Parameters): CheckedParameters | Fault<ParameterFaultCode> => {
  const { name, ...values } = parameters;
  const outside = findOutOfRange(PARAMETER_FIELDS, values);
  if (outside !== undefined) return fault('parameter-range', { parameter: outside });
  const broken = RELATIONS.find(([, holds]) => !holds(parameters));
  return broken === undefined ? (parameters as CheckedParameters) : fault(broken[0], { network: name });
};
