import { CIRCULATION } from '../../tx/layer.ts';
import { OP } from '../opcodes.ts';
import type { PlacedOutput } from './stake.ts';

/** @source SPEC SF7 */
export const FREE_SCRIPT: Uint8Array = Uint8Array.of(OP.TRUE);

/** Interest for the block's maker, who collects it in the same block. @source SPEC SF7 */
export const isFreeOutput = ({ layer, element, script }: Omit<PlacedOutput, 'amount'>): boolean =>
  layer === CIRCULATION && element === 'value' && script.length === 1 && script[0] === OP.TRUE;
