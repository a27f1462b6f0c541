import { type FormEvent, useState } from 'react';
import { useLocation } from 'wouter';
import type { DraftView } from '#workers/rpc/draft-view';
import { paymentPath } from '../../app/routes.ts';
import { download } from '../../client/download.ts';
import { useText } from '../../client/text.ts';
import { setTogether } from '../../client/together.ts';
import { useAction } from '../../client/use-action.ts';
import { useClient } from '../../client/use-client.ts';
import { Button } from '../../components/button.tsx';
import { CopyButton } from '../../components/copy-button.tsx';
import { FaultNotice } from '../../components/notice.tsx';
import { PasswordField } from '../../components/password-field.tsx';

const Sign = ({ draft }: { readonly draft: DraftView }) => {
  const text = useText().together;
  const { vault } = useClient();
  const [password, setPassword] = useState('');
  const action = useAction();
  const sign = async (event: FormEvent) => {
    event.preventDefault();
    if (action.busy) return;
    const signed = await action.run(() => vault.signDraft(draft.id, password));
    setPassword('');
    if (signed !== undefined) setTogether((signed as DraftView).text);
  };
  return (
    <form onSubmit={sign} className="grid gap-3">
      <PasswordField label={text.password} value={password} onChange={setPassword} />
      <FaultNotice fault={action.fault} />
      <Button type="submit" kind="primary" isPending={action.busy}>
        {action.busy ? text.signing : text.sign}
      </Button>
    </form>
  );
};

const isOurs = ({ valueChange, creditChange, debtChange }: DraftView): boolean =>
  valueChange !== 0n || creditChange !== 0n || debtChange !== 0n;

const Send = ({ draft, onSent }: { readonly draft: DraftView; readonly onSent: () => void }) => {
  const text = useText().together;
  const { vault } = useClient();
  const [, go] = useLocation();
  const action = useAction();
  const send = async () => {
    const sent = await action.run(() => vault.sendDraft(draft.id));
    if (sent === undefined) return;
    setTogether('');
    if (isOurs(draft)) go(paymentPath((sent as { readonly txid: string }).txid), { replace: true });
    else onSent();
  };
  return (
    <div className="grid gap-3">
      <FaultNotice fault={action.fault} />
      <Button kind="primary" onPress={send} isPending={action.busy}>
        {action.busy ? text.sending : text.send}
      </Button>
    </div>
  );
};

/** The one thing to do next: sign, pass on, or send. @source SPEC WB22 */
export const DraftActions = ({ draft, onSent }: { readonly draft: DraftView; readonly onSent: () => void }) => {
  const text = useText().together;
  const complete = draft.missing.length === 0;
  const asked = draft.missing.some(({ own }) => own);
  const save = () => download(`draft-${draft.txid.slice(0, 8)}.json`, draft.text, 'application/json');
  return (
    <div className="grid gap-3">
      {asked && <Sign draft={draft} />}
      {complete && <Send draft={draft} onSent={onSent} />}
      {!asked && !complete && <p className="text-body text-soft text-pretty">{text.notYours}</p>}
      <div className="grid gap-3 sm:grid-cols-2">
        <Button onPress={save} kind={asked || complete ? 'quiet' : 'primary'}>
          {text.save}
        </Button>
        <CopyButton text={draft.text} label={text.copy} />
      </div>
      <Button kind="plain" onPress={() => setTogether('')}>
        {text.close}
      </Button>
    </div>
  );
};
