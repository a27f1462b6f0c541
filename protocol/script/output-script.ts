import { type Fault, fault } from '../fault.ts';
import { isDataOutput } from './forms/data-output.ts';
import { type PlacedOutput, type StakeLimits, stripStakePrefix } from './forms/stake.ts';
import { OP } from './opcodes.ts';
import { isCompressedKey } from './signature-encoding.ts';

export type OutputScriptFault = Fault<'return-script' | 'key-like-script'>;

/**
 * The script that is left when every prefix of a stake is gone: a coinbase pays to the owner script as it stands, which
 * registers a stake of its own where it begins with a prefix and the sum is large enough.
 */
const innermostScript = (output: PlacedOutput, limits: StakeLimits): Uint8Array => {
  let [script, inner] = [output.script, stripStakePrefix(output, limits)];
  while (inner !== script) {
    script = inner;
    inner = stripStakePrefix({ ...output, script, amount: limits.minStake }, limits);
  }
  return script;
};

/**
 * The two rules by which a script makes its output invalid; any other is somebody's own concern.
 *
 * @fault `return-script`: begins with RETURN and is no data output; `key-like-script`: would carry a key's owner tag
 * @source SPEC SF8, SF9
 */
export const checkOutputScript = (output: PlacedOutput, limits: StakeLimits): OutputScriptFault | undefined => {
  if (output.script[0] === OP.RETURN) return isDataOutput(output) ? undefined : fault('return-script');
  return isCompressedKey(innermostScript(output, limits)) ? fault('key-like-script') : undefined;
};
