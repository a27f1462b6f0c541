import { type FormEvent, useState } from 'react';
import { isFault } from '#workers/rpc/fault';
import { useText } from '../../client/text.ts';
import { useClient } from '../../client/use-client.ts';
import { Button } from '../../components/button.tsx';
import { Section } from '../../components/card.tsx';
import { Field } from '../../components/field.tsx';
import { FaultNotice } from '../../components/notice.tsx';
import { parseAmount } from '../../text/amount-text.ts';
import { normalFee } from '../debts/draw-form.tsx';
import { useBeginDraft } from './use-begin-draft.ts';

/** Plans a grant for the members to sign; nothing is signed here. @source SPEC WB23 */
export const GrantForm = ({ account }: { readonly account: number }) => {
  const text = useText().group;
  const { chain } = useClient();
  const { action, begin } = useBeginDraft();
  const [to, setTo] = useState('');
  const [amount, setAmount] = useState('');
  const [interest, setInterest] = useState('');
  const plan = async (event: FormEvent) => {
    event.preventDefault();
    await begin(async () => {
      const [units, extra] = [parseAmount(amount), interest.trim() === '' ? 0n : parseAmount(interest)];
      if (isFault(units)) return units;
      if (isFault(extra)) return extra;
      const feeRate = normalFee(await chain.feeChoices());
      return chain.planGrant({ account, to, amount: units, interest: extra, feeRate });
    });
  };
  return (
    <Section title={text.grant} lead={text.grantLead}>
      <form onSubmit={plan} className="grid gap-4 rounded-card border border-line bg-sheet p-4 shadow-low">
        <Field label={text.to} value={to} onChange={setTo} mono rows={2} autoComplete="off" />
        <Field label={text.amount} value={amount} onChange={setAmount} inputMode="decimal" placeholder="0.00" big autoComplete="off" />
        <Field
          label={text.interest}
          value={interest}
          onChange={setInterest}
          inputMode="decimal"
          placeholder="0.00"
          hint={text.interestHint}
          autoComplete="off"
        />
        <FaultNotice fault={action.fault} />
        <Button type="submit" kind="primary" isPending={action.busy}>
          {text.prepare}
        </Button>
      </form>
    </Section>
  );
};
