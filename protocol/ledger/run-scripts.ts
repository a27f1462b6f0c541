import { isLiveSource, sourceScriptOf } from '../admission/check-sources.ts';
import type { GroupMembers } from '../admission/group.ts';
import { type Fault, fault } from '../fault.ts';
import type { Parameters } from '../params/parameters.ts';
import { maxRecordItem, readRecordClaim } from '../records/record-claim.ts';
import { isOpenTable, nameTable } from '../records/tables.ts';
import { checkInputScript, type InputSpend, type SatisfiedInput } from '../script/input.ts';
import { MAX_ELEMENT_BYTES } from '../script/limits.ts';
import { SIGHASH_ALL } from '../script/sighash.ts';
import { isCommitment, isSource } from './check-layer-type.ts';
import type { ResolvedInput, ResolvedTransaction } from './resolve.ts';

const NOTHING: SatisfiedInput = { accepted: [], collective: false, checks: 0 };
const LARGEST_SHARE = 5;

/** An input with what its script accepted: nothing where it was not run or not met. */
export interface RunInput extends ResolvedInput {
  readonly satisfied: SatisfiedInput;
}

/** @unit checks: signature checks @shape broken: the first script that was not met */
export interface ScriptRun {
  readonly inputs: readonly RunInput[];
  readonly checks: number;
  readonly broken: Fault | undefined;
}

export interface ScriptContext {
  readonly parameters: Parameters;
  readonly members: GroupMembers;
}

/** Paying off a debt harms nobody, so nobody's key is asked for. */
const isRepaid = ({ transaction }: ResolvedTransaction, { coin, use }: ResolvedInput): boolean =>
  use === 'spend' && coin.element === 'debt' && transaction.outputs.every(({ element }) => element !== 'debt');

/** The record that spending this coin shows; undefined of any other coin. */
const claimOf = ({ transaction }: ResolvedTransaction, { index, coin, use }: ResolvedInput) => {
  const claim = use === 'spend' && isCommitment(coin) ? readRecordClaim(transaction.inputs[index]?.witness ?? []) : undefined;
  return claim === undefined || 'fault' in claim ? undefined : claim;
};

const spendOf = (resolved: ResolvedTransaction, input: ResolvedInput, { members }: ScriptContext): InputSpend => {
  const { transaction } = resolved;
  const { index, coin } = input;
  const claim = claimOf(resolved, input);
  const placed = isSource(coin) ? { ...coin, script: sourceScriptOf(coin.script, members) } : coin;
  return { transaction, index, coin: placed, maxItem: claim === undefined ? MAX_ELEMENT_BYTES : maxRecordItem(claim.table) };
};

/** Whose signatures are an authority over the whole transaction, and over no other. @source SPEC LE13, RC6, AG5 */
const strictSighashOf = (
  resolved: ResolvedTransaction,
  input: ResolvedInput,
  { members }: ScriptContext,
): 'reference-sighash' | 'governed-sighash' | undefined => {
  if (input.use === 'reference') return 'reference-sighash';
  if (isSource(input.coin)) return isLiveSource(input.coin.script, members) ? undefined : 'governed-sighash';
  const claim = claimOf(resolved, input);
  const name = claim && nameTable(claim.table);
  return name === undefined || isOpenTable(name) ? undefined : 'governed-sighash';
};

const runInput = (resolved: ResolvedTransaction, input: ResolvedInput, context: ScriptContext): SatisfiedInput | Fault => {
  const { index, coin, use } = input;
  if (isRepaid(resolved, input) || (use === 'reference' && !isSource(coin)))
    return resolved.transaction.inputs[index]?.witness.length === 0 ? NOTHING : fault('witness-unexpected', { input: index });
  const satisfied = checkInputScript(spendOf(resolved, input, context), context.parameters);
  if ('fault' in satisfied) return satisfied;
  const loose = satisfied.accepted.some(({ sighashType }) => sighashType !== SIGHASH_ALL);
  const strict = loose ? strictSighashOf(resolved, input, context) : undefined;
  return strict === undefined ? satisfied : fault(strict, { input: index });
};

/**
 * Runs the scripts of all inputs, for the rules that ask whose signatures were accepted; that one was not met is judged
 * after those rules.
 *
 * @fault broken: the script's; `reference-sighash`, `governed-sighash`: an authority's signature of another type than ALL;
 * `witness-unexpected`: on an input whose script is not run. Returned at once: `too-many-checks`, above a fifth of a block's
 * @source SPEC LE12, LE13, LE14, LE16
 */
export const runScripts = (resolved: ResolvedTransaction, context: ScriptContext): ScriptRun | Fault<'too-many-checks'> => {
  const inputs: RunInput[] = [];
  let checks = 0;
  let broken: Fault | undefined;
  for (const input of resolved.inputs) {
    const satisfied = runInput(resolved, input, context);
    const met = 'fault' in satisfied ? NOTHING : satisfied;
    if ('fault' in satisfied) broken ??= satisfied;
    inputs.push({ ...input, satisfied: met });
    checks += met.checks;
    if (checks * LARGEST_SHARE > context.parameters.maxBlockChecks) return fault('too-many-checks', { checks, input: input.index });
  }
  return { inputs, checks, broken };
};
