import { type Machine, type Operations, operation, plain } from '../machine.ts';
import { encodeScriptNumber, isTruthy } from '../number.ts';
import { OP } from '../opcodes.ts';
import type { ScriptFaultCode } from '../script-fault.ts';

const fromAlternative = (m: Machine): ScriptFaultCode | undefined => {
  const item = m.alternative.pop();
  if (item === undefined) return 'invalid-altstack-operation';
  m.push(item);
  return undefined;
};

/** Takes the depth from the top; what lies there is copied, or moved where `move` says so. */
const take =
  (move: 'copy' | 'move') =>
  (m: Machine): ScriptFaultCode | undefined => {
    const depth = m.peekNumber(1);
    if (depth === undefined) return 'scriptnum';
    m.pop();
    if (depth < 0 || depth >= m.stack.length) return 'invalid-stack-operation';
    const item = m.peek(depth + 1);
    if (move === 'move') m.stack.splice(m.stack.length - depth - 1, 1);
    m.push(item);
    return undefined;
  };

/** Moves `count` items that begin `depth` below the top to the top. */
const rotate = (m: Machine, depth: number, count: number): void => {
  m.stack.push(...m.stack.splice(m.stack.length - depth, count));
};

const copy = (m: Machine, depth: number, count: number): void => {
  for (let i = 0; i < count; i++) m.push(m.peek(depth));
};

/** @source SPEC SC1 */
export const STACK_OPERATIONS: Operations = [
  plain(OP.TOALTSTACK, 1, (m) => m.alternative.push(m.pop())),
  operation(OP.FROMALTSTACK, 0, fromAlternative),
  plain(OP.DROP2, 2, (m) => m.stack.splice(-2)),
  plain(OP.DUP2, 2, (m) => copy(m, 2, 2)),
  plain(OP.DUP3, 3, (m) => copy(m, 3, 3)),
  plain(OP.OVER2, 4, (m) => copy(m, 4, 2)),
  plain(OP.ROT2, 6, (m) => rotate(m, 6, 2)),
  plain(OP.SWAP2, 4, (m) => rotate(m, 4, 2)),
  plain(OP.IFDUP, 1, (m) => isTruthy(m.peek(1)) && m.push(m.peek(1))),
  plain(OP.DEPTH, 0, (m) => m.push(encodeScriptNumber(m.stack.length))),
  plain(OP.DROP, 1, (m) => m.pop()),
  plain(OP.DUP, 1, (m) => m.push(m.peek(1))),
  plain(OP.NIP, 2, (m) => m.stack.splice(-2, 1)),
  plain(OP.OVER, 2, (m) => m.push(m.peek(2))),
  operation(OP.PICK, 2, take('copy')),
  operation(OP.ROLL, 2, take('move')),
  plain(OP.ROT, 3, (m) => rotate(m, 3, 1)),
  plain(OP.SWAP, 2, (m) => rotate(m, 2, 1)),
  plain(OP.TUCK, 2, (m) => m.stack.splice(-2, 0, m.peek(1))),
  plain(OP.SIZE, 1, (m) => m.push(encodeScriptNumber(m.peek(1).length))),
];
