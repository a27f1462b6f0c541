import { type Fault, fault } from '../fault.ts';
import { encodeAmountField } from '../tx/amount-field.ts';
import type { Transaction } from '../tx/transaction.ts';
import { type PlacedOutput, type StakeLimits, stripStakePrefix } from './forms/stake.ts';
import { COLLECTIVE_CHECKS } from './limits.ts';
import { CONSENSUS_RULES } from './rules.ts';
import type { ScriptFault } from './script-fault.ts';
import { computeSighash, SIGHASH_ALL, sighashSourceOf } from './sighash.ts';
import type { AcceptedSignature } from './signature-checker.ts';
import { makeTransactionChecker } from './transaction-checker.ts';
import { matchWitnessProgram, runOnWitness, runWitnessVersion0, type ScriptEnvironment } from './witness-program.ts';

const COLLECTIVE_PROGRAM_BYTES = 32;

/** What an input's script accepted; a collective's witness accepts no single keys. @unit checks: as blocks count them */
export interface SatisfiedInput {
  readonly accepted: readonly AcceptedSignature[];
  readonly collective: boolean;
  readonly checks: number;
}

/** @shape program: 32 bytes; sighash: of type ALL over the output script */
export interface CollectiveClaim {
  readonly program: Uint8Array;
  readonly witness: readonly Uint8Array[];
  readonly sighash: Uint8Array;
}

export type CollectiveVerifier = (claim: CollectiveClaim) => true | Fault;

/** The verifier of witness version 2 until collective accounts are in force. @source SPEC SC13 */
export const refuseCollective: CollectiveVerifier = () => fault('not-yet-supported', { witnessVersion: 2 });

/** @unit maxItem: bytes that an item of the witness may have; a stack element's limit unless said otherwise */
export interface InputSpend {
  readonly transaction: Transaction;
  readonly index: number;
  readonly coin: PlacedOutput;
  readonly maxItem?: number;
}

interface RunInput extends InputSpend {
  readonly script: Uint8Array;
  readonly witness: readonly Uint8Array[];
  readonly amountField: bigint;
}

const runCollective = (run: RunInput, program: Uint8Array, verify: CollectiveVerifier): SatisfiedInput | Fault => {
  const { index, amountField, witness } = run;
  const sighash = computeSighash(sighashSourceOf(run.transaction), { index, scriptCode: run.script, amountField }, SIGHASH_ALL);
  const verdict = verify({ program, witness, sighash });
  return verdict === true ? { accepted: [], collective: true, checks: COLLECTIVE_CHECKS } : verdict;
};

const runScript = (run: RunInput, environment: ScriptEnvironment, verify: CollectiveVerifier): SatisfiedInput | ScriptFault | Fault => {
  const program = matchWitnessProgram(run.script);
  if (program?.version === 2 && program.program.length === COLLECTIVE_PROGRAM_BYTES) return runCollective(run, program.program, verify);
  if (program !== undefined && program.version !== 0) return fault('discourage-upgradable-witness-program', { version: program.version });
  const result =
    program === undefined
      ? runOnWitness(run.script, run.witness, environment)
      : runWitnessVersion0(program.program, run.witness, environment);
  return 'fault' in result ? result : { accepted: result.accepted, collective: false, checks: result.checks };
};

/**
 * Runs the script of the coin that an input spends; the prefix of a stake is stripped first.
 *
 * @fault a ScriptFaultCode, or the collective verifier's, with the input's index
 * @source SPEC SC12, SC13
 */
export const checkInputScript = (
  spend: InputSpend,
  limits: StakeLimits,
  verifyCollective: CollectiveVerifier = refuseCollective,
): SatisfiedInput | Fault => {
  const { transaction, index, coin } = spend;
  const amountField = encodeAmountField(coin.element, coin.amount);
  const witness = transaction.inputs[index]?.witness ?? [];
  const environment = {
    rules: CONSENSUS_RULES,
    ...(spend.maxItem !== undefined && { maxItem: spend.maxItem }),
    checker: makeTransactionChecker(sighashSourceOf(transaction), index, amountField),
  };
  const script = stripStakePrefix(coin, limits);
  const result = runScript({ ...spend, script, witness, amountField }, environment, verifyCollective);
  return 'fault' in result ? fault(result.fault, { ...result.detail, input: index }) : result;
};
