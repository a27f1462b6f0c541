import { concatBytes } from '../codec/bytes.ts';
import { decodeHex } from '../codec/hex.ts';
import { encodeUtf8 } from '../codec/utf8.ts';
import { isFault } from '../fault.ts';
import { encodeScriptNumber } from '../script/number.ts';
import { OP } from '../script/opcodes.ts';
import { encodePlainPush } from './lax-signature.ts';

const NAMES: ReadonlyMap<string, number> = new Map([
  ...Object.entries(OP).filter(([, opcode]) => opcode >= OP.NOP || opcode === OP.RESERVED),
  ['NOP2', OP.CHECKLOCKTIMEVERIFY],
  ['NOP3', OP.CHECKSEQUENCEVERIFY],
  ...Array.from({ length: 7 }, (_, i): [string, number] => [`NOP${i + 4}`, OP.NOP4 + i]),
]);

/** Our own names end with the digit that Bitcoin's begin with. */
const toOwnName = (word: string): string => word.replace(/^OP_/, '').replace(/^(\d)([A-Z]+)$/, '$2$1');

const assembleNumber = (value: number): Uint8Array => {
  if (value === 0) return Uint8Array.of(OP.FALSE);
  if (value === -1 || (value >= 1 && value <= 16)) return Uint8Array.of(OP.TRUE + value - 1);
  return encodePlainPush(encodeScriptNumber(value));
};

const assembleWord = (word: string): Uint8Array | undefined => {
  if (/^-?\d+$/.test(word)) return assembleNumber(Number(word));
  if (/^'.*'$/.test(word)) return encodePlainPush(encodeUtf8(word.slice(1, -1)));
  if (word.startsWith('0x')) {
    const bytes = decodeHex(word.slice(2));
    return isFault(bytes) ? undefined : bytes;
  }
  const opcode = NAMES.get(toOwnName(word));
  return opcode === undefined ? undefined : Uint8Array.of(opcode);
};

/** Reads the notation of Bitcoin Core's test files; undefined where a word is not known. */
export const assembleScript = (text: string): Uint8Array | undefined => {
  const parts = text
    .split(/[ \t\n]+/)
    .filter((word) => word !== '')
    .map(assembleWord);
  return parts.every((part) => part !== undefined) ? concatBytes(...parts) : undefined;
};
