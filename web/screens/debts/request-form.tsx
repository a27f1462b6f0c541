import { type FormEvent, useState } from 'react';
import { useLocation } from 'wouter';
import { fault, isFault } from '#workers/rpc/fault';
import { ROUTES } from '../../app/routes.ts';
import { useText } from '../../client/text.ts';
import { setTogether } from '../../client/together.ts';
import { useAction } from '../../client/use-action.ts';
import { useClient } from '../../client/use-client.ts';
import { Button } from '../../components/button.tsx';
import { Field } from '../../components/field.tsx';
import { FaultNotice } from '../../components/notice.tsx';
import { parseAmount } from '../../text/amount-text.ts';
import { localText, MONTH, normalFee } from './draw-form.tsx';

/** An agent's credit becomes money and a debt of ours, once both have signed the draft. @source SPEC WB21, CW49 */
export const RequestForm = ({ account }: { readonly account: number }) => {
  const { debts: text, request } = useText();
  const { chain } = useClient();
  const [, go] = useLocation();
  const action = useAction();
  const [agent, setAgent] = useState('');
  const [amount, setAmount] = useState('');
  const [due, setDue] = useState(() => localText(Date.now() / 1000 + MONTH));
  const plan = async (event: FormEvent) => {
    event.preventDefault();
    const draft = await action.run(async () => {
      const units = parseAmount(amount);
      if (isFault(units)) return units;
      const time = Math.floor(new Date(due).getTime() / 1000);
      if (Number.isNaN(time)) return fault('debt-term');
      return chain.planRequest({ account, agent, amount: units, due: time, feeRate: normalFee(await chain.feeChoices()) });
    });
    if (draft === undefined) return;
    setTogether(draft as string);
    go(ROUTES.together);
  };
  return (
    <form onSubmit={plan} className="grid gap-4 rounded-card border border-line bg-sheet p-4 shadow-low">
      <p className="text-body text-soft text-pretty">{request.text}</p>
      <Field label={request.agent} value={agent} onChange={setAgent} mono rows={2} autoComplete="off" />
      <Field label={request.amount} value={amount} onChange={setAmount} inputMode="decimal" placeholder="0.00" big autoComplete="off" />
      <Field label={request.due} type="datetime-local" value={due} onChange={setDue} hint={text.ifUnpaid} />
      <FaultNotice fault={action.fault} />
      <Button type="submit" kind="primary" isPending={action.busy}>
        {request.prepare}
      </Button>
    </form>
  );
};
