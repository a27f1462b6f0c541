import { hash160 } from '../crypto/hash.ts';
import { matchDebtScript } from './forms/debt.ts';
import { matchPayToKey } from './forms/pay-to-key.ts';
import { type PlacedOutput, type StakeLimits, stripStakePrefix } from './forms/stake.ts';

/** The tag of a script that stands on value or credit. @shape 20 bytes @source SPEC SF9 */
export const computeScriptTag = (script: Uint8Array): Uint8Array => matchPayToKey(script) ?? hash160(script);

/**
 * Computes whose an output is; of a data output nobody asks.
 *
 * @shape result: 20 bytes, which may share memory with the script
 * @source SPEC SF9
 */
export const computeOwnerTag = (output: PlacedOutput, limits: StakeLimits): Uint8Array => {
  if (output.element === 'debt') return matchDebtScript(output.script)?.tag ?? computeScriptTag(output.script);
  return computeScriptTag(stripStakePrefix(output, limits));
};
