import { hash160 } from '../crypto/hash.ts';
import { type Fault, fault } from '../fault.ts';
import type { Holder, LedgerView } from '../ledger/ledger-view.ts';
import { type ResolvedTransaction, spendsOf } from '../ledger/resolve.ts';
import type { RunInput } from '../ledger/run-scripts.ts';
import type { Parameters } from '../params/parameters.ts';
import { isDataOutput } from '../script/forms/data-output.ts';
import { matchDebtScript } from '../script/forms/debt.ts';
import type { PlacedOutput } from '../script/forms/stake.ts';
import { computeOwnerTag } from '../script/owner-tag.ts';
import { DEBT_LAYER } from '../tx/layer.ts';

export interface FreezeContext extends Pick<LedgerView, 'findFrozen'> {
  readonly parameters: Parameters;
}

/** The one frozen account whose keys alone an input's script was met with. */
const findFrozenSigner = ({ satisfied }: RunInput, context: FreezeContext): Holder | undefined => {
  const signers = satisfied.accepted.map(({ publicKey }) => context.findFrozen(hash160(publicKey)));
  return signers.every((signer) => signer === signers[0]) ? signers[0] : undefined;
};

/**
 * The account whose frozen value or credit an input spends; undefined where it is free: a coin that somebody else has to
 * sign for is nobody's alone.
 *
 * @source SPEC DE4; spec 04, frozen input
 */
export const findFrozenAccount = (input: RunInput, context: FreezeContext): Holder | undefined => {
  if (input.use !== 'spend' || input.coin.element === 'debt') return undefined;
  return context.findFrozen(computeOwnerTag(input.coin, context.parameters)) ?? findFrozenSigner(input, context);
};

interface Frozen {
  readonly account: Holder;
  readonly resolved: ResolvedTransaction;
  readonly inputs: readonly RunInput[];
  readonly fee: bigint;
  readonly context: FreezeContext;
}

const placedOutputs = ({ transaction }: ResolvedTransaction): PlacedOutput[] =>
  transaction.outputs.map((output) => ({ ...output, layer: transaction.layer }));

const isOwn = (output: PlacedOutput, { account, context }: Frozen): boolean =>
  context.findFrozen(computeOwnerTag(output, context.parameters)) === account;

const total = (outputs: readonly PlacedOutput[]): bigint => outputs.reduce((sum, { amount }) => sum + amount, 0n);

const keepsValue = (frozen: Frozen): boolean =>
  placedOutputs(frozen.resolved).every((output) => output.element !== 'value' || isDataOutput(output) || isOwn(output, frozen));

const keepsDebt = (frozen: Frozen): boolean => {
  const before = spendsOf(frozen.resolved).flatMap(({ coin }) => (coin.element === 'debt' ? [coin] : []));
  const after = placedOutputs(frozen.resolved).filter(({ element }) => element === 'debt');
  const named = [...before, ...after].every((debt) => matchDebtScript(debt.script) !== undefined && isOwn(debt, frozen));
  return named && total(after) <= total(before);
};

const keepsCredit = (frozen: Frozen): boolean => {
  const credit = placedOutputs(frozen.resolved).filter(({ element }) => element === 'credit');
  const others = frozen.inputs.filter((input) => input.coin.element === 'credit' && findFrozenAccount(input, frozen.context) === undefined);
  return total(credit) <= total(others.map(({ coin }) => coin));
};

const keepsLocked = ({ resolved, fee, context }: Frozen): boolean => {
  const locked = spendsOf(resolved).some(({ coin }) => coin.layer === DEBT_LAYER && coin.element === 'value');
  return !locked || fee <= context.parameters.maxFrozenFee;
};

const CLAUSES = [keepsValue, keepsDebt, keepsCredit, keepsLocked] as const;

/**
 * A frozen account repays, rolls over and pays fees, and does nothing else.
 *
 * @shape inputs: all, with what their scripts accepted
 * @unit fee: base units
 * @fault `frozen`: with the frozen input and the clause, 1 value, 2 debt, 3 credit, 4 fee out of locked value
 * @source SPEC DE5; spec 04, freeze rule
 */
export const checkFreeze = (
  judged: { readonly resolved: ResolvedTransaction; readonly inputs: readonly RunInput[]; readonly fee: bigint },
  context: FreezeContext,
): undefined | Fault<'frozen'> => {
  for (const input of judged.inputs) {
    const account = findFrozenAccount(input, context);
    const broken = account === undefined ? -1 : CLAUSES.findIndex((holds) => !holds({ ...judged, account, context }));
    if (broken !== -1) return fault('frozen', { input: input.index, clause: broken + 1 });
  }
  return undefined;
};
