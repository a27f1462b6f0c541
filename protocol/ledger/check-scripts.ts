import { type Fault, fault } from '../fault.ts';
import type { Parameters } from '../params/parameters.ts';
import { checkInputScript, type SatisfiedInput } from '../script/input.ts';
import { SIGHASH_ALL } from '../script/sighash.ts';
import { isSeat } from './check-references.ts';
import type { ResolvedInput, ResolvedTransaction } from './resolve.ts';

const UNRUN: SatisfiedInput = { accepted: [], collective: false, checks: 0 };
const LARGEST_SHARE = 5;

/** Paying off a debt harms nobody, so nobody's key is asked for. */
const isRepaid = ({ transaction }: ResolvedTransaction, { coin, use }: ResolvedInput): boolean =>
  use === 'spend' && coin.element === 'debt' && transaction.outputs.every(({ element }) => element !== 'debt');

const checkInput = (resolved: ResolvedTransaction, input: ResolvedInput, parameters: Parameters): SatisfiedInput | Fault => {
  const { transaction } = resolved;
  const { index, coin, use } = input;
  if (isRepaid(resolved, input) || (use === 'reference' && isSeat(coin)))
    return transaction.inputs[index]?.witness.length === 0 ? UNRUN : fault('witness-unexpected', { input: index });
  const satisfied = checkInputScript({ transaction, index, coin }, parameters);
  if ('fault' in satisfied || use === 'spend') return satisfied;
  const loose = satisfied.accepted.some(({ sighashType }) => sighashType !== SIGHASH_ALL);
  return loose ? fault('reference-sighash', { input: index }) : satisfied;
};

/**
 * Runs the scripts of all inputs in their order.
 *
 * @unit result: signature checks
 * @fault the script's; `reference-sighash`: a referenced input signed otherwise than ALL; `witness-unexpected`: on an input
 * whose script is not run; `too-many-checks`: above a fifth of a block's
 * @source SPEC LE12, LE13, LE14
 */
export const checkScripts = (resolved: ResolvedTransaction, parameters: Parameters): number | Fault => {
  let checks = 0;
  for (const input of resolved.inputs) {
    const satisfied = checkInput(resolved, input, parameters);
    if ('fault' in satisfied) return satisfied;
    checks += satisfied.checks;
    if (checks * LARGEST_SHARE > parameters.maxBlockChecks) return fault('too-many-checks', { checks, input: input.index });
  }
  return checks;
};
