import { equalBytes } from '../../codec/bytes.ts';
import { type Machine, type Operations, operation, plain } from '../machine.ts';
import { encodeScriptNumber } from '../number.ts';
import { OP } from '../opcodes.ts';
import type { ScriptFaultCode } from '../script-fault.ts';

const unary = (opcode: number, compute: (a: number) => number): Operations[number] =>
  operation(opcode, 1, (m) => {
    const a = m.peekNumber(1);
    if (a === undefined) return 'scriptnum';
    m.pop();
    m.push(encodeScriptNumber(compute(a)));
    return undefined;
  });

const combine = (m: Machine, compute: (a: number, b: number) => number): ScriptFaultCode | undefined => {
  const a = m.peekNumber(2);
  const b = m.peekNumber(1);
  if (a === undefined || b === undefined) return 'scriptnum';
  m.stack.splice(-2);
  m.push(encodeScriptNumber(compute(a, b)));
  return undefined;
};

const binary = (opcode: number, compute: (a: number, b: number) => number): Operations[number] =>
  operation(opcode, 2, (m) => combine(m, compute));

const compare = (opcode: number, holds: (a: number, b: number) => boolean): Operations[number] =>
  binary(opcode, (a, b) => (holds(a, b) ? 1 : 0));

const isEqualNumber = (a: number, b: number): number => (a === b ? 1 : 0);

const within = (m: Machine): ScriptFaultCode | undefined => {
  const [x, low, high] = [m.peekNumber(3), m.peekNumber(2), m.peekNumber(1)];
  if (x === undefined || low === undefined || high === undefined) return 'scriptnum';
  m.stack.splice(-3);
  m.pushBoolean(low <= x && x < high);
  return undefined;
};

const equal = (m: Machine): void => m.pushBoolean(equalBytes(m.pop(), m.pop()));

/** @source SPEC SC1 */
export const ARITHMETIC_OPERATIONS: Operations = [
  plain(OP.EQUAL, 2, equal),
  operation(OP.EQUALVERIFY, 2, (m) => (equalBytes(m.pop(), m.pop()) ? undefined : 'equalverify')),
  unary(OP.ADD1, (a) => a + 1),
  unary(OP.SUB1, (a) => a - 1),
  unary(OP.NEGATE, (a) => 0 - a),
  unary(OP.ABS, (a) => Math.abs(a)),
  unary(OP.NOT, (a) => (a === 0 ? 1 : 0)),
  unary(OP.NOTEQUAL0, (a) => (a === 0 ? 0 : 1)),
  binary(OP.ADD, (a, b) => a + b),
  binary(OP.SUB, (a, b) => a - b),
  compare(OP.BOOLAND, (a, b) => a !== 0 && b !== 0),
  compare(OP.BOOLOR, (a, b) => a !== 0 || b !== 0),
  binary(OP.NUMEQUAL, isEqualNumber),
  operation(OP.NUMEQUALVERIFY, 2, (m) => combine(m, isEqualNumber) ?? (m.popBoolean() ? undefined : 'numequalverify')),
  compare(OP.NUMNOTEQUAL, (a, b) => a !== b),
  compare(OP.LESSTHAN, (a, b) => a < b),
  compare(OP.GREATERTHAN, (a, b) => a > b),
  compare(OP.LESSTHANOREQUAL, (a, b) => a <= b),
  compare(OP.GREATERTHANOREQUAL, (a, b) => a >= b),
  binary(OP.MIN, (a, b) => Math.min(a, b)),
  binary(OP.MAX, (a, b) => Math.max(a, b)),
  operation(OP.WITHIN, 3, within),
];
