import { type FormEvent, useState } from 'react';
import { useLocation } from 'wouter';
import type { DebtView } from '#workers/rpc/chain-view';
import { fault } from '#workers/rpc/fault';
import { ROUTES } from '../../app/routes.ts';
import { useText } from '../../client/text.ts';
import { setTogether } from '../../client/together.ts';
import { useAction } from '../../client/use-action.ts';
import { useClient } from '../../client/use-client.ts';
import { Button } from '../../components/button.tsx';
import { Field } from '../../components/field.tsx';
import { FaultNotice } from '../../components/notice.tsx';
import { Sheet } from '../../components/sheet.tsx';
import { localText, MONTH, normalFee } from './draw-form.tsx';

/** A debt goes on under a new term, by credit of one's own or of an agent who signs too. @source SPEC WB21, CW49 */
export const RollButton = ({ debt }: { readonly debt: DebtView }) => {
  const text = useText().roll;
  const { chain } = useClient();
  const [, go] = useLocation();
  const action = useAction();
  const [open, setOpen] = useState(false);
  const [agent, setAgent] = useState('');
  const [due, setDue] = useState(() => localText(Date.now() / 1000 + MONTH));
  const plan = async (event: FormEvent) => {
    event.preventDefault();
    const draft = await action.run(async () => {
      const time = Math.floor(new Date(due).getTime() / 1000);
      if (Number.isNaN(time)) return fault('debt-term');
      const feeRate = normalFee(await chain.feeChoices());
      return chain.planRoll({ account: debt.account, debt: debt.outpoint, agent, due: time, feeRate });
    });
    if (draft === undefined) return;
    setTogether(draft as string);
    go(ROUTES.together);
  };
  return (
    <>
      <Button kind="plain" onPress={() => setOpen(true)}>
        {text.open}
      </Button>
      <Sheet title={text.title} isOpen={open} onClose={() => setOpen(false)}>
        <form onSubmit={plan} className="grid gap-4">
          <p className="text-body text-soft text-pretty">{text.text}</p>
          <Field label={text.agent} value={agent} onChange={setAgent} mono rows={2} autoComplete="off" />
          <Field label={text.due} type="datetime-local" value={due} onChange={setDue} />
          <FaultNotice fault={action.fault} />
          <Button type="submit" kind="primary" isPending={action.busy}>
            {text.prepare}
          </Button>
        </form>
      </Sheet>
    </>
  );
};
