import { useLocation } from 'wouter';
import type { DebtView } from '#workers/rpc/chain-view';
import { isFault } from '#workers/rpc/fault';
import type { ReviewView } from '#workers/rpc/vault-calls';
import { ROUTES } from '../../app/routes.ts';
import { setReview } from '../../client/draft.ts';
import { useText } from '../../client/text.ts';
import { useAction } from '../../client/use-action.ts';
import { useClient } from '../../client/use-client.ts';
import { Button } from '../../components/button.tsx';
import { FaultNotice } from '../../components/notice.tsx';
import { normalFee } from './draw-form.tsx';

/** The remedy of a debt by one press: planned whole, read from the bytes on the next screen. @source SPEC WB21 */
export const RepayButton = ({ debt }: { readonly debt: DebtView }) => {
  const text = useText().debts;
  const { chain, vault } = useClient();
  const [, go] = useLocation();
  const action = useAction();
  const repay = async () => {
    const review = await action.run(async () => {
      const rate = normalFee(await chain.feeChoices());
      const bytes = await chain.planRepay({ account: debt.account, debts: [debt.outpoint], feeRate: rate });
      return isFault(bytes) ? bytes : vault.review(bytes as Uint8Array);
    });
    if (review === undefined) return;
    setReview(review as ReviewView);
    go(ROUTES.review);
  };
  return (
    <div className="grid justify-items-end gap-2">
      <Button onPress={repay} isPending={action.busy}>
        {text.repay}
      </Button>
      <FaultNotice fault={action.fault} />
    </div>
  );
};
