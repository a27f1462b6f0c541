import type { DebtView } from '#workers/rpc/chain-view';
import { useText } from '../../client/text.ts';
import { Amount } from '../../components/amount.tsx';
import { ProofMark } from '../../components/proof-mark.tsx';
import { DebtText } from './debt-text.tsx';
import { RepayButton } from './repay-button.tsx';
import { RollButton } from './roll-button.tsx';

/** One debt with its mark. */
export const DebtRow = ({ debt }: { readonly debt: DebtView }) => {
  const text = useText().debts;
  return (
    <div className="flex items-start gap-3 py-3">
      <span className="mt-0.5">
        <ProofMark proof={debt.proof} of={text.states[debt.state]} />
      </span>
      <DebtText debt={debt} />
      <div className="grid justify-items-end gap-2">
        <Amount units={debt.amount} size="row" hue="debt" unit={false} />
        <RepayButton debt={debt} />
        {debt.standard && <RollButton debt={debt} />}
      </div>
    </div>
  );
};
