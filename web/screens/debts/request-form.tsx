import { type FormEvent, useState } from 'react';
import { isFault } from '#workers/rpc/fault';
import { useText } from '../../client/text.ts';
import { useClient } from '../../client/use-client.ts';
import { Button } from '../../components/button.tsx';
import { Field } from '../../components/field.tsx';
import { FaultNotice } from '../../components/notice.tsx';
import { useBeginDraft } from '../together/use-begin-draft.ts';
import { normalFee } from './draw-form.tsx';
import { useOwedTerms } from './use-owed-terms.ts';

/** An agent's credit becomes money and a debt of ours, once both have signed the draft. @source SPEC WB21, CW49 */
export const RequestForm = ({ account }: { readonly account: number }) => {
  const { request } = useText();
  const { chain } = useClient();
  const { action, begin } = useBeginDraft();
  const [agent, setAgent] = useState('');
  const { amount, setAmount, due, setDue, read } = useOwedTerms();
  const plan = async (event: FormEvent) => {
    event.preventDefault();
    await begin(async () => {
      const terms = read();
      if (isFault(terms)) return terms;
      return chain.planRequest({ account, agent, ...terms, feeRate: normalFee(await chain.feeChoices()) });
    });
  };
  return (
    <form onSubmit={plan} className="grid gap-4 rounded-card border border-line bg-sheet p-4 shadow-low">
      <p className="text-body text-soft text-pretty">{request.text}</p>
      <Field label={request.agent} value={agent} onChange={setAgent} mono rows={2} autoComplete="off" />
      <Field label={request.amount} value={amount} onChange={setAmount} inputMode="decimal" placeholder="0.00" big autoComplete="off" />
      <Field label={request.due} type="datetime-local" value={due} onChange={setDue} />
      <FaultNotice fault={action.fault} />
      <Button type="submit" kind="primary" isPending={action.busy}>
        {request.prepare}
      </Button>
    </form>
  );
};
