import { concatBytes, EMPTY_BYTES } from '../../codec/bytes.ts';
import { invariant } from '../../invariant.ts';
import type { TransactionOutput } from '../../tx/transaction.ts';
import { ScriptCursor } from '../cursor.ts';
import { OP } from '../opcodes.ts';
import { encodePush, isMinimalPush } from '../push.ts';

/** @unit bytes @source SPEC SF8 */
export const MAX_DATA_BYTES = 80;

/** @shape data: at most 80 bytes @source SPEC SF8 */
export const buildDataScript = (data: Uint8Array): Uint8Array => {
  invariant(data.length <= MAX_DATA_BYTES, 'data is short');
  return concatBytes(Uint8Array.of(OP.RETURN), encodePush(data));
};

const readMinimalPush = (cursor: ScriptCursor): Uint8Array | undefined => {
  const { opcode, data } = cursor;
  if (opcode === OP.NEGATIVE_ONE) return Uint8Array.of(0x81);
  if (opcode >= OP.TRUE && opcode <= OP.SIXTEEN) return Uint8Array.of(opcode - OP.TRUE + 1);
  if (opcode === OP.FALSE) return EMPTY_BYTES;
  return opcode <= OP.PUSHDATA4 && isMinimalPush(opcode, data) ? data : undefined;
};

/** The data of exactly `RETURN <one minimal push>`. @shape result: at most 80 bytes @source SPEC SF8 */
export const matchDataScript = (script: Uint8Array): Uint8Array | undefined => {
  if (script[0] !== OP.RETURN || script.length < 2) return undefined;
  const cursor = new ScriptCursor(script);
  cursor.offset = 1;
  if (!cursor.advance() || !cursor.atEnd) return undefined;
  const data = readMinimalPush(cursor);
  return data !== undefined && data.length <= MAX_DATA_BYTES ? data : undefined;
};

/** Whether an output only carries data: it has no owner tag and is in neither state nor filters. @source SPEC SF8 */
export const isDataOutput = ({ element, amount, script }: TransactionOutput): boolean =>
  element === 'value' && amount === 0n && matchDataScript(script) !== undefined;
