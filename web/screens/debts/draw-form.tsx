import type { FormEvent } from 'react';
import { useLocation } from 'wouter';
import type { FeeChoice } from '#workers/rpc/chain-calls';
import { isFault } from '#workers/rpc/fault';
import type { ReviewView } from '#workers/rpc/vault-calls';
import { ROUTES } from '../../app/routes.ts';
import { setReview } from '../../client/draft.ts';
import { useText } from '../../client/text.ts';
import { useAction } from '../../client/use-action.ts';
import { useClient } from '../../client/use-client.ts';
import { Button } from '../../components/button.tsx';
import { Section } from '../../components/card.tsx';
import { Field } from '../../components/field.tsx';
import { FaultNotice } from '../../components/notice.tsx';
import { useOwedTerms } from './use-owed-terms.ts';

export const normalFee = (choices: readonly FeeChoice[]): bigint => choices.find(({ speed }) => speed === 'normal')?.rate ?? 1n;

/** Credit becomes money and a debt with a date; the next screen reads both from the bytes. @source SPEC WB21 */
export const DrawForm = ({ account }: { readonly account: number }) => {
  const text = useText().debts;
  const { chain, vault } = useClient();
  const [, go] = useLocation();
  const action = useAction();
  const { amount, setAmount, due, setDue, read } = useOwedTerms();
  const draw = async (event: FormEvent) => {
    event.preventDefault();
    const review = await action.run(async () => {
      const terms = read();
      if (isFault(terms)) return terms;
      const bytes = await chain.planDraw({ account, ...terms, feeRate: normalFee(await chain.feeChoices()) });
      return isFault(bytes) ? bytes : vault.review(bytes as Uint8Array);
    });
    if (review === undefined) return;
    setReview(review as ReviewView);
    go(ROUTES.review);
  };
  return (
    <Section title={text.draw} lead={text.drawLead}>
      <form onSubmit={draw} className="grid gap-4 rounded-card border border-line bg-sheet p-4 shadow-low">
        <Field label={text.drawAmount} value={amount} onChange={setAmount} inputMode="decimal" placeholder="0.00" big autoComplete="off" />
        <Field label={text.drawDue} type="datetime-local" value={due} onChange={setDue} hint={text.ifUnpaid} />
        <FaultNotice fault={action.fault} />
        <Button type="submit" kind="primary" isPending={action.busy}>
          {text.drawReview}
        </Button>
      </form>
    </Section>
  );
};
