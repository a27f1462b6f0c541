import { type FormEvent, useState } from 'react';
import { type Fault, isFault } from '#workers/rpc/fault';
import type { VaultView } from '#workers/rpc/vault-calls';
import { useText } from '../../client/text.ts';
import { useAction } from '../../client/use-action.ts';
import { useClient } from '../../client/use-client.ts';
import { Button } from '../../components/button.tsx';
import { Chapter } from '../../components/card.tsx';
import { Disclosure } from '../../components/disclosure.tsx';
import { Dropdown } from '../../components/dropdown.tsx';
import { Field } from '../../components/field.tsx';
import { FaultNotice } from '../../components/notice.tsx';
import { PasswordField } from '../../components/password-field.tsx';
import { parseAmount, plainAmount } from '../../text/amount-text.ts';
import { NewPasswordFields, useNewPassword } from '../first-run/new-password.tsx';

const MINUTES = [1, 5, 15, 60];

const AutoLock = ({ seconds }: { readonly seconds: number }) => {
  const text = useText().settings;
  const { vault } = useClient();
  const choices = [...new Set([...MINUTES, Math.max(1, Math.round(seconds / 60))])].sort((one, other) => one - other);
  return (
    <Dropdown
      label={text.autoLock}
      value={String(Math.max(1, Math.round(seconds / 60)))}
      onChange={(value) => void vault.setAutoLock(Number(value) * 60)}
      choices={choices.map((count) => ({ id: String(count), name: text.minutes(count) }))}
    />
  );
};

const AskAbove = ({ limit }: { readonly limit: bigint }) => {
  const { settings: text, app } = useText();
  const { vault } = useClient();
  const [typed, setTyped] = useState(plainAmount(limit));
  const [password, setPassword] = useState('');
  const [saved, setSaved] = useState(false);
  const action = useAction();
  const save = async (event: FormEvent) => {
    event.preventDefault();
    const done = await action.run(async (): Promise<true | Fault> => {
      const units = parseAmount(typed);
      if (!isFault(units)) return vault.setAskAbove(units, password);
      return units.fault === 'amount-zero' ? vault.setAskAbove(0n, password) : units;
    });
    setPassword('');
    setSaved(done === true);
  };
  return (
    <form onSubmit={save} className="grid gap-3">
      <Field
        label={`${text.askAbove} (${app.unit})`}
        hint={saved ? text.saved : text.askAboveHint}
        inputMode="decimal"
        value={typed}
        onChange={(value) => {
          setTyped(value);
          setSaved(false);
        }}
      />
      {typed !== plainAmount(limit) && (
        <>
          <PasswordField label={text.current} value={password} onChange={setPassword} />
          <Button type="submit" isPending={action.busy}>
            {app.save}
          </Button>
        </>
      )}
      <FaultNotice fault={action.fault} />
    </form>
  );
};

const ChangePassword = () => {
  const text = useText().settings;
  const { vault } = useClient();
  const [current, setCurrent] = useState('');
  const [done, setDone] = useState(false);
  const fresh = useNewPassword();
  const action = useAction();
  const change = async (event: FormEvent) => {
    event.preventDefault();
    const taken = fresh.take();
    if (taken === undefined || action.busy) return;
    setDone((await action.run(() => vault.changePassword(current, taken))) === true);
  };
  return (
    <Disclosure title={text.change}>
      <form onSubmit={change} className="grid gap-3">
        <PasswordField label={text.current} value={current} onChange={setCurrent} />
        <NewPasswordFields password={fresh} />
        <FaultNotice fault={action.fault} />
        <p role="status" className="text-body font-bold text-accent empty:hidden">
          {done ? text.changed : ''}
        </p>
        <Button type="submit" isPending={action.busy}>
          {text.change}
        </Button>
      </form>
    </Disclosure>
  );
};

export const Security = ({ vault }: { readonly vault: VaultView }) => (
  <Chapter title={useText().settings.security}>
    <AutoLock seconds={vault.autoLock} />
    <AskAbove key={vault.askAbove.toString()} limit={vault.askAbove} />
    <ChangePassword />
  </Chapter>
);
