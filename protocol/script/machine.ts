import { EMPTY_BYTES } from '../codec/bytes.ts';
import { ScriptCursor } from './cursor.ts';
import { isTruthy, readScriptNumber } from './number.ts';
import type { ScriptRules } from './rules.ts';
import type { ScriptFaultCode } from './script-fault.ts';
import type { AcceptedSignature, SignatureChecker } from './signature-checker.ts';

const TRUE_BYTES = Uint8Array.of(1);

/** One run of one script: its stacks, its place, and what it has counted. Items are shared and never changed. */
export class Machine {
  readonly cursor: ScriptCursor;
  readonly stack: Uint8Array[];
  readonly alternative: Uint8Array[] = [];
  readonly branches: boolean[] = [];
  readonly rules: ScriptRules;
  readonly checker: SignatureChecker;
  readonly accepted: AcceptedSignature[] = [];
  codeStart = 0;
  operations = 0;
  checks = 0;
  private falseBranches = 0;

  constructor(script: Uint8Array, stack: Uint8Array[], rules: ScriptRules, checker: SignatureChecker) {
    this.cursor = new ScriptCursor(script);
    this.stack = stack;
    this.rules = rules;
    this.checker = checker;
  }

  get executing(): boolean {
    return this.falseBranches === 0;
  }

  /** @shape depth: 1 is the top; the caller has asked how deep the stack is */
  peek(depth: number): Uint8Array {
    return this.stack[this.stack.length - depth] as Uint8Array;
  }

  pop(): Uint8Array {
    return this.stack.pop() as Uint8Array;
  }

  push(item: Uint8Array): void {
    this.stack.push(item);
  }

  pushBoolean(value: boolean): void {
    this.stack.push(value ? TRUE_BYTES : EMPTY_BYTES);
  }

  peekNumber(depth: number, maximum?: number): number | undefined {
    return readScriptNumber(this.peek(depth), this.rules.MINIMALDATA, maximum);
  }

  enterBranch(taken: boolean): void {
    this.branches.push(taken);
    if (!taken) this.falseBranches++;
  }

  leaveBranch(): boolean {
    const taken = this.branches.pop() as boolean;
    if (!taken) this.falseBranches--;
    return taken;
  }

  popBoolean(): boolean {
    return isTruthy(this.pop());
  }
}

export interface Operation {
  /** fewest items on the stack */
  readonly needs: number;
  readonly run: (machine: Machine) => ScriptFaultCode | undefined;
}

export type Operations = readonly (readonly [opcode: number, operation: Operation])[];

export const operation = (opcode: number, needs: number, run: (machine: Machine) => ScriptFaultCode | undefined): Operations[number] => [
  opcode,
  { needs, run },
];

/** An operation that cannot fail once the stack is deep enough. */
export const plain = (opcode: number, needs: number, run: (machine: Machine) => unknown): Operations[number] =>
  operation(opcode, needs, (machine) => {
    run(machine);
    return undefined;
  });
