import { concatBytes } from '../../codec/bytes.ts';
import { isLiftableKey } from '../../crypto/key.ts';
import { invariant } from '../../invariant.ts';
import type { Element } from '../../tx/element.ts';
import { DEBT_LAYER, type Layer } from '../../tx/layer.ts';
import { OP } from '../opcodes.ts';

const KEY_BYTES = 32;
const SHARE_BYTES = 2;
const SHARE_OFFSET = 34;
const PREFIX_BYTES = 37;
/** @unit basis points */
export const MAX_SHARE = 10_000;

/** An output together with the layer of its transaction; a coin is one. */
export interface PlacedOutput {
  readonly element: Element;
  readonly amount: bigint;
  readonly script: Uint8Array;
  readonly layer: Layer;
}

/** The parameter that says what is a stake: a network's parameters are one. @unit base units */
export interface StakeLimits {
  readonly minStake: bigint;
}

/** @shape key: x-only, 32 bytes; ownerScript: shares memory with the output's script @unit share: basis points to the operator */
export interface StakeForm {
  readonly key: Uint8Array;
  readonly share: number;
  readonly ownerScript: Uint8Array;
}

const hasPrefixShape = (script: Uint8Array): boolean =>
  script.length >= PREFIX_BYTES &&
  script[0] === KEY_BYTES &&
  script[SHARE_OFFSET - 1] === SHARE_BYTES &&
  script[PREFIX_BYTES - 1] === OP.DROP2 &&
  script[PREFIX_BYTES] !== OP.RETURN;

const liftable = new WeakMap<Uint8Array, boolean>();

/** Asked several times of one output, and the dearest question of all that are asked: answered once for each script object. */
const namesLiftableKey = (script: Uint8Array): boolean => {
  const known = liftable.get(script);
  if (known !== undefined) return known;
  const answer = isLiftableKey(script.subarray(1, 1 + KEY_BYTES));
  liftable.set(script, answer);
  return answer;
};

/**
 * Reads the stake that an output registers; undefined where it is an ordinary output.
 *
 * @source SPEC SF5
 */
export const matchStake = (output: PlacedOutput, limits: StakeLimits): StakeForm | undefined => {
  const { script } = output;
  if (output.layer !== DEBT_LAYER || output.element !== 'value' || output.amount < limits.minStake) return undefined;
  if (!hasPrefixShape(script)) return undefined;
  const share = (script[SHARE_OFFSET] as number) + 256 * (script[SHARE_OFFSET + 1] as number);
  const key = script.subarray(1, 1 + KEY_BYTES);
  return share <= MAX_SHARE && namesLiftableKey(script) ? { key, share, ownerScript: script.subarray(PREFIX_BYTES) } : undefined;
};

/** The script that decides who spends an output: a stake's owner script, else its own. @source SPEC SF5 */
export const stripStakePrefix = (output: PlacedOutput, limits: StakeLimits): Uint8Array =>
  matchStake(output, limits)?.ownerScript ?? output.script;

/** @shape key: x-only, 32 bytes, on the curve @unit share: basis points, at most 10,000 @source SPEC SF5 */
export const buildStakeScript = ({ key, share, ownerScript }: StakeForm): Uint8Array => {
  invariant(key.length === KEY_BYTES && share >= 0 && share <= MAX_SHARE, 'a stake names a key and a share');
  const prefix = Uint8Array.of(SHARE_BYTES, share & 0xff, share >> 8, OP.DROP2);
  return concatBytes(Uint8Array.of(KEY_BYTES), key, prefix, ownerScript);
};
