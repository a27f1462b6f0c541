import { fault } from '../fault.ts';
import { MAX_ELEMENT_BYTES, MAX_OPERATIONS, MAX_SCRIPT_BYTES, MAX_STACK_ITEMS } from './limits.ts';
import { Machine, type Operation } from './machine.ts';
import { isDisabled, OP } from './opcodes.ts';
import { ARITHMETIC_OPERATIONS } from './operations/arithmetic.ts';
import { FLOW_OPERATIONS } from './operations/flow.ts';
import { HASH_OPERATIONS } from './operations/hashing.ts';
import { SIGNATURE_OPERATIONS } from './operations/signatures.ts';
import { STACK_OPERATIONS } from './operations/stack.ts';
import { isMinimalPush } from './push.ts';
import type { ScriptRules } from './rules.ts';
import type { ScriptFault, ScriptFaultCode } from './script-fault.ts';
import type { AcceptedSignature, SignatureChecker } from './signature-checker.ts';

/** What a script left behind. @unit checks: as blocks count them */
export interface Evaluation {
  readonly stack: readonly Uint8Array[];
  readonly accepted: readonly AcceptedSignature[];
  readonly checks: number;
}

const TABLE: readonly (Operation | undefined)[] = (() => {
  const table = new Array<Operation | undefined>(256).fill(undefined);
  for (const operations of [STACK_OPERATIONS, ARITHMETIC_OPERATIONS, FLOW_OPERATIONS, HASH_OPERATIONS, SIGNATURE_OPERATIONS])
    for (const [opcode, operation] of operations) table[opcode] = operation;
  return table;
})();

const pushData = (m: Machine, opcode: number): ScriptFaultCode | undefined => {
  if (m.rules.MINIMALDATA && !isMinimalPush(opcode, m.cursor.data)) return 'minimaldata';
  m.push(m.cursor.data);
  return undefined;
};

const runOperation = (m: Machine, opcode: number): ScriptFaultCode | undefined => {
  const operation = TABLE[opcode];
  if (operation === undefined) return 'bad-opcode';
  return m.stack.length < operation.needs ? 'invalid-stack-operation' : operation.run(m);
};

const step = (m: Machine): ScriptFaultCode | undefined => {
  if (!m.cursor.advance()) return 'bad-opcode';
  const { opcode } = m.cursor;
  if (m.cursor.data.length > MAX_ELEMENT_BYTES) return 'push-size';
  if (opcode > OP.SIXTEEN && ++m.operations > MAX_OPERATIONS) return 'op-count';
  if (isDisabled(opcode)) return 'disabled-opcode';
  if (opcode === OP.CODESEPARATOR && m.rules.CONST_SCRIPTCODE) return 'op-codeseparator';
  if (!m.executing && (opcode < OP.IF || opcode > OP.ENDIF)) return undefined;
  return opcode <= OP.PUSHDATA4 ? pushData(m, opcode) : runOperation(m, opcode);
};

/**
 * Runs a script on a stack, which it takes over.
 *
 * @fault the first rule broken, with the place after the operation that broke it
 * @source SPEC SC1, SC2, SC3
 */
export const evaluateScript = (
  script: Uint8Array,
  stack: Uint8Array[],
  rules: ScriptRules,
  checker: SignatureChecker,
): Evaluation | ScriptFault => {
  if (script.length > MAX_SCRIPT_BYTES) return fault('script-size', { size: script.length });
  const m = new Machine(script, stack, rules, checker);
  while (!m.cursor.atEnd) {
    const broken = step(m);
    if (broken !== undefined) return fault(broken, { offset: m.cursor.offset });
    if (m.stack.length + m.alternative.length > MAX_STACK_ITEMS) return fault('stack-size', { offset: m.cursor.offset });
  }
  return m.branches.length > 0 ? fault('unbalanced-conditional') : m;
};
