import { type FormEvent, useState } from 'react';
import { ROUTES } from '../../app/routes.ts';
import { useText } from '../../client/text.ts';
import { useAction } from '../../client/use-action.ts';
import { useClient } from '../../client/use-client.ts';
import { Button } from '../../components/button.tsx';
import { Section } from '../../components/card.tsx';
import { CopyButton } from '../../components/copy-button.tsx';
import { Field } from '../../components/field.tsx';
import { FaultNotice } from '../../components/notice.tsx';
import { Page } from '../../components/page.tsx';
import { PasswordField } from '../../components/password-field.tsx';

const LONGEST_MESSAGE = 10_000;

const Signature = ({ signature }: { readonly signature: string }) => {
  const text = useText().messages;
  return (
    <div role="status" className="grid gap-2">
      <p className="text-small font-bold">{text.signature}</p>
      <p className="rounded-card border border-line bg-paper px-3 py-2 font-mono text-small break-all">{signature}</p>
      <CopyButton text={signature} />
    </div>
  );
};

const Sign = () => {
  const text = useText().messages;
  const { vault } = useClient();
  const [address, setAddress] = useState('');
  const [message, setMessage] = useState('');
  const [password, setPassword] = useState('');
  const [signature, setSignature] = useState<string>();
  const action = useAction();
  const sign = async (event: FormEvent) => {
    event.preventDefault();
    if (action.busy) return;
    setSignature(undefined);
    const signed = await action.run(() => vault.signMessage(address.trim(), message, password));
    setPassword('');
    if (signed !== undefined) setSignature(signed as string);
  };
  return (
    <Section title={text.sign}>
      <form aria-label={text.sign} onSubmit={sign} className="grid gap-3">
        <Field label={text.ownAddress} value={address} onChange={setAddress} mono rows={2} autoComplete="off" />
        <Field label={text.message} value={message} onChange={setMessage} rows={3} maxLength={LONGEST_MESSAGE} autoComplete="off" />
        <PasswordField label={text.password} value={password} onChange={setPassword} />
        <FaultNotice fault={action.fault} />
        <Button type="submit" isPending={action.busy}>
          {action.busy ? text.signing : text.signAction}
        </Button>
        {signature !== undefined && <Signature signature={signature} />}
      </form>
    </Section>
  );
};

const Verify = () => {
  const text = useText().messages;
  const { chain } = useClient();
  const [address, setAddress] = useState('');
  const [message, setMessage] = useState('');
  const [signature, setSignature] = useState('');
  const [right, setRight] = useState(false);
  const action = useAction();
  const verify = async (event: FormEvent) => {
    event.preventDefault();
    setRight(false);
    const verdict = await action.run(() => chain.verifyMessage(address.trim(), message, signature.trim()));
    setRight(verdict === true);
  };
  return (
    <Section title={text.verify}>
      <form aria-label={text.verify} onSubmit={verify} className="grid gap-3">
        <Field label={text.address} value={address} onChange={setAddress} mono rows={2} autoComplete="off" />
        <Field label={text.message} value={message} onChange={setMessage} rows={3} maxLength={LONGEST_MESSAGE} autoComplete="off" />
        <Field label={text.signature} value={signature} onChange={setSignature} mono rows={3} autoComplete="off" />
        <FaultNotice fault={action.fault} />
        <Button type="submit" isPending={action.busy}>
          {text.verifyAction}
        </Button>
        {right && (
          <p role="status" className="text-body font-bold text-accent">
            {text.right}
          </p>
        )}
      </form>
    </Section>
  );
};

/** Texts signed for an address, and the proof of who signed one. @source SPEC MS3, MS4; BIP322 */
export const MessagesScreen = () => {
  const text = useText().messages;
  return (
    <Page title={text.title} lead={text.lead} back={ROUTES.more}>
      <Sign />
      <Verify />
    </Page>
  );
};
