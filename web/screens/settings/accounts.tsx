import { type FormEvent, useState } from 'react';
import type { VaultView } from '#workers/rpc/vault-calls';
import { ROUTES } from '../../app/routes.ts';
import { useText } from '../../client/text.ts';
import { useAction } from '../../client/use-action.ts';
import { chooseAccount, useClient } from '../../client/use-client.ts';
import { Button } from '../../components/button.tsx';
import { Chapter } from '../../components/card.tsx';
import { Field } from '../../components/field.tsx';
import { ButtonLink } from '../../components/link.tsx';
import { FaultNotice } from '../../components/notice.tsx';

const MOST = 40;

const Rename = ({ account, name }: { readonly account: number; readonly name: string }) => {
  const text = useText();
  const { vault } = useClient();
  const [typed, setTyped] = useState(name);
  const action = useAction();
  const save = async (event: FormEvent) => {
    event.preventDefault();
    await action.run(() => vault.renameAccount(account, typed.trim()));
  };
  return (
    <form onSubmit={save} className="grid grid-cols-[1fr_auto] items-end gap-2">
      <Field label={text.account.name('', account)} value={typed} onChange={setTyped} maxLength={MOST} autoComplete="off" />
      <Button type="submit" isPending={action.busy} isDisabled={typed.trim() === name}>
        {text.settings.rename}
      </Button>
      <FaultNotice fault={action.fault} className="col-span-2" />
    </form>
  );
};

const Add = () => {
  const text = useText().settings;
  const { vault } = useClient();
  const [typed, setTyped] = useState('');
  const action = useAction();
  const add = async (event: FormEvent) => {
    event.preventDefault();
    const account = await action.run(() => vault.addAccount(typed.trim()));
    if (account === undefined) return;
    chooseAccount(account as number);
    setTyped('');
  };
  return (
    <form onSubmit={add} className="grid grid-cols-[1fr_auto] items-end gap-2 border-t border-line pt-4">
      <Field label={text.accountNew} value={typed} onChange={setTyped} maxLength={MOST} autoComplete="off" />
      <Button type="submit" isPending={action.busy}>
        {text.accountAdd}
      </Button>
      <FaultNotice fault={action.fault} className="col-span-2" />
    </form>
  );
};

export const Accounts = ({ accounts }: { readonly accounts: VaultView['accounts'] }) => {
  const text = useText().settings;
  return (
    <Chapter title={text.accounts}>
      {accounts.map(({ account, name }) => (
        <Rename key={account} account={account} name={name} />
      ))}
      <Add />
      <ButtonLink to={ROUTES.coins} className="justify-self-start">
        {text.coinsOpen}
      </ButtonLink>
    </Chapter>
  );
};
