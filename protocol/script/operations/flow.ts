import { type Machine, type Operation, type Operations, operation, plain } from '../machine.ts';
import { isTruthy } from '../number.ts';
import { OP } from '../opcodes.ts';
import type { ScriptFaultCode } from '../script-fault.ts';

const SEQUENCE_DISABLE = 2 ** 31;
const LOCK_NUMBER_BYTES = 5;

const isMinimalCondition = (item: Uint8Array): boolean => item.length === 0 || (item.length === 1 && item[0] === 1);

/** These four run in branches that are not taken too. */
const enter =
  (negated: boolean) =>
  (m: Machine): ScriptFaultCode | undefined => {
    if (!m.executing) {
      m.enterBranch(false);
      return undefined;
    }
    if (m.stack.length < 1) return 'unbalanced-conditional';
    const condition = m.peek(1);
    if (m.rules.MINIMALIF && !isMinimalCondition(condition)) return 'minimalif';
    m.pop();
    m.enterBranch(isTruthy(condition) !== negated);
    return undefined;
  };

const invertBranch = (m: Machine): ScriptFaultCode | undefined => {
  if (m.branches.length === 0) return 'unbalanced-conditional';
  m.enterBranch(!m.leaveBranch());
  return undefined;
};

const endBranch = (m: Machine): ScriptFaultCode | undefined => {
  if (m.branches.length === 0) return 'unbalanced-conditional';
  m.leaveBranch();
  return undefined;
};

const checkLockTime = (m: Machine): ScriptFaultCode | undefined => {
  if (!m.rules.CHECKLOCKTIMEVERIFY) return undefined;
  if (m.stack.length < 1) return 'invalid-stack-operation';
  const lockTime = m.peekNumber(1, LOCK_NUMBER_BYTES);
  if (lockTime === undefined) return 'scriptnum';
  if (lockTime < 0) return 'negative-locktime';
  return m.checker.checkLockTime(lockTime) ? undefined : 'unsatisfied-locktime';
};

const checkSequence = (m: Machine): ScriptFaultCode | undefined => {
  if (!m.rules.CHECKSEQUENCEVERIFY) return undefined;
  if (m.stack.length < 1) return 'invalid-stack-operation';
  const sequence = m.peekNumber(1, LOCK_NUMBER_BYTES);
  if (sequence === undefined) return 'scriptnum';
  if (sequence < 0) return 'negative-locktime';
  const disabled = Math.floor(sequence / SEQUENCE_DISABLE) % 2 === 1;
  return disabled || m.checker.checkSequence(sequence) ? undefined : 'unsatisfied-locktime';
};

const upgradableNop = (m: Machine): ScriptFaultCode | undefined =>
  m.rules.DISCOURAGE_UPGRADABLE_NOPS ? 'discourage-upgradable-nops' : undefined;

const NOPS: Operations = [OP.NOP1, ...Array.from({ length: OP.NOP10 - OP.NOP4 + 1 }, (_, i) => OP.NOP4 + i)].map((opcode) =>
  operation(opcode, 0, upgradableNop),
);

const pushSmall = (opcode: number): Operation => {
  const item = Uint8Array.of(opcode === OP.NEGATIVE_ONE ? 0x81 : opcode - OP.TRUE + 1);
  return { needs: 0, run: (m) => void m.push(item) };
};

const SMALL_NUMBERS: Operations = [OP.NEGATIVE_ONE, ...Array.from({ length: 16 }, (_, i) => OP.TRUE + i)].map((opcode) => [
  opcode,
  pushSmall(opcode),
]);

/** @source SPEC SC1 */
export const FLOW_OPERATIONS: Operations = [
  ...SMALL_NUMBERS,
  ...NOPS,
  plain(OP.NOP, 0, () => undefined),
  operation(OP.IF, 0, enter(false)),
  operation(OP.NOTIF, 0, enter(true)),
  operation(OP.ELSE, 0, invertBranch),
  operation(OP.ENDIF, 0, endBranch),
  operation(OP.VERIFY, 1, (m) => (m.popBoolean() ? undefined : 'verify')),
  operation(OP.RETURN, 0, () => 'op-return'),
  operation(OP.CHECKLOCKTIMEVERIFY, 0, checkLockTime),
  operation(OP.CHECKSEQUENCEVERIFY, 0, checkSequence),
];
