import { equalBytes } from '../codec/bytes.ts';
import { hash160 } from '../crypto/hash.ts';
import { type Fault, fault } from '../fault.ts';
import type { ResolvedTransaction } from '../ledger/resolve.ts';
import type { RunInput } from '../ledger/run-scripts.ts';
import { matchDebtScript } from '../script/forms/debt.ts';
import { matchMultisig } from '../script/forms/multisig.ts';
import { matchCollective, matchPayToScript } from '../script/forms/pay-to-script.ts';
import { type StakeLimits, stripStakePrefix } from '../script/forms/stake.ts';
import { computeOwnerTag } from '../script/owner-tag.ts';
import { SIGHASH_ALL, SIGHASH_ANYONECANPAY } from '../script/sighash.ts';

const commitsToOutputs = (sighashType: number): boolean => (sighashType & ~SIGHASH_ANYONECANPAY) === SIGHASH_ALL;

const isSigned = ({ satisfied }: RunInput): boolean =>
  (satisfied.collective || satisfied.accepted.length > 0) && satisfied.accepted.every(({ sighashType }) => commitsToOutputs(sighashType));

/** A script that nobody's branch alone can meet: a collective's, or a bare threshold of keys. */
const isJointScript = (script: Uint8Array, witness: readonly Uint8Array[]): boolean => {
  if (matchCollective(script) !== undefined) return true;
  const witnessScript = witness.at(-1);
  return matchPayToScript(script) !== undefined && witnessScript !== undefined && matchMultisig(witnessScript) !== undefined;
};

/**
 * Nobody is made to answer for a debt without a signature of his over all outputs.
 *
 * @shape inputs: all; one whose script was not met accepted nothing
 * @fault `no-consent`: a standard debt that its account did not agree to
 * @source SPEC DE2; spec 04, consent rule
 */
export const checkConsent = (
  { transaction }: ResolvedTransaction,
  inputs: readonly RunInput[],
  limits: StakeLimits,
): undefined | Fault<'no-consent'> => {
  const signed = inputs.filter(isSigned);
  const agrees = (tag: Uint8Array): boolean =>
    signed.some(({ index, coin, use, satisfied }) => {
      if (satisfied.accepted.some(({ publicKey }) => equalBytes(hash160(publicKey), tag))) return true;
      if (use !== 'spend' || !equalBytes(computeOwnerTag(coin, limits), tag)) return false;
      return isJointScript(stripStakePrefix(coin, limits), transaction.inputs[index]?.witness ?? []);
    });
  const lone = transaction.outputs.findIndex(({ element, script }) => {
    const form = element === 'debt' ? matchDebtScript(script) : undefined;
    return form !== undefined && !agrees(form.tag);
  });
  return lone === -1 ? undefined : fault('no-consent', { output: lone });
};
