import { type FormEvent, useState } from 'react';
import type { LabelEntry } from '#workers/rpc/chain-calls';
import type { PaymentView } from '#workers/rpc/chain-view';
import { useText } from '../../client/text.ts';
import { useAction } from '../../client/use-action.ts';
import { useClient } from '../../client/use-client.ts';
import { Button } from '../../components/button.tsx';
import { Field } from '../../components/field.tsx';
import { FaultNotice } from '../../components/notice.tsx';

const MOST = 80;

interface Props {
  readonly label: string;
  readonly hint: string;
  readonly start: string;
  readonly kind: LabelEntry['kind'];
  readonly reference: string;
}

const Note = ({ label, hint, start, kind, reference }: Props) => {
  const text = useText();
  const { chain } = useClient();
  const [typed, setTyped] = useState(start);
  const [saved, setSaved] = useState(false);
  const action = useAction();
  const save = async (event: FormEvent) => {
    event.preventDefault();
    await action.run(() => chain.setLabel({ kind, ref: reference, label: typed.trim() }));
    setSaved(true);
  };
  return (
    <form onSubmit={save} className="grid grid-cols-[1fr_auto] items-start gap-2">
      <Field
        label={label}
        hint={saved ? text.payment.saved : hint}
        value={typed}
        maxLength={MOST}
        autoComplete="off"
        onChange={(value) => {
          setTyped(value);
          setSaved(false);
        }}
      />
      <Button type="submit" className="mt-[1.6rem]" isPending={action.busy}>
        {text.app.save}
        <span className="sr-only">: {label}</span>
      </Button>
      <FaultNotice fault={action.fault} className="col-span-2" />
    </form>
  );
};

/** What a payment was for, and who the payee is: offered while it confirms. */
export const PaymentLabel = ({ payment }: { readonly payment: PaymentView }) => {
  const text = useText().payment;
  const payee =
    payment.direction === 'out' ? payment.outputs.find(({ own, address }) => !own && address !== undefined)?.address : undefined;
  return (
    <div className="grid gap-3">
      <Note label={text.label} hint={text.labelHint} start={payment.label ?? ''} kind="tx" reference={payment.txid} />
      {payee !== undefined && (
        <Note label={text.contact} hint={text.contactHint} start={payment.contact ?? ''} kind="addr" reference={payee} />
      )}
    </div>
  );
};
