import { type Fault, fault } from '../fault.ts';
import { isDataOutput } from './forms/data-output.ts';
import { type PlacedOutput, type StakeLimits, stripStakePrefix } from './forms/stake.ts';
import { OP } from './opcodes.ts';
import { isCompressedKey } from './signature-encoding.ts';

export type OutputScriptFault = Fault<'return-script' | 'key-like-script'>;

/**
 * The two rules by which a script makes its output invalid; any other is somebody's own concern.
 *
 * @fault `return-script`: begins with RETURN and is no data output; `key-like-script`: would carry a key's owner tag
 * @source SPEC SF8, SF9
 */
export const checkOutputScript = (output: PlacedOutput, limits: StakeLimits): OutputScriptFault | undefined => {
  if (output.script[0] === OP.RETURN) return isDataOutput(output) ? undefined : fault('return-script');
  return isCompressedKey(stripStakePrefix(output, limits)) ? fault('key-like-script') : undefined;
};
