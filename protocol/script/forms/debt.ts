import { concatBytes } from '../../codec/bytes.ts';
import { invariant } from '../../invariant.ts';
import { ScriptCursor } from '../cursor.ts';
import { readScriptNumber } from '../number.ts';
import { OP } from '../opcodes.ts';
import { encodeNumberPush, isMinimalPush } from '../push.ts';

const TAG_BYTES = 20;
const TAG_OFFSET = 3;
const TIME_FLAG = 2 ** 22;
const MAX_TERM = 0xffff;
const MAX_EXPIRY = 0xffff_ffff;
const EXPIRY_BYTES = 5;
const BEFORE_TAG = Uint8Array.of(OP.DUP, OP.HASH160, TAG_BYTES);
const AFTER_TAG = Uint8Array.of(OP.EQUAL, OP.IF, OP.CHECKSIG, OP.ELSE, OP.DROP);
const TERM_OFFSET = TAG_OFFSET + TAG_BYTES + AFTER_TAG.length;

/**
 * When a debt may be rolled over by anyone with credit, and is overdue.
 *
 * @unit blocks: 1 to 65,535; intervals: of 512 seconds, 1 to 65,535; lockTime: as a transaction's, not zero
 */
export type DebtTerm =
  | { readonly kind: 'blocks'; readonly blocks: number }
  | { readonly kind: 'time'; readonly intervals: number }
  | { readonly kind: 'expiry'; readonly lockTime: number };

/** @shape tag: 20 bytes, the owner tag of the account that answers */
export interface DebtForm {
  readonly tag: Uint8Array;
  readonly term: DebtTerm;
}

const encodeTerm = (term: DebtTerm): { readonly number: number; readonly opcode: number } => {
  if (term.kind === 'expiry') return { number: term.lockTime, opcode: OP.CHECKLOCKTIMEVERIFY };
  return { number: term.kind === 'blocks' ? term.blocks : TIME_FLAG + term.intervals, opcode: OP.CHECKSEQUENCEVERIFY };
};

/** The operand that a debt's CSV or CLTV is met with. @source SPEC SF3 */
export const encodeTermOperand = (term: DebtTerm): number => encodeTerm(term).number;

const toRelativeTerm = (number: number): DebtTerm | undefined => {
  const value = number % TIME_FLAG;
  if (value < 1 || value > MAX_TERM || number >= 2 * TIME_FLAG) return undefined;
  return number < TIME_FLAG ? { kind: 'blocks', blocks: value } : { kind: 'time', intervals: value };
};

const toTerm = (number: number, opcode: number | undefined): DebtTerm | undefined => {
  if (number < 1) return undefined;
  if (opcode === OP.CHECKSEQUENCEVERIFY) return toRelativeTerm(number);
  return opcode === OP.CHECKLOCKTIMEVERIFY && number <= MAX_EXPIRY ? { kind: 'expiry', lockTime: number } : undefined;
};

/** Whether a debt can have that term: a whole number in its range. @source SPEC SF3 */
export const isDebtTerm = (term: DebtTerm): boolean => {
  const { number, opcode } = encodeTerm(term);
  return Number.isInteger(number) && toTerm(number, opcode)?.kind === term.kind;
};

/** @source SPEC SF3 */
export const buildDebtScript = ({ tag, term }: DebtForm): Uint8Array => {
  const { number, opcode } = encodeTerm(term);
  invariant(tag.length === TAG_BYTES && isDebtTerm(term), 'a debt names an account and a term in range');
  return concatBytes(BEFORE_TAG, tag, AFTER_TAG, encodeNumberPush(number), Uint8Array.of(opcode, OP.ENDIF));
};

const hasBytesAt = (script: Uint8Array, offset: number, bytes: Uint8Array): boolean =>
  bytes.every((byte, index) => script[offset + index] === byte);

const readPushedNumber = (cursor: ScriptCursor): number | undefined => {
  if (cursor.atEnd || !cursor.advance()) return undefined;
  if (cursor.opcode >= OP.TRUE && cursor.opcode <= OP.SIXTEEN) return cursor.opcode - OP.TRUE + 1;
  if (cursor.opcode === 0 || cursor.opcode > EXPIRY_BYTES || !isMinimalPush(cursor.opcode, cursor.data)) return undefined;
  return readScriptNumber(cursor.data, true, EXPIRY_BYTES);
};

/** Reads the standard debt form; whether it stands on a debt output is the caller's to know. @source SPEC SF3 */
export const matchDebtScript = (script: Uint8Array): DebtForm | undefined => {
  if (!hasBytesAt(script, 0, BEFORE_TAG) || !hasBytesAt(script, TAG_OFFSET + TAG_BYTES, AFTER_TAG)) return undefined;
  const cursor = new ScriptCursor(script);
  cursor.offset = TERM_OFFSET;
  const number = readPushedNumber(cursor);
  if (number === undefined || script.length !== cursor.offset + 2 || script[cursor.offset + 1] !== OP.ENDIF) return undefined;
  const term = toTerm(number, script[cursor.offset]);
  return term && { tag: script.subarray(TAG_OFFSET, TAG_OFFSET + TAG_BYTES), term };
};
