import type { Header } from '../block/header.ts';
import type { Parameters } from '../params/parameters.ts';
import { encodeBits, TARGET_RANGE, targetOfBits } from '../params/target.ts';
import { isBurnHeight } from './heights.ts';

export const MIN_TARGET = 1n << 160n;

const clampTarget = (target: bigint, { maxTarget }: Parameters): bigint =>
  target > maxTarget ? maxTarget : target < MIN_TARGET ? MIN_TARGET : target;

/**
 * The bits of a network's first blocks.
 *
 * @unit totalStake: base units, Σ of genesis stakes
 * @source SPEC ST8; spec 06, initial target
 */
export const computeInitialBits = (totalStake: bigint, parameters: Parameters): number =>
  encodeBits(clampTarget((TARGET_RANGE * BigInt(parameters.slotLength)) / (BigInt(parameters.targetSpacing) * totalStake), parameters));

/**
 * The target after a parent that came `spacing` seconds after its own parent.
 *
 * @source SPEC ST8; spec 03, retarget
 */
export const computeNextTarget = (target: bigint, spacing: number, parameters: Parameters): bigint => {
  const { targetSpacing, retargetWindow } = parameters;
  const seen = Math.min(spacing, 10 * targetSpacing);
  const factor = (retargetWindow - 1) * targetSpacing + 2 * seen;
  return clampTarget((target * BigInt(factor)) / BigInt((retargetWindow + 1) * targetSpacing), parameters);
};

type Dated = Pick<Header, 'height' | 'time' | 'bits'>;

/** Whether the child of `parent` takes its bits over, so that the parent's own parent need not be known. */
export const keepsBits = (parent: Pick<Header, 'height'>, parameters: Parameters): boolean =>
  parent.height === 0 || isBurnHeight(parent.height, parameters) || isBurnHeight(parent.height + 1, parameters);

/** The bits that the child of `parent` must carry. @source SPEC ST8; spec 03, retarget */
export const computeNextBits = (parent: Dated, grandparentTime: number, parameters: Parameters): number =>
  keepsBits(parent, parameters)
    ? parent.bits
    : encodeBits(computeNextTarget(targetOfBits(parent.bits), parent.time - grandparentTime, parameters));
