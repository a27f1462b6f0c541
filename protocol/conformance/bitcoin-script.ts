import { equalBytes } from '../codec/bytes.ts';
import { ScriptCursor } from '../script/cursor.ts';
import { type Evaluation, evaluateScript } from '../script/interpreter.ts';
import { isTruthy } from '../script/number.ts';
import { OP } from '../script/opcodes.ts';
import type { SignatureChecker } from '../script/signature-checker.ts';
import { matchWitnessProgram, runWitnessVersion0, type WitnessProgram } from '../script/witness-program.ts';
import { makeLegacyChecker, makeWitnessChecker } from './bitcoin-checker.ts';
import { type BitcoinFlags, legacyRules, witnessRules } from './bitcoin-flags.ts';
import type { BitcoinInput, BitcoinOutput, BitcoinTransaction } from './bitcoin-transaction.ts';
import { encodePlainPush } from './lax-signature.ts';

/** What is outside is neither passed nor failed: a rule of ours leaves it no meaning. */
export type ScriptVerdict =
  | { readonly kind: 'valid' }
  | { readonly kind: 'invalid'; readonly code: string }
  | { readonly kind: 'outside'; readonly reason: string };

export interface BitcoinSpend {
  readonly tx: BitcoinTransaction;
  readonly index: number;
  readonly coin: BitcoinOutput;
  readonly flags: BitcoinFlags;
}

interface Run extends BitcoinSpend {
  readonly input: BitcoinInput;
  readonly checker: SignatureChecker;
}

const VALID: ScriptVerdict = { kind: 'valid' };
const invalid = (code: string): ScriptVerdict => ({ kind: 'invalid', code });

const isPushOnly = (script: Uint8Array): boolean => {
  const cursor = new ScriptCursor(script);
  while (!cursor.atEnd) if (!cursor.advance() || cursor.opcode > OP.SIXTEEN) return false;
  return true;
};

const isPayToScriptHash = (script: Uint8Array): boolean =>
  script.length === 23 && script[0] === OP.HASH160 && script[1] === 20 && script[22] === OP.EQUAL;

const evaluate = (run: Run, script: Uint8Array, stack: readonly Uint8Array[]): Evaluation | ScriptVerdict => {
  const result = evaluateScript(script, stack.slice(), legacyRules(run.flags), run.checker);
  return 'fault' in result ? invalid(result.fault) : result;
};

const evaluateTrue = (run: Run, script: Uint8Array, stack: readonly Uint8Array[]): Evaluation | ScriptVerdict => {
  const result = evaluate(run, script, stack);
  if ('kind' in result) return result;
  return isTruthy(result.stack[result.stack.length - 1] ?? new Uint8Array(0)) ? result : invalid('eval-false');
};

const runProgram = (run: Run, { version, program }: WitnessProgram): ScriptVerdict => {
  const { tx, index, coin, flags } = run;
  if (version === 0) {
    const environment = { rules: witnessRules(flags), checker: makeWitnessChecker(tx, index, coin.value) };
    const result = runWitnessVersion0(program, run.input.witness, environment);
    return 'fault' in result ? invalid(result.fault) : VALID;
  }
  if (version === 1 && program.length === 32 && flags.has('TAPROOT'))
    return { kind: 'outside', reason: '01 Scripts: there is no tapscript, other witness versions fail' };
  if (flags.has('DISCOURAGE_UPGRADABLE_WITNESS_PROGRAM')) return invalid('discourage-upgradable-witness-program');
  return { kind: 'outside', reason: '01 Scripts: other witness versions fail, there is no upgrade path that anyone can spend' };
};

/** What is left after a script, and whether it was a witness program that made it. */
type Outcome = { readonly stack: number; readonly witness: boolean } | ScriptVerdict;

const runWitness = (run: Run, program: WitnessProgram, expected: Uint8Array, malleated: string): Outcome => {
  if (!equalBytes(run.input.scriptSig, expected)) return invalid(malleated);
  const verdict = runProgram(run, program);
  return verdict.kind === 'valid' ? { stack: 1, witness: true } : verdict;
};

const programOf = (run: Run, script: Uint8Array): WitnessProgram | undefined =>
  run.flags.has('WITNESS') ? matchWitnessProgram(script) : undefined;

const runScriptHash = (run: Run, pushed: readonly Uint8Array[]): Outcome => {
  if (!isPushOnly(run.input.scriptSig)) return invalid('sig-pushonly');
  const redeemScript = pushed[pushed.length - 1] as Uint8Array;
  const result = evaluateTrue(run, redeemScript, pushed.slice(0, -1));
  if ('kind' in result) return result;
  const program = programOf(run, redeemScript);
  if (program !== undefined) return runWitness(run, program, encodePlainPush(redeemScript), 'witness-malleated-p2sh');
  return { stack: result.stack.length, witness: false };
};

const runScripts = (run: Run): Outcome => {
  const { input, coin, flags } = run;
  if (flags.has('SIGPUSHONLY') && !isPushOnly(input.scriptSig)) return invalid('sig-pushonly');
  const pushed = evaluate(run, input.scriptSig, []);
  if ('kind' in pushed) return pushed;
  const result = evaluateTrue(run, coin.script, pushed.stack);
  if ('kind' in result) return result;
  const program = programOf(run, coin.script);
  if (program !== undefined) return runWitness(run, program, new Uint8Array(0), 'witness-malleated');
  if (flags.has('P2SH') && isPayToScriptHash(coin.script)) return runScriptHash(run, pushed.stack);
  return { stack: result.stack.length, witness: false };
};

/** Bitcoin's VerifyScript around our interpreter: scriptSig and P2SH exist in this folder only. */
export const verifyBitcoinScript = (spend: BitcoinSpend): ScriptVerdict => {
  const input = spend.tx.inputs[spend.index] as BitcoinInput;
  const outcome = runScripts({ ...spend, input, checker: makeLegacyChecker(spend.tx, spend.index) });
  if ('kind' in outcome) return outcome;
  if (spend.flags.has('CLEANSTACK') && outcome.stack !== 1) return invalid('cleanstack');
  if (spend.flags.has('WITNESS') && !outcome.witness && input.witness.length > 0) return invalid('witness-unexpected');
  return VALID;
};
