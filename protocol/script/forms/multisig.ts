import { compareBytes, concatBytes } from '../../codec/bytes.ts';
import { invariant } from '../../invariant.ts';
import { ScriptCursor } from '../cursor.ts';
import { MAX_MULTISIG_KEYS } from '../limits.ts';
import { readScriptNumber } from '../number.ts';
import { OP } from '../opcodes.ts';
import { buildScript, encodeNumberPush, isMinimalPush } from '../push.ts';
import { isCompressedKey } from '../signature-encoding.ts';
import { buildPayToScript } from './pay-to-script.ts';

/** @shape keys: 1 to 20, compressed, in the order of the script; threshold: 1 to their number */
export interface MultisigForm {
  readonly threshold: number;
  readonly keys: readonly Uint8Array[];
}

/** @source SPEC SF2; BIP67 */
export const sortKeys = (keys: readonly Uint8Array[]): readonly Uint8Array[] => keys.toSorted(compareBytes);

/** Keeps the order of the keys: as the admission group wants it. @source SPEC SF2 */
export const buildMultisigInOrder = ({ threshold, keys }: MultisigForm): Uint8Array => {
  invariant(keys.length <= MAX_MULTISIG_KEYS && keys.every(isCompressedKey), 'a multisig has at most 20 compressed keys');
  invariant(threshold >= 1 && threshold <= keys.length, 'a threshold is at most the number of keys');
  return concatBytes(encodeNumberPush(threshold), buildScript(...keys), encodeNumberPush(keys.length), Uint8Array.of(OP.CHECKMULTISIG));
};

/** The witness script, keys sorted. @source SPEC SF2; BIP67 */
export const buildMultisig = ({ threshold, keys }: MultisigForm): Uint8Array => buildMultisigInOrder({ threshold, keys: sortKeys(keys) });

/** @source SPEC SF2 */
export const buildPayToMultisig = (form: MultisigForm): Uint8Array => buildPayToScript(buildMultisig(form));

const readCount = (cursor: ScriptCursor): number | undefined => {
  if (cursor.opcode >= OP.TRUE && cursor.opcode <= OP.SIXTEEN) return cursor.opcode - OP.TRUE + 1;
  const count = cursor.data.length === 1 && isMinimalPush(cursor.opcode, cursor.data) ? readScriptNumber(cursor.data, true) : undefined;
  return count !== undefined && count >= 1 && count <= MAX_MULTISIG_KEYS ? count : undefined;
};

const readKeys = (cursor: ScriptCursor): Uint8Array[] => {
  const keys: Uint8Array[] = [];
  while (!cursor.atEnd && cursor.advance() && cursor.opcode === 33 && isCompressedKey(cursor.data)) keys.push(cursor.data);
  return keys;
};

/** Reads `m <k1> … <kn> n CHECKMULTISIG`, all pushes minimal, nothing before or after. @source SPEC SF2 */
export const matchMultisig = (script: Uint8Array): MultisigForm | undefined => {
  const cursor = new ScriptCursor(script);
  if (cursor.atEnd || !cursor.advance()) return undefined;
  const threshold = readCount(cursor);
  const keys = readKeys(cursor);
  const count = readCount(cursor);
  if (threshold === undefined || count !== keys.length || threshold > count) return undefined;
  const rest = script.subarray(cursor.offset);
  return rest.length === 1 && rest[0] === OP.CHECKMULTISIG ? { threshold, keys } : undefined;
};
