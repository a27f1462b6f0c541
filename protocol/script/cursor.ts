import { EMPTY_BYTES } from '../codec/bytes.ts';
import { OP } from './opcodes.ts';

/** Walks over a script, one operation at a time. */
export class ScriptCursor {
  readonly script: Uint8Array;
  offset = 0;
  opcode = 0;
  /** what a push pushes as it stands in the script: shares its memory; empty for other opcodes */
  data: Uint8Array = EMPTY_BYTES;

  constructor(script: Uint8Array) {
    this.script = script;
  }

  get atEnd(): boolean {
    return this.offset >= this.script.length;
  }

  /** False where the script ends inside a push: then the cursor stays after its opcode. */
  advance(): boolean {
    this.opcode = this.script[this.offset++] as number;
    this.data = EMPTY_BYTES;
    if (this.opcode === 0 || this.opcode > OP.PUSHDATA4) return true;
    return this.readPush();
  }

  private readPush(): boolean {
    const width = this.opcode < OP.PUSHDATA1 ? 0 : this.opcode === OP.PUSHDATA1 ? 1 : this.opcode === OP.PUSHDATA2 ? 2 : 4;
    let length = width === 0 ? this.opcode : 0;
    if (this.offset + width > this.script.length) return false;
    for (let i = width - 1; i >= 0; i--) length = length * 256 + (this.script[this.offset + i] as number);
    const start = this.offset + width;
    if (start + length > this.script.length) return false;
    this.data = this.script.subarray(start, start + length);
    this.offset = start + length;
    return true;
  }
}
