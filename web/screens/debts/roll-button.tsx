import { type FormEvent, useState } from 'react';
import type { DebtView } from '#workers/rpc/chain-view';
import { isFault } from '#workers/rpc/fault';
import { useText } from '../../client/text.ts';
import { useClient } from '../../client/use-client.ts';
import { Button } from '../../components/button.tsx';
import { Field } from '../../components/field.tsx';
import { FaultNotice } from '../../components/notice.tsx';
import { Sheet } from '../../components/sheet.tsx';
import { useBeginDraft } from '../together/use-begin-draft.ts';
import { normalFee } from './draw-form.tsx';
import { useDue } from './use-owed-terms.ts';

/** A debt goes on under a new term, by credit of one's own or of an agent who signs too. @source SPEC WB21, CW49 */
export const RollButton = ({ debt }: { readonly debt: DebtView }) => {
  const text = useText().roll;
  const { chain } = useClient();
  const { action, begin } = useBeginDraft();
  const [open, setOpen] = useState(false);
  const [agent, setAgent] = useState('');
  const { due, setDue, readDue } = useDue();
  const plan = async (event: FormEvent) => {
    event.preventDefault();
    await begin(async () => {
      const time = readDue();
      if (isFault(time)) return time;
      const feeRate = normalFee(await chain.feeChoices());
      return chain.planRoll({ account: debt.account, debt: debt.outpoint, agent, due: time as number, feeRate });
    });
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
