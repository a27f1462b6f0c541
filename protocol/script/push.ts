import { concatBytes } from '../codec/bytes.ts';
import { invariant } from '../invariant.ts';
import { encodeScriptNumber } from './number.ts';
import { OP } from './opcodes.ts';

const MAX_DIRECT = 75;

/** Which opcode the minimal push of `data` begins with. @source SPEC SC5; BIP62 rule 3 */
const minimalOpcode = (data: Uint8Array): number => {
  if (data.length === 0) return OP.FALSE;
  const [first] = data as Uint8Array & [number];
  if (data.length === 1 && first >= 1 && first <= 16) return OP.TRUE + first - 1;
  if (data.length === 1 && first === 0x81) return OP.NEGATIVE_ONE;
  if (data.length <= MAX_DIRECT) return data.length;
  return data.length < 0x100 ? OP.PUSHDATA1 : OP.PUSHDATA2;
};

export const isMinimalPush = (opcode: number, data: Uint8Array): boolean => opcode === minimalOpcode(data);

/** @shape data: at most 65,535 bytes; result: the only push of it that is minimal @source SPEC SC5 */
export const encodePush = (data: Uint8Array): Uint8Array => {
  invariant(data.length < 0x1_0000, 'a push is short');
  const opcode = minimalOpcode(data);
  if (opcode <= MAX_DIRECT) return concatBytes(Uint8Array.of(opcode), data);
  if (opcode === OP.PUSHDATA1) return concatBytes(Uint8Array.of(opcode, data.length), data);
  if (opcode === OP.PUSHDATA2) return concatBytes(Uint8Array.of(opcode, data.length & 0xff, data.length >> 8), data);
  return Uint8Array.of(opcode);
};

export const encodeNumberPush = (value: number): Uint8Array => encodePush(encodeScriptNumber(value));

/** Puts a script together: numbers are opcodes, bytes are pushed minimally. */
export const buildScript = (...parts: readonly (number | Uint8Array)[]): Uint8Array =>
  concatBytes(...parts.map((part) => (typeof part === 'number' ? Uint8Array.of(part) : encodePush(part))));
